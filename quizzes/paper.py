"""A quiz as one student reads it, before and after it is marked, and the form that comes back.

Before marking only `Presented` leaves this module: neither key nor explanation is within a template's reach.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import get_language, gettext, gettext_lazy

from courses.models import Topic

from . import actions, kinds, marking, queries
from .models import Answer, Attempt, QuizItem
from .regrades import queries as regrades

PAUSED = gettext_lazy("The exam is paused. Please save this answer when it goes on.")
OTHER_WINDOW = gettext_lazy("Another window saved this answer later. Please check it.")


@dataclass(frozen=True, slots=True)
class Line:
    """One question on the sheet; `raw` is what its field holds."""

    item_id: int
    number: int
    kind: str
    topic: Topic
    presented: kinds.Presented
    raw: str
    revision: int
    notice: str = ""
    is_refused: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether nothing is left open: an answer of several parts needs each of them."""
        is_whole = self.presented.parts == 1 or all(line.strip() for line in self.fields)
        return bool(self.raw.strip()) and is_whole and not self.is_refused

    @property
    def fields(self) -> list[str]:
        """What each field of an answer of several parts holds."""
        lines = self.raw.split("\n")
        return lines + [""] * (self.presented.parts - len(lines))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each left of a matching with what its field holds."""
        return list(zip(self.presented.lefts, self.fields, strict=False))

    @property
    def template(self) -> str:
        return f"quizzes/kinds/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One question with its mark; `explained` holds the right answer and why, `notes` how a regrade moved the mark."""

    item: QuizItem
    answer: Answer
    stem: str
    explained: kinds.Explained
    notes: list[regrades.Note] = field(default_factory=list)

    @property
    def template(self) -> str:
        return f"quizzes/kinds/{self.item.version.kind}_result.html"


@dataclass(slots=True)
class Posted:
    """What became of a posted form: item id -> the text that was refused or overtaken, and why."""

    raw: dict[int, str] = field(default_factory=dict)
    notices: dict[int, str] = field(default_factory=dict)


def read_paper(attempt: Attempt, posted: Posted | None = None) -> list[Line]:
    """The sheet of an open attempt, with what is saved; refused text stays in its field."""
    posted = posted or Posted()
    language = get_language() or "ko"
    answers = queries.answers_of(attempt)
    lines = []
    for item in queries.items_of(attempt.quiz):
        kind = kinds.find(item.version.kind)
        answer = answers.get(item.pk)
        lines.append(
            Line(
                item_id=item.pk,
                number=item.position,
                kind=item.version.kind,
                topic=item.question.topic,
                presented=kind.present(item.version.body, attempt.item_seed(item), language),
                raw=posted.raw.get(item.pk, kind.show(answer.value if answer else None)),
                revision=answer.revision if answer else 0,
                notice=posted.notices.get(item.pk, ""),
                is_refused=item.pk in posted.raw,
            )
        )
    return lines


def read_result(attempt: Attempt) -> list[ResultLine]:
    """The marked sheet of a submitted attempt."""
    language = get_language() or "ko"
    answers = queries.answers_of(attempt)
    items = queries.items_of(attempt.quiz)
    notes = regrades.notes_on_result(attempt, items)
    lines = []
    for item in items:
        answer = answers[item.pk]
        kind = kinds.find(item.version.kind)
        seed = attempt.item_seed(item)
        stem = kind.present(item.version.body, seed, language).stem
        explained = marking.explain(item.version.kind, item.version.body, answer.value, seed, language)
        lines.append(ResultLine(item, answer, stem, explained, notes.get(item.pk, [])))
    return lines


def save_posted(attempt: Attempt, data: QueryDict) -> Posted:
    """Saves every answer of a posted form; raises actions.QuizClosedError. This is the way without JavaScript.

    An answer of several parts comes as several fields of one name. A field that this window left empty is not an
    answer; one that it emptied is.
    """
    posted = Posted()
    for item in queries.items_of(attempt.quiz):
        fields = data.getlist(f"answer-{item.pk}")
        raw = "\n".join(fields)
        known = read_revision(data.get(f"revision-{item.pk}"))
        if not fields or (not raw.strip() and known == 0):
            continue
        try:
            actions.save_answer(attempt, item, raw, known + 1)
        except kinds.RefusedError as refused:
            posted.raw[item.pk] = raw
            posted.notices[item.pk] = explain_refusal(refused)
        except actions.PausedError:
            posted.raw[item.pk] = raw
            posted.notices[item.pk] = str(PAUSED)
        except actions.ConflictError:
            posted.notices[item.pk] = str(OTHER_WINDOW)
    return posted


def read_revision(text: str | None) -> int:
    """The revision that a window says it knows; 0 for none, or for what is no number."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def explain_refusal(refused: kinds.RefusedError) -> str:
    """The sentence in the reader's language."""
    message = gettext(refused.message)
    return message % refused.params if refused.params else message
