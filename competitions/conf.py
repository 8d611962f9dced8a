"""The figures of this app. Each can be set in settings; here stands why it is what it is."""

from datetime import timedelta

from django.conf import settings

MEGABYTE = 1024 * 1024


def lease() -> timedelta:
    """How long a claim holds without being renewed. A killed worker's submission waits this long."""
    return timedelta(seconds=getattr(settings, "SUBMISSION_LEASE_SECONDS", 60))


def resend_after() -> timedelta:
    """How long a wake-up may stay unanswered before the sweep sends another. Shorter, and a long queue would fill the
    broker with doubles; longer, and a lost message is felt."""
    return timedelta(seconds=getattr(settings, "SUBMISSION_RESEND_SECONDS", 15))


def max_attempts() -> int:
    """Claims of one submission before it is called our fault: it may be what kills the worker."""
    return getattr(settings, "SUBMISSION_MAX_ATTEMPTS", 3)


def retry_pause(attempts: int) -> timedelta:
    """The pause after the `attempts`-th fault of ours: 5 s, 20 s, 80 s with the default base."""
    return timedelta(seconds=getattr(settings, "SUBMISSION_RETRY_SECONDS", 5) * 4 ** max(attempts - 1, 0))


def max_waiting() -> int:
    """Submissions one person may have in the queue: a brake on runaway loops, far above any honest use."""
    return getattr(settings, "SUBMISSIONS_WAITING_PER_USER", 500)


def max_bad_files_per_hour() -> int:
    """Files of one person that may be refused for their form within an hour, over all competitions: enough for a
    morning of mistakes, too few to learn anything from the checker by trying."""
    return getattr(settings, "SUBMISSION_BAD_FILES_PER_HOUR", 30)
