"""What a judge said of one exercise submission, as other apps may hear it: only what its student may see.

`settings.JUDGED_LISTENERS` names functions `listener(judged: JudgedExercise) -> None`. They are called in the
transaction that records the verdict, each in a savepoint of its own: a listener that fails is logged and takes
nothing from the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgedTest:
    """A test that ran. The hint is the sentence on the student's own result page."""

    name: str
    passed: bool
    visible: bool
    title_ko: str
    title_en: str
    hint_ko: str = ""
    hint_en: str = ""


@dataclass(frozen=True, slots=True)
class JudgedExercise:
    """`submission_id` grows with time; the same one comes again when it is judged again."""

    submission_id: int
    user_id: int
    round_id: int
    slug: str
    title_ko: str
    title_en: str
    topic_id: int | None
    url: str
    tests: tuple[JudgedTest, ...]
