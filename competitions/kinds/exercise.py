"""An exercise: code judged by hidden tests in the sandbox."""

from __future__ import annotations

from competitions.conf import MEGABYTE
from competitions.kinds.outcome import Outcome
from sandbox import packages
from sandbox.contract import Source, Text, Verdict

MAX_BYTES = 5 * MEGABYTE
SUFFIXES = (".py", ".ipynb")
NEEDS_JAIL = True

# Formats that are often sent by mistake, by their first bytes.
MISTAKEN = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP",
    b"\x89PNG": "PNG",
    b"\x80\x02": "pickle",
}


def check(challenge, source: Source) -> Text | None:
    """Only what is seen without parsing: reading hostile Python or JSON is the jail's work, not the web process's."""
    if not source.name.lower().endswith(SUFFIXES):
        return Text(
            ko=".py 또는 .ipynb 파일만 제출할 수 있습니다.",
            en="Only .py and .ipynb files can be submitted.",
        )
    if not source.data.strip():
        return Text(ko="파일이 비어 있습니다.", en="The file is empty.")
    for magic, name in MISTAKEN.items():
        if source.data.startswith(magic):
            return Text(
                ko=f"파이썬 코드가 아니라 {name} 파일입니다. .py 또는 .ipynb 파일을 제출하세요.",
                en=f"This is a {name} file and not Python code. Submit a .py or .ipynb file.",
            )
    if source.name.lower().endswith(".py") and b"\x00" in source.data:
        return Text(
            ko="텍스트 파일이 아닙니다. 코드를 UTF-8로 저장하세요.",
            en="This is not a text file. Save the code as UTF-8.",
        )
    return None


def judge(challenge, source: Source, tools) -> Outcome:
    """Runs the hidden tests. An invalid file is not scored: it costs no try and gives no 0."""
    report = tools.judge.run(packages.load_package(challenge.path), source, on_progress=tools.report_progress)
    scored = report.verdict.is_final and report.verdict is not Verdict.INVALID
    return Outcome(report, score=report.score if scored else None)
