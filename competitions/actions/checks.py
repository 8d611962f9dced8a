"""The brake on files that are refused for their form: a check costs no try, so there must be an end to them.

Without one, a program could ask the checker about thousands of files and learn what it is not told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from competitions import conf
from competitions.actions import refusals
from competitions.models import BadFileHour

HOUR = timedelta(hours=1)


def _this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def refuse_too_many(user) -> None:
    """Raises QuotaUsed when the person's files of this hour were refused too often."""
    hour, limit = _this_hour(), conf.max_bad_files_per_hour()
    if BadFileHour.objects.filter(user=user, hour=hour, used__gte=limit).exists():
        text = _(
            "%(limit)s of your files could not be read within this hour. The next file is checked at %(moment)s."
        )
        end = hour + HOUR
        shown = timezone.localtime(end).strftime("%H:%M")
        raise refusals.QuotaUsed(text % {"limit": limit, "moment": shown}, end)


def note_bad_file(user) -> None:
    row, _created = BadFileHour.objects.get_or_create(user=user, hour=_this_hour())
    BadFileHour.objects.filter(pk=row.pk).update(used=F("used") + 1)


def forget_old_hours() -> None:
    BadFileHour.objects.filter(hour__lt=timezone.now() - 24 * HOUR).delete()
