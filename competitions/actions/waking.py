"""Telling the workers. The broker only wakes them: what is lost here is found by the sweep."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from celery import current_app
from kombu import Connection, pools

from competitions.models import Submission

logger = logging.getLogger(__name__)

QUEUES = {"cpu": "cpu", "cuda": "gpu"}
# A broker that is down costs each student who submits the time of one attempt. With kombu's own retries that was six
# seconds; so there is one attempt, and after a failure none for a while.
ONE_ATTEMPT = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "socket_connect_timeout": 2}
SILENCE = 5.0  # seconds
_silent_until = 0.0


@lru_cache(maxsize=1)
def _connection() -> Connection:
    options = {**current_app.conf.broker_transport_options}
    if not current_app.conf.broker_url.startswith("filesystem:"):
        options |= ONE_ATTEMPT
    return current_app.connection_for_write(connect_timeout=2, transport_options=options)


def send(submission_id: int, device: str) -> bool:
    """Sends "score N". False when the broker does not answer; never raises: the submission is stored already."""
    return send_task("competitions.tasks.score", submission_id, device)


def send_task(name: str, key: int, device: str) -> bool:
    """Sends the task `name` about the row `key` to workers that have `device`. False when the broker does not answer; never raises."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        with pools.producers[_connection()].acquire(block=True, timeout=2) as producer:
            current_app.send_task(
                name,
                args=[key],
                queue=QUEUES.get(device, device),
                producer=producer,
                retry=False,
            )
    except Exception:  # every broker has its own errors, and none of them is the student's affair
        _silent_until = time.monotonic() + SILENCE
        logger.warning("%s %s: the broker did not take the message", name, key, exc_info=True)
        return False
    return True


def wake(submission_id: int, device: str) -> bool:
    """Sends, and marks the row as not notified when that failed, so that the next sweep takes it at once."""
    if send(submission_id, device):
        return True
    Submission.objects.filter(pk=submission_id).update(notified_at=None)
    return False
