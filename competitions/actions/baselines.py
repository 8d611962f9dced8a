"""Baselines: what the competition's folder declares stands on the boards, among the ranks and without one."""

from __future__ import annotations

from django.db import transaction

from competitions.actions.standings import rules_of
from competitions.models import Participant, Phase, RoundChallenge, Standing


def put_baselines(opening: RoundChallenge) -> int:
    """Puts the baselines of `Challenge.config["baselines"]` (title_ko, title_en, score, perhaps private_score) on the
    boards of `opening`, in place of those declared before; returns how many."""
    declared = opening.challenge.config.get("baselines") or []
    with transaction.atomic():
        # Locked: of two processes that load the content at once the second finds what the first put there.
        RoundChallenge.objects.select_for_update().get(pk=opening.pk)
        opening.participants.filter(role=Participant.Role.BASELINE).exclude(title_ko="").delete()
        for line in declared:
            row = Participant.objects.create(
                opening=opening,
                role=Participant.Role.BASELINE,
                title_ko=line["title_ko"],
                title_en=line["title_en"],
            )
            Standing.objects.bulk_create(_standings(opening, row, line))
    return len(declared)


def _standings(opening: RoundChallenge, participant: Participant, line: dict) -> list[Standing]:
    scores = {Standing.Board.LIVE: line["score"], Standing.Board.FINAL: line.get("private_score")}
    if opening.freezes_at is not None:
        scores[Standing.Board.FROZEN] = line["score"]
    rules = rules_of(opening)
    phases: list[Phase | None] = [*opening.phases.all()] or [None]
    return [
        Standing(
            opening=opening,
            participant=participant,
            phase=phase,
            board=board,
            score=score,
            sort_key=rules.sort_key(score),
            reached_at=opening.opens_at,
            is_ranked=False,
        )
        for phase in phases
        for board, score in scores.items()
        if score is not None
    ]
