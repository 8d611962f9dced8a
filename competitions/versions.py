"""Competitions that are uploaded as a zip in the browser: taken in, kept by version, put to use.

    var/competitions/<slug>-<8 hex digits>/      one version; the challenge's `folder` names the one that counts

The web process reads the files; what has to be run (the metric, hidden tests, the sample program) is proved by a worker.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from competitions import actions, content, kinds
from competitions.actions import errands, refusals
from competitions.folders import Competition, FolderError, Problem, content_hash
from competitions.folders.archive import BadArchive, unpack
from competitions.models import Challenge, CompetitionVersion
from competitions.models.challenges import VAR
from courses.models import CourseRound
from courses.queries import is_instructor

FOLDER = "competitions"


def upload(user, course_round: CourseRound, file: IO[bytes], file_name: str) -> CompetitionVersion:
    """Takes a zip in as a new version, which a worker then proves and puts to use.

    Raises `Refused` in words, or FolderError with all that is wrong with the folder; then nothing is kept.
    """
    root = settings.VAR_DIR / FOLDER
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".incoming-", dir=root) as incoming:
        try:
            place = Path(incoming) / "folder"
            place.mkdir()
            folder = unpack(file, place)
        except BadArchive as bad:
            raise refusals.BadFile(bad.message.pick(get_language() or "ko")) from bad
        competition = _checked(folder)
        _refuse(user, competition)
        # The folder is the uploader's alone till here; from here on workers read it.
        target = root / f"{competition.slug}-{uuid.uuid4().hex[:8]}"
        shutil.move(folder, target)
    target.chmod(0o755)
    try:
        with transaction.atomic():
            version = CompetitionVersion.objects.create(
                slug=competition.slug,
                kind=competition.kind,
                folder=f"{VAR}/{FOLDER}/{target.name}",
                content_hash=content_hash(kinds.get(competition.kind).load_folder(target)),  # type: ignore[attr-defined]
                device=competition.config.get("device", "cpu"),
                file_name=file_name,
                round=course_round,
                requested_by=user,
            )
            errands.send_on_commit(version)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return version


def _checked(folder: Path) -> Competition:
    kind = kinds.of_folder(folder)
    problems = kind.check_folder(folder)
    if problems:
        raise FolderError(problems)
    return kind.load_folder(folder)


def _refuse(user, competition: Competition) -> None:
    if kinds.runs_folders_code(competition) and not user.is_superuser:
        raise refusals.Forbidden(
            _(
                "This folder has code that runs outside the jail (metric.py, or the hidden tests of functions). Only an "
                "administrator may upload it here; otherwise use manage.py load_competition on the server."
            )
        )
    try:
        content.refuse_taken(competition.slug)
    except ValueError as error:
        raise refusals.BadFile(
            _("The slug “%(slug)s” belongs to the site's own content. Choose another in competition.yaml.")
            % {"slug": competition.slug}
        ) from error
    refuse_stranger(user, competition.slug)


def refuse_stranger(user, slug: str) -> None:
    """Only who teaches every round in which a competition is open may change it. Raises Forbidden."""
    challenge = Challenge.objects.filter(slug=slug).first()
    if challenge is None or user.is_superuser:
        return
    for opening in challenge.openings.select_related("round"):
        if not is_instructor(user, opening.round):
            raise refusals.Forbidden(
                _("“%(slug)s” is open in a round that you do not teach. Choose another slug.")
                % {"slug": slug}
            )


def use(version: CompetitionVersion) -> Challenge:
    """Makes a sound version the one that counts, and opens the competition for its round. Submissions keep the version that
    they were judged by."""
    competition = kinds.get(version.kind).load_folder(path_of(version))  # type: ignore[attr-defined]
    with transaction.atomic():
        challenge = content.save_competition(competition, version.folder)
        actions.open_challenge(version.round, challenge)
    return challenge


def path_of(version: CompetitionVersion) -> Path:
    """Where a version's folder lies."""
    return Challenge(slug=version.slug, folder=version.folder).path


def as_json(problems: list[Problem]) -> list[dict[str, Any]]:
    """As a database takes them: PostgreSQL's JSON refuses NUL."""
    rows = [{"where": each.where, "ko": each.message.ko, "en": each.message.en} for each in problems]
    return [{name: text.replace("\0", "\u2400") for name, text in row.items()} for row in rows]
