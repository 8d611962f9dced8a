"""Statements that are wrong beyond doubt, hidden among those of an answer to see whether a model still judges.

They sound like the subject, so that "all statements about neural networks are right" catches them too. Which one it is, its
number and its place come from a secret: who reads this file still cannot name the decoy of an answer.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence

THINGS = (
    "A tensor",
    "The learning rate",
    "An optimizer",
    "A gradient",
    "The loss",
    "An embedding",
    "A layer",
    "A batch",
)
CLAIMS = (
    "weighs {number} kilograms",
    "was forbidden by law in the village of Haren for {number} days",
    "is stored on {number} metres of magnetic tape",
    "has to be watered {number} times a month",
    "costs {number} coins at the harbour",
)
THINGS_KO = ("텐서는", "학습률은", "옵티마이저는", "기울기는", "손실은", "임베딩은", "층은", "배치는")
CLAIMS_KO = (
    "무게가 {number}킬로그램이다",
    "바닷가 마을에서 {number}일 동안 법으로 금지되었다",
    "자기 테이프 {number}미터에 저장된다",
    "한 달에 {number}번 물을 주어야 한다",
    "항구에서 동전 {number}개에 팔린다",
)


def decoy_for(secret: bytes, question: str, answer: Sequence[str]) -> tuple[int, str]:
    """(place among the statements of `answer`, text) of its decoy: the same each time, in the language of the answer."""
    digest = hmac.digest(secret, json.dumps([question, *answer]).encode(), "sha256")
    is_korean = any("가" <= character <= "힣" for statement in answer for character in statement)
    things, claims = (THINGS_KO, CLAIMS_KO) if is_korean else (THINGS, CLAIMS)
    number = 100 + int.from_bytes(digest[4:6], "big") % 9000
    claim = claims[digest[1] % len(claims)].format(number=number)
    return digest[0] % (len(answer) + 1), f"{things[digest[2] % len(things)]} {claim}."
