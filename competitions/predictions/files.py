"""A student's file of predictions, of whatever format: what counts is what is in it, not its name.

CSV is matched by id; .npy and .safetensors by the order of sample_submission.csv. A pickle, and with it .pt and .pkl, is
never opened: loading one runs code.
"""

from __future__ import annotations

from typing import BinaryIO

from competitions.arrays import recognise
from competitions.predictions.array_file import read_npy, read_safetensors
from competitions.predictions.checked import Checked, RefusedError
from competitions.predictions.competition import PredictionsCompetition
from competitions.predictions.csv import read_csv
from competitions.predictions.messages import say

MAX_BYTES = 20 * 1024 * 1024
_READERS = {"npy": read_npy, "safetensors": read_safetensors, "other": read_csv}


def check(data: bytes | BinaryIO, competition: PredictionsCompetition) -> Checked:
    """Read a student's file of at most MAX_BYTES. Never raises because of what is in it."""
    if not isinstance(data, bytes):
        data = data.read(MAX_BYTES + 1)
    try:
        if len(data) > MAX_BYTES:
            columns = ", ".join(competition.required_columns[:8])
            raise RefusedError(say("too_large", limit=MAX_BYTES // 1024**2, columns=columns))
        found = recognise(data)
        if found not in _READERS:
            raise RefusedError(say(found))
        return _READERS[found](data, competition)
    except RefusedError as refused:
        return Checked(errors=(refused.error,), count=1)
