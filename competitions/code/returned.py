"""What `predict` returned -> the bytes of a file of predictions, which is then checked as an uploaded one is.

`predict` has seen the held-out rows, and what it returns may hold them: so nothing of it is ever quoted to the student.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import torch

from competitions.code.competition import CodeCompetition
from competitions.predictions import files
from competitions.predictions.tables import ids_of
from sandbox.contract import Text

SCALARS = (bool, int, float, str)


class UnusableError(Exception):
    """No predictions; `message` says why, and what was expected."""

    def __init__(self, competition: CodeCompetition, korean: str, english: str) -> None:
        rows, columns = len(ids_of(competition).names), ", ".join(competition.required_columns)
        self.message = Text(
            f"{korean} predict는 test의 행 순서대로 예측 {rows:,}개(리스트, 배열, 텐서)나, {columns} 열이 있는 DataFrame을 돌려주어야 합니다.",
            f"{english} predict must return {rows:,} predictions in the order of the test rows (a list, an array, a tensor), or a "
            f"DataFrame with the columns {columns}.",
        )
        super().__init__(self.message.en)


def to_file(value: Any, competition: CodeCompetition) -> bytes:
    """`value`, as it came over the wire, as a valid submission. Raises UnusableError."""
    data = _bytes(value, competition)
    if not files.check(data, competition).is_valid:
        raise UnusableError(
            competition,
            "예측값에 NaN이나 쓸 수 없는 값이 있거나, id가 맞지 않습니다.",
            "Some predictions are NaN or cannot be used, or the ids do not fit.",
        )
    return data


def _bytes(value: Any, competition: CodeCompetition) -> bytes:
    if isinstance(value, torch.Tensor):
        value = (value.float() if value.dtype in (torch.bfloat16, torch.float16) else value).numpy()
    if isinstance(value, np.ndarray):
        return _from_array(value, competition)
    if type(value) in (list, tuple):
        return _from_list(value, competition)
    if hasattr(value, "columns"):
        return _from_frame(value, competition)
    raise UnusableError(competition, "돌려준 값이 예측이 아닙니다.", "What came back is no predictions.")


def _refuse_rows(rows: int, competition: CodeCompetition) -> None:
    if rows != len(ids_of(competition).names):
        raise UnusableError(
            competition,
            "예측의 수가 test의 행 수와 다릅니다.",
            "The number of predictions is not that of the test rows.",
        )


def _from_array(value: np.ndarray, competition: CodeCompetition) -> bytes:
    _refuse_rows(len(value) if value.ndim else 1, competition)
    width = len(competition.predicted_columns)
    if value.shape[1:] not in ([(width,)] if width > 1 else [(), (1,)]):
        raise UnusableError(
            competition, "예측의 모양(shape)이 다릅니다.", "The predictions have another shape."
        )
    buffer = io.BytesIO()
    np.save(buffer, value, allow_pickle=False)
    return buffer.getvalue()


def _from_list(value: Any, competition: CodeCompetition) -> bytes:
    ids = ids_of(competition).names
    _refuse_rows(len(value), competition)
    width = len(competition.predicted_columns)
    rows = [[row] if type(row) in SCALARS else row for row in map(_plain, value)]
    if not all(
        type(row) in (list, tuple) and len(row) == width and all(type(cell) in SCALARS for cell in row)
        for row in rows
    ):
        raise UnusableError(competition, "예측 하나의 모양이 다릅니다.", "One prediction has another shape.")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(competition.required_columns)
    writer.writerows([name, *row] for name, row in zip(ids, rows, strict=True))
    return text.getvalue().encode()


def _plain(value: Any) -> Any:
    """A tensor or an array of one prediction as a number or a list."""
    small = isinstance(value, (torch.Tensor, np.ndarray)) and value.ndim <= 1
    return value.tolist() if small else value


def _from_frame(value: Any, competition: CodeCompetition) -> bytes:
    missing = [name for name in competition.required_columns if name not in value.columns]
    if missing:
        listed = ", ".join(missing)
        raise UnusableError(
            competition, f"DataFrame에 {listed} 열이 없습니다.", f"The DataFrame lacks the columns {listed}."
        )
    _refuse_rows(len(value), competition)
    return value[list(competition.required_columns)].to_csv(index=False).encode()
