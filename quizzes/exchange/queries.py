"""What the pages of the exchange show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes import kinds
from quizzes.formats import Entry
from quizzes.models import Question, QuestionImport

KIND_TITLES = {
    "single_choice": gettext_lazy("one choice"),
    "multiple_choice": gettext_lazy("several choices"),
    "true_false": gettext_lazy("true or false"),
    "numeric": gettext_lazy("number"),
    "short_text": gettext_lazy("short answer"),
    "ordering": gettext_lazy("ordering"),
    "matching": gettext_lazy("matching"),
    "fill_in_code": gettext_lazy("code with gaps"),
    "predict_output": gettext_lazy("output of code"),
    "parametrised": gettext_lazy("own numbers"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question of an import as a person reads it."""

    name: str
    is_taken: bool
    kind: str
    stem: str
    right: str
    notes: list[str]


def bank_entries(topic: str = "") -> list[Entry]:
    """Every question that is asked, of one topic or of all, as it would stand in a file."""
    rows = Question.objects.filter(is_active=True, current__isnull=False).select_related("current", "topic")
    if topic:
        rows = rows.filter(topic__slug=topic)
    return [_entry(row) for row in rows]


def _entry(row: Question) -> Entry:
    version = row.current
    assert version is not None
    outer: dict[str, Any] = {"slug": row.slug, "kind": version.kind, "difficulty": version.difficulty}
    return outer | ({"pages": version.source_pages} if version.source_pages else {}) | version.body


def lines_of(found: QuestionImport, language: str) -> Iterable[Line]:
    """The questions of an import in the file's order."""
    for reading in found.readings:
        entry = reading["entry"]
        stem = right = kind = ""
        if entry:
            module = kinds.find(entry["kind"])
            stem = module.present(entry, 0, language).stem
            right = module.explain(entry, None, 0, language).right
            kind = str(KIND_TITLES.get(entry["kind"], entry["kind"]))
        notes = [_(note["message"]) % note["params"] for note in reading["notes"]]
        yield Line(reading["name"], entry is not None, kind, stem, right, notes)
