"""Marks, and keys that were corrected after they had marked somebody. Plain Python.

A corrected body is the old one with another key, and may hold two fields that no file has:

accepted: [raw answer, ...]   # each is as right as the key
is_void: true                 # everybody has full marks, also who gave no answer

What a student reads before marking is the same in both, so an answer given to the one can be marked by the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import kinds
from .kinds.base import NO_ANSWER, gettext_noop
from .kinds.numbers import tolerance_problems

ACCEPTED, VOID = "accepted", "is_void"
RULES = ("key", "accept", "tolerance", "void")
WITH_TOLERANCE = ("numeric", "parametrised")


@dataclass(frozen=True, slots=True)
class Change:
    """What an instructor corrects: by which of RULES, and for it the raw answers, or the tolerance.

    `texts` replaces explanation_ko and explanation_en, which argue for the old key.
    """

    rule: str
    raws: tuple[str, ...] = ()
    tolerance: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def mark(kind: str, body: kinds.Body, value: kinds.Value | None, seed: int) -> kinds.Marked:
    """The best of the marks that the key and each further accepted answer give."""
    if body.get(VOID):
        return kinds.Marked(1.0)
    return max(
        (kinds.find(kind).mark(each, value, seed) for each in _keyed(kind, body)),
        key=lambda marked: marked.fraction,
    )


def explain(
    kind: str, body: kinds.Body, value: kinds.Value | None, seed: int, language: str
) -> kinds.Explained:
    """By the key, or by the accepted answer that marks this value best."""
    found = kinds.find(kind)
    best = max(_keyed(kind, body), key=lambda each: found.mark(each, value, seed).fraction)
    return found.explain(best, value, seed, language)


def _keyed(kind: str, body: kinds.Body) -> Iterator[kinds.Body]:
    """The body with its own key, then with each accepted answer in its place."""
    yield body
    for raw in body.get(ACCEPTED, ()):
        yield kinds.find(kind).rekey(body, raw)


def correct(kind: str, body: kinds.Body, change: Change) -> kinds.Body:
    """The corrected body; raises kinds.RefusedError for a change that cannot be made or that changes nothing."""
    changed = _CHANGES[change.rule](kind, body, change)
    changed |= {
        name: text for name, text in change.texts.items() if name in ("explanation_ko", "explanation_en")
    }
    if {**changed, **_explanations(body)} == body:
        raise kinds.RefusedError(gettext_noop("This changes nothing: it is marked like that already."))
    return changed


def _explanations(body: kinds.Body) -> dict[str, Any]:
    return {name: body[name] for name in ("explanation_ko", "explanation_en") if name in body}


def _change_key(kind: str, body: kinds.Body, change: Change) -> kinds.Body:
    """Another key takes the place of all that was right before."""
    if len(change.raws) > 1:
        raise kinds.RefusedError(
            gettext_noop("Only one answer can be the key. To let several count, accept them too.")
        )
    plain = {name: value for name, value in body.items() if name not in (ACCEPTED, VOID)}
    return kinds.find(kind).rekey(plain, change.raws[0] if change.raws else "")


def _change_accepted(kind: str, body: kinds.Body, change: Change) -> kinds.Body:
    known = list(body.get(ACCEPTED, ()))
    for raw in change.raws:
        kinds.find(kind).rekey(body, raw)  # refuses what cannot be a key
        if not _is_right_already(kind, body, raw) and raw not in known:
            known.append(raw)
    if not any(raw.strip() for raw in change.raws):
        raise kinds.RefusedError(NO_ANSWER)
    return body | ({ACCEPTED: known} if known else {})


def _is_right_already(kind: str, body: kinds.Body, raw: str) -> bool:
    if kind == "parametrised":  # an expression, which is no answer
        return raw.strip() == str(body["key"])
    return mark(kind, body, kinds.find(kind).parse(body, raw), 0).correct


def _change_tolerance(kind: str, body: kinds.Body, change: Change) -> kinds.Body:
    if kind not in WITH_TOLERANCE:
        raise kinds.RefusedError(gettext_noop("This kind of question has no tolerance."))
    changed = body | {"tolerance": change.tolerance}
    if not change.tolerance or tolerance_problems(changed):
        raise kinds.RefusedError(gettext_noop("A tolerance is a number, 0 or more."))
    return changed


def _change_void(kind: str, body: kinds.Body, change: Change) -> kinds.Body:
    return body | {VOID: True}


_CHANGES = {
    "key": _change_key,
    "accept": _change_accepted,
    "tolerance": _change_tolerance,
    "void": _change_void,
}
