"""The instructor's page of runs with another seed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competitions import actions, queries
from competitions.actions import seeds
from competitions.models import Challenge, RoundChallenge
from competitions.views import sending
from courses.access import RoundRequest, instructor_required

USUAL = 5


@require_http_methods(["GET", "HEAD", "POST"])
@instructor_required
def seed_runs(request: RoundRequest, slug: str) -> HttpResponseBase:
    opening = sending.opening_or_404(request, slug, exercise=False)
    if opening.challenge.kind != Challenge.Kind.CODE:
        raise Http404(_("Only programs are run again with another seed."))
    if request.method == "POST":
        return _run(request, opening)
    known = queries.seeds_of(opening)
    seed = _number(request.GET.get("seed"), 0, seeds.LARGEST_SEED) or (known[0] if known else None)
    count = _number(request.GET.get("count"), 1, seeds.MOST) or USUAL
    view = queries.view_of(opening, timezone.now(), teaches=True)
    context = {
        "opening": opening,
        "challenge": opening.challenge,
        "tab": "seeds",
        "seeds": known,
        "seed": seed,
        "count": count,
        "view": view,
        "is_final": view.kind == "final",
        "rows": queries.seed_rows(view, seed, count) if seed is not None else [],
        "most": seeds.MOST,
    }
    return render(request, "competitions/instructor/seeds.html", context)


def _run(request: RoundRequest, opening: RoundChallenge) -> HttpResponseBase:
    count = _number(request.POST.get("count"), 1, seeds.MOST)
    text = request.POST.get("seed", "").strip()
    seed = _number(text, 0, seeds.LARGEST_SEED)
    try:
        if count is None:
            raise actions.refusals.BadChoice(_("Choose a number from 1 to %(most)s.") % {"most": seeds.MOST})
        if text and seed is None:
            raise actions.refusals.BadChoice(_("A seed is a whole number that is not negative, or nothing."))
        view = queries.view_of(opening, timezone.now(), teaches=True)
        runs = seeds.run_best_again(opening, queries.ranked(view)[:count], request.user, seed)
    except actions.Refused as refused:
        messages.error(request, refused.message)
        return redirect("competitions:seed_runs", opening.challenge.slug)
    messages.success(request, _("The programs run again with seed %(seed)s.") % {"seed": runs[0].seed})
    address = reverse("competitions:seed_runs", args=[opening.challenge.slug])
    return redirect(f"{address}?seed={runs[0].seed}&count={count}")


def _number(text: str | None, least: int, most: int) -> int | None:
    """A whole number between the two; None for anything else."""
    value = int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else None
    return value if value is not None and least <= value <= most else None
