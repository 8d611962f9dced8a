"""The judge: package + source -> Report, in a jail. Plain Python; imports nothing of the site.

    with Judge() as judge:
        report = judge.run(find("tensor-standardize"), Source("answer.py", data))

    for outcome in evaluate([Listing("answer = 1 + 1")]):
        outcome.answers

`Judge`, `verify`, `evaluate` and `Listing` import torch, and do so only when they are asked for.
"""

from __future__ import annotations

from typing import Any

from sandbox.contract import Limits, Report, Source, TestResult, Text, Verdict

__all__ = ["Judge", "Limits", "Listing", "Report", "Source", "TestResult", "Text", "Verdict", "evaluate", "verify"]


def __getattr__(name: str) -> Any:
    if name == "Judge":
        from sandbox.judge import Judge

        return Judge
    if name == "verify":
        from sandbox.proof import verify

        return verify
    if name in ("Listing", "evaluate"):
        from sandbox import listings

        return getattr(listings, name)
    raise AttributeError(name)
