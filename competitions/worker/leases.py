"""Keeping a claim while the judge works."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection

from competitions import actions, conf

logger = logging.getLogger(__name__)


@contextmanager
def holding(submission_id: int, token: int) -> Iterator[None]:
    """Renews the lease, three times per its length, for as long as the block runs. A killed process renews no more."""
    done = Event()
    thread = Thread(
        target=_renew_until, args=(done, submission_id, token), daemon=True, name=f"lease-{submission_id}"
    )
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def _renew_until(done: Event, submission_id: int, token: int) -> None:
    pause = conf.lease().total_seconds() / 3
    renewed = False
    while not done.wait(pause):
        renewed = True
        try:
            if not actions.renew(submission_id, token):
                logger.warning(
                    "submission %s was taken over: its verdict from here will not count", submission_id
                )
                break
        except DatabaseError:
            logger.exception("the lease of submission %s could not be renewed", submission_id)
    if renewed:
        connection.close()  # this thread's own
