"""An import is read, looked at, taken, and can be undone."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from accounts.models import User
from courses.models import Course, Topic
from quizzes import formats
from quizzes.content import put_question
from quizzes.kinds.base import RefusedError, gettext_noop
from quizzes.models import Question, QuestionImport

from .entries import source_of

OF_A_FILE = gettext_noop("Not taken: the bank has a question of this name that stands in a file.")
TWICE = gettext_noop("Not taken: an earlier question of this file has the same name.")
NOT_OPEN = gettext_noop("This import is taken or undone already.")
NOT_TAKEN = gettext_noop("This import is not in the bank.")
REPLACED = gettext_noop("“%(name)s” was changed after this import, so it cannot be undone as a whole.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, and where its questions belong."""

    name: str
    data: bytes
    topic: Topic
    format: str = ""


def read_import(course: Course, person: User, upload: Upload) -> QuestionImport:
    """Reads a file and keeps what it says; nothing is in the bank yet. Raises formats.FormatError."""
    name = upload.format or formats.guess(upload.data)
    readings = formats.find(name).read(upload.data)
    _refuse_taken_names(readings)
    return QuestionImport.objects.create(
        course=course,
        topic=upload.topic,
        created_by=person,
        file_name=upload.name[:200],
        format=name,
        readings=[asdict(reading) for reading in readings],
    )


def _refuse_taken_names(readings: list[formats.Reading]) -> None:
    """A question of a file is edited there; two of one name would silently be one."""
    slugs = [reading.entry["slug"] for reading in readings if reading.entry]
    of_files = set(
        Question.objects.filter(slug__in=slugs).exclude(source_path="").values_list("slug", flat=True)
    )
    seen: set[str] = set()
    for reading in readings:
        if reading.entry is None:
            continue
        slug = reading.entry["slug"]
        if slug in of_files or slug in seen:
            reading.note(OF_A_FILE if slug in of_files else TWICE)
            reading.entry = None
        seen.add(slug)


@transaction.atomic
def take_import(found: QuestionImport) -> int:
    """Puts its questions into the bank; says how many are new or changed. Raises RefusedError when it is not open."""
    locked = QuestionImport.objects.select_for_update().get(pk=found.pk)
    if locked.state == QuestionImport.State.TAKEN:
        raise RefusedError(NOT_OPEN)
    slugs = [reading["entry"]["slug"] for reading in locked.readings if reading["entry"]]
    rows = {
        row.slug: row
        for row in Question.objects.select_for_update(of=("self",))
        .filter(slug__in=slugs)
        .select_related("current")
    }
    taken = []
    for reading in locked.readings:
        row = rows.get(reading["entry"]["slug"]) if reading["entry"] else None
        if reading["entry"] is None or (row and row.source_path):
            continue  # a file has brought a question of this name since
        before = {"version": row.current_id, "is_active": row.is_active} if row else None
        source = source_of(reading["entry"], locked.topic.slug)
        put_question(source, locked.topic, row)
        question = Question.objects.get(slug=source.slug)
        taken.append({"question": question.pk, "version": question.current_id, "before": before})
    locked.taken, locked.state = taken, QuestionImport.State.TAKEN
    locked.save(update_fields=["taken", "state"])
    return len(taken)


@transaction.atomic
def undo_import(found: QuestionImport) -> None:
    """Takes its questions out again: new ones are no longer asked, changed ones say what they said before.

    A quiz that is out keeps the version it was published with. Raises RefusedError when a question was changed since.
    """
    locked = QuestionImport.objects.select_for_update().get(pk=found.pk)
    if locked.state != QuestionImport.State.TAKEN:
        raise RefusedError(NOT_TAKEN)
    rows = {
        row.pk: row
        for row in Question.objects.select_for_update().filter(
            pk__in=[each["question"] for each in locked.taken]
        )
    }
    for each in locked.taken:
        row = rows.get(each["question"])
        if row is None or row.current_id != each["version"] or row.source_path:
            raise RefusedError(REPLACED, name=row.slug if row else "?")
        if each["before"] is None:
            row.is_active = False
        else:
            row.current_id, row.is_active = each["before"]["version"], each["before"]["is_active"]
        row.save(update_fields=["current", "is_active"])
    locked.state = QuestionImport.State.UNDONE
    locked.save(update_fields=["state"])
