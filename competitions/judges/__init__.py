"""Who compares an answer with its reference: statements are extracted from both and compared.

    words.py     sentences, words and their weights, English and Korean
    offline.py   OfflineJudge: by shared words; needs no network, the default
    remote.py    RemoteJudge: any endpoint that speaks OpenAI's protocol
    decoys.py    what shows that a model was talked into its verdicts
    http.py      that protocol: retries, limits, no redirects
    store.py     what was answered before, and how many calls a day may make

A judge says which statements are supported, never a score: that is computed by metrics/answer_correctness.py. An answer
is data to a judge; nothing that is written in it is an instruction.

Pure: no Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sandbox.contract import Text


@dataclass(frozen=True, slots=True)
class Counts:
    """`tp`, `fp`: statements of the answer that the reference supports, and that it does not; `fn`: statements of the
    reference that the answer lacks."""

    tp: int
    fp: int
    fn: int


class JudgeError(Exception):
    """No judgement could be had: never the student's fault. `message` is for people, without keys or addresses."""

    def __init__(self, message: Text, detail: str = "") -> None:
        super().__init__(detail or message.en)
        self.message = message


class Judge(Protocol):
    at_once: int
    """How many questions it may be asked at the same time, by threads."""

    @property
    def title(self) -> Text:
        """What is shown beside each score that this judge gave."""

    def extract(self, question: str, text: str) -> list[str]:
        """The statements that `text` makes, in its own words."""

    def compare(self, question: str, reference: Sequence[str], answer: Sequence[str]) -> Counts:
        """Both as statements."""

    def similarity(self, reference: str, answer: str) -> float:
        """Cosine of the embeddings of two texts; -1 to 1."""
