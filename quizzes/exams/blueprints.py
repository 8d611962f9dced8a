"""What an exam is made of, as a file says it. Pure: the same input gives the same exam on every machine.

fixtures/exams/<slug>.yaml

slug: full                    # the file's name
title_ko: 모의고사
title_en: Mock exam
minutes: 60
release: close                # when marks are shown: "submit", or "close" (of the sitting; the default)
written:                      # sections, asked in this order
  - topics: [tensor, loss]    # none: all topics
    difficulty: [1, 2]        # none: all
    kinds: [single_choice]    # none: all
    count: 4
    points: 2                 # each
practical:
  - exercises: [softmax-stable, cross-entropy]
    count: 1                  # of these, drawn for the sitting
    points: 15                # each
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ..selection import Candidate

FIELDS = {"slug", "title_ko", "title_en", "minutes", "release", "written", "practical"}
WRITTEN_FIELDS = {"topics", "difficulty", "kinds", "count", "points"}
PRACTICAL_FIELDS = {"exercises", "count", "points"}
RELEASES = ("submit", "close")
MAX_MINUTES, MAX_QUESTIONS = 600, 200


class ShortageError(Exception):
    """A section asks for more questions than there are: `section` counts from 1, `there` are left for it."""

    def __init__(self, section: int, wanted: int, there: int) -> None:
        super().__init__(f"section {section} needs {wanted} questions; the bank has {there} for it")
        self.section, self.wanted, self.there = section, wanted, there


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen question or exercise, `points` for it."""

    of: Any
    points: float


def check(data: Any, topics: Collection[str], kinds: Collection[str]) -> list[str]:
    """Every reason why `data` is no blueprint, a sentence each."""
    if not isinstance(data, dict):
        return ["a blueprint is a mapping that begins with slug"]
    problems = [f"{name}: no such field" for name in data if name not in FIELDS]
    problems += [
        f"{name}: a text is missing"
        for name in ("slug", "title_ko", "title_en")
        if not _is_text(data.get(name))
    ]
    if not _is_count(data.get("minutes"), MAX_MINUTES):
        problems.append(f"minutes: must be a whole number from 1 to {MAX_MINUTES}")
    if data.get("release", "close") not in RELEASES:
        problems.append(f"release: must be {' or '.join(RELEASES)}")
    written, practical = data.get("written", []), data.get("practical", [])
    if not isinstance(written, list) or not isinstance(practical, list) or not written + practical:
        return [*problems, "written, practical: lists of sections, at least one section in all"]
    for place, section in enumerate(written, start=1):
        problems += _check_section(f"written.{place}", section, WRITTEN_FIELDS)
        if isinstance(section, dict):
            problems += _check_written(f"written.{place}", section, topics, kinds)
    for place, section in enumerate(practical, start=1):
        problems += _check_section(f"practical.{place}", section, PRACTICAL_FIELDS)
        if (
            isinstance(section, dict)
            and not problems
            and len(section.get("exercises", [])) < section["count"]
        ):
            problems.append(f"practical.{place}.exercises: fewer than count")
    return problems


def _check_section(name: str, section: Any, known: set[str]) -> list[str]:
    if not isinstance(section, dict):
        return [f"{name}: a section is a mapping"]
    problems = [f"{name}.{field}: no such field" for field in section if field not in known]
    for field in ("topics", "difficulty", "kinds", "exercises"):
        if not isinstance(section.get(field, []), list):
            problems.append(f"{name}.{field}: must be a list")
    if not _is_count(section.get("count"), MAX_QUESTIONS):
        problems.append(f"{name}.count: must be a whole number from 1 to {MAX_QUESTIONS}")
    points = section.get("points")
    if not isinstance(points, int | float) or isinstance(points, bool) or not 0 < points < 1000:
        problems.append(f"{name}.points: must be a number above 0")
    return problems


def _check_written(name: str, section: dict, topics: Collection[str], kinds: Collection[str]) -> list[str]:
    allowed = {"topics": topics, "kinds": kinds, "difficulty": (1, 2, 3)}
    return [
        f"{name}.{field}: there is no {value!r}"
        for field, values in allowed.items()
        for value in _list(section, field)
        if value not in values
    ]


def _list(section: dict, field: str) -> list:
    value = section.get(field, [])
    return value if isinstance(value, list) else [value]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def draw_questions(
    body: Mapping[str, Any], candidates: Collection[Candidate], used: Collection[int], seed: str
) -> list[Pick]:
    """The questions of a sitting, section by section. Raises ShortageError.

    Topics take turns within a section; what earlier sittings asked (`used`: question ids) comes last.
    """
    chosen: list[Pick] = []
    taken: set[int] = set()
    for number, section in enumerate(body.get("written", []), start=1):
        fitting = [each for each in candidates if each.id not in taken and _fits(each, section)]
        if len(fitting) < section["count"]:
            raise ShortageError(number, section["count"], len(fitting))
        picked = _in_turns(fitting, used, f"{seed}/{number}")[: section["count"]]
        taken |= {each.id for each in picked}
        chosen += [Pick(each, section["points"]) for each in picked]
    return chosen


def _fits(candidate: Candidate, section: Mapping[str, Any]) -> bool:
    values = {"topics": candidate.topic, "difficulty": candidate.difficulty, "kinds": candidate.kind}
    return all(not section.get(field) or value in section[field] for field, value in values.items())


def _in_turns(candidates: list[Candidate], used: Collection[int], seed: str) -> list[Candidate]:
    shuffled = sorted(candidates, key=lambda each: each.slug)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - repeatable on purpose
    turns: dict[str, int] = {}
    ranked = []
    for each in sorted(shuffled, key=lambda each: each.id in used):
        turns[each.topic] = turns.get(each.topic, 0) + 1
        ranked.append(((each.id in used, turns[each.topic]), each))
    return [each for _, each in sorted(ranked, key=lambda pair: pair[0])]


def draw_exercises(body: Mapping[str, Any], seed: str) -> list[Pick]:
    """The exercises of a sitting's practical part, by slug; none comes twice."""
    chosen: dict[str, Pick] = {}
    for number, section in enumerate(body.get("practical", []), start=1):
        left = [slug for slug in section["exercises"] if slug not in chosen]
        random.Random(f"{seed}/practical/{number}").shuffle(left)  # noqa: S311 - repeatable on purpose
        chosen |= {slug: Pick(slug, section["points"]) for slug in left[: section["count"]]}
    return list(chosen.values())
