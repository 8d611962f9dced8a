"""GIFT, Moodle's text format (docs.moodle.org/en/GIFT_format)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from . import gift_reading, prose
from .completing import is_filler
from .contract import Entry
from .keepsake import keep

TITLE = "GIFT"
SUFFIX = ".gift.txt"
MIME = "text/plain"
KINDS = frozenset({"single_choice", "multiple_choice", "true_false", "numeric", "short_text", "matching"})
read = gift_reading.read
_SPECIAL = re.compile(r"([~=#{}:\\])")


def write(entries: Sequence[Entry], language: str) -> bytes:
    """A file of UTF-8. `entries` are of `KINDS`."""
    return "\n".join(_question(entry, language) for entry in entries).encode()


def _question(entry: Entry, language: str) -> str:
    stem = _rich(prose.texts_of(entry, "stem"), language)
    general = _rich(prose.texts_of(entry, "explanation"), language)
    answers = WRITERS[entry["kind"]](entry, language)
    end = f"####{general}\n" if general else ""
    text = f"::{_escape(entry['slug'])}::[html]{stem} {{{answers}{end}}}"
    found = gift_reading.read_block(text)
    # One line: a keepsake's JSON holds no raw line break.
    return f"{gift_reading.KEEPSAKE}{keep(entry, found.entry if found else None)}\n{text}\n"


def _escape(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text).replace("\r\n", "\n").replace("\n", "\\n")
    return escaped.replace("->", "-&gt;") if "->" in escaped else escaped


def _rich(texts: prose.Texts, language: str) -> str:
    return "" if is_filler(texts) or not texts else _escape(prose.to_html(texts, language))


def _feedback(texts: prose.Texts, language: str) -> str:
    text = _rich(texts, language)
    return f"#{text}" if text else ""


def _choices(entry: Entry, language: str) -> str:
    is_single = entry["kind"] == "single_choice"
    keys = [entry["key"]] if is_single else entry["keys"]
    share = f"{100 / len(keys):.5f}".rstrip("0").rstrip(".")
    lines = []
    for choice in entry["choices"]:
        is_right = choice["id"] in keys
        sign = ("=" if is_right else "~") if is_single else f"~%{'' if is_right else '-'}{share}%"
        text = _rich(prose.texts_of(choice, "text"), language)
        lines.append(f"{sign}{text}{_feedback(prose.texts_of(choice, 'why'), language)}\n")
    return "\n" + "".join(lines)


def _true_false(entry: Entry, language: str) -> str:
    """The first feedback is for the wrong answer."""
    return f"{'TRUE' if entry['key'] else 'FALSE'}{_feedback(prose.texts_of(entry, 'why'), language)}\n"


def _numeric(entry: Entry, language: str) -> str:
    tolerance = entry.get("tolerance", {})
    width = max(tolerance.get("absolute", 0), tolerance.get("relative", 0) * abs(entry["key"]))
    lines = [f"={entry['key']!r}:{width!r}\n"]
    for mistake in entry.get("mistakes", []):
        why = _feedback(prose.texts_of(mistake, "why"), language)
        lines.append(f"=%0%{mistake['value']!r}:0{why}\n")
    return "#\n" + "".join(lines)


def _short_text(entry: Entry, language: str) -> str:
    lines = [f"=%100%{_literal(answer)}\n" for answer in entry["answers"]]
    for mistake in entry.get("mistakes", []):
        why = _feedback(prose.texts_of(mistake, "why"), language)
        lines.append(f"=%0%{_literal(mistake['text'])}{why}\n")
    return "\n" + "".join(lines)


def _literal(text: str) -> str:
    """An asterisk stands for any letters in Moodle, one behind a backslash for itself."""
    return _escape(text.replace("*", "\\*"))


def _matching(entry: Entry, language: str) -> str:
    lines = []
    for pair in entry["pairs"]:
        right = _escape(prose.to_plain(prose.texts_of(pair, "right"), language))
        lines.append(f"={_rich(prose.texts_of(pair, 'left'), language)} -> {right}\n")
    for more in entry.get("distractors", []):
        lines.append(f"= -> {_escape(prose.to_plain(prose.texts_of(more, 'text'), language))}\n")
    return "\n" + "".join(lines)


WRITERS: dict[str, Callable[[Entry, str], str]] = {
    "single_choice": _choices,
    "multiple_choice": _choices,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
}
