"""Running the best programs of a code competition once more with another seed, before prizes."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.actions import errands, refusals
from competitions.models import Challenge, RoundChallenge, SeedRun

MOST = 50
LARGEST_SEED = 10**9


def run_best_again(opening: RoundChallenge, standings, by, seed: int | None = None) -> list[SeedRun]:
    """Queues the submission behind each of `standings` (at most MOST) for one run with `seed`, a fresh one by default. Who has
    been run with this seed is not run again; who failed by our fault is. Raises a `Refused` in words."""
    if opening.challenge.kind != Challenge.Kind.CODE:
        raise refusals.BadChoice(_("Only programs are run again with another seed."))
    keys = [key for key in standings.values_list("best_id", flat=True)[:MOST] if key]
    if not keys:
        raise refusals.BadChoice(_("Nobody is on the board yet."))
    number = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    runs = []
    with transaction.atomic():
        for key in keys:
            SeedRun.objects.filter(submission_id=key, seed=number, state=SeedRun.State.FAILED).delete()
            run, created = SeedRun.objects.get_or_create(
                submission_id=key, seed=number, defaults={"requested_by": by}
            )
            if created:
                errands.send_on_commit(run)
            runs.append(run)
    return runs
