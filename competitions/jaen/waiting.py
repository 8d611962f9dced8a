"""Waiting for a verdict inside a request: the client expects its score in the answer."""

from __future__ import annotations

import threading
import time

from django.conf import settings

from competitions.models import Submission

PAUSE = 0.2  # seconds between two looks
# Who waits holds a thread of the web server: a class that submits at once must leave some for everybody else.
MOST_WAITING = 4
_places = threading.BoundedSemaphore(MOST_WAITING)


def wait_for(submission: Submission) -> Submission:
    """The submission as it is when it is judged, or after JAEN_WAIT_SECONDS; at once when all places are taken."""
    if not _places.acquire(blocking=False):
        return submission
    try:
        end = time.monotonic() + settings.JAEN_WAIT_SECONDS
        while not submission.is_finished and time.monotonic() < end:
            time.sleep(PAUSE)
            submission.refresh_from_db()
    finally:
        _places.release()
    return submission
