"""Question files -> rows, idempotent by slug."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from courses.models import CourseRound, Topic

from . import actions
from .files import ContentError, QuestionFile, read_questions
from .marking import VOID
from .models import Question, QuestionVersion, Quiz


def load_questions(root: Path | None = None) -> dict[str, int]:
    """Brings the bank to what the files say; raises ContentError and writes nothing when one is wrong.

    A question that reads differently gets a new version: quizzes that are out keep the old one. A question
    whose file is gone is no longer asked. Returns how many were new, changed, removed and unchanged.

    A key that was corrected on the site stays for as long as its file says what it said then; the first change of
    the file is the truth again, and brings back a question that was taken out as void.
    """
    questions = read_questions(root or Path(settings.FIXTURES_DIR) / "questions")
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    unknown = [
        f"{each.path}:{each.line}: {each.slug}: there is no topic {each.topic}: a topic's slug names the folder"
        for each in questions
        if each.topic not in topics
    ]
    if unknown:
        raise ContentError(unknown)
    counts = {"new": 0, "changed": 0, "removed": 0, "unchanged": 0}
    with transaction.atomic():
        rows = {row.slug: row for row in Question.objects.select_related("current__corrects")}
        for each in questions:
            counts[put_question(each, topics[each.topic], rows.get(each.slug))] += 1
        gone = Question.objects.filter(is_active=True).exclude(source_path="")
        counts["removed"] = gone.exclude(slug__in=[each.slug for each in questions]).update(
            is_active=False, source_path=""
        )
    return counts


def put_question(source: QuestionFile, topic: Topic, row: Question | None) -> str:
    """Writes one question, within the caller's transaction; says which count it belongs to."""
    # A correction counts for as long as the file says what it said when that was made.
    is_new_text = not (row and row.current and source.content_hash in row.current.hashes())
    if row and not is_new_text and (row.topic_id, row.source_path) == (topic.pk, source.path):
        return "unchanged"
    question = row or Question(slug=source.slug)
    if not question.source_path:
        question.is_active = True  # new, or its file is back; one that a person switched off stays off
    if is_new_text and question.current and question.current.body.get(VOID):
        question.is_active = True
    question.topic, question.source_path = topic, source.path
    question.save()
    if is_new_text:
        question.current = QuestionVersion.objects.create(
            question=question,
            number=question.versions.count() + 1,
            kind=source.kind,
            difficulty=source.difficulty,
            body=source.body,
            source_pages=source.pages,
            content_hash=source.content_hash,
        )
        question.save(update_fields=["current"])
    return "changed" if row else "new"


def demo(course_round: CourseRound) -> Quiz | None:
    """Today's quiz for the demo class."""
    return actions.publish_due(course_round)
