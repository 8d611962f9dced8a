"""The judge: package + source -> Report, in a jail. Plain Python; imports nothing of the site.

    with Judge() as judge:
        report = judge.run(find("tensor-standardize"), Source("answer.py", data))

`Judge` and `verify` import torch, and do so only when they are asked for.
"""

from __future__ import annotations

from typing import Any

from sandbox.contract import Limits, Report, Source, TestResult, Text, Verdict

__all__ = ["Judge", "Limits", "Report", "Source", "TestResult", "Text", "Verdict", "verify"]


def __getattr__(name: str) -> Any:
    if name == "Judge":
        from sandbox.judge import Judge

        return Judge
    if name == "verify":
        from sandbox.proof import verify

        return verify
    raise AttributeError(name)
