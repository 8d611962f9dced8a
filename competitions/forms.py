"""What those who teach type in about an opening. Moments are those of the course's zone: views activate it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from competitions.actions import PhasePlan
from competitions.models import Phase, RoundChallenge

MOMENT = "%Y-%m-%dT%H:%M"
# Moments with seconds were not typed here, and must not be cut by saving the page.
FORMATS = [MOMENT, f"{MOMENT}:%S"]


def moment_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=FORMATS,
        help_text=help_text,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
    )


class RulesForm(forms.Form):
    """Fields are named like those of RoundChallenge."""

    opens_at = moment_field(_("Opens"), required=True)
    closes_at = moment_field(_("Closes"), _("Empty: open without end, and private scores stay private."))
    freezes_at = moment_field(
        _("Board freezes"),
        _("From then to the end students see the board as it was. Empty: it never freezes."),
    )
    daily_quota = forms.IntegerField(
        label=_("Tries per day"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Empty: no limit."),
    )
    final_selections = forms.IntegerField(
        label=_("Final submissions"),
        min_value=1,
        max_value=20,
        help_text=_("How many submissions of each participant count for the private score."),
    )
    max_team_size = forms.IntegerField(
        label=_("Largest team"), min_value=1, max_value=50, help_text=_("1: there are no teams.")
    )
    merges_until = moment_field(_("Teams form and merge until"), _("Empty: until the end."))
    allows_late = forms.BooleanField(
        label=_("Late entries are taken: scored, shown apart, never ranked"), required=False
    )
    allows_self_reports = forms.BooleanField(
        label=_("Scores that notebooks claim are noted, apart and unranked"), required=False
    )

    @classmethod
    def of(cls, opening: RoundChallenge, data: Any = None) -> RulesForm:
        return cls(data, initial={name: getattr(opening, name) for name in cls.base_fields})


class PhaseForm(forms.Form):
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title_ko = forms.CharField(label=_("Name (Korean)"), max_length=60)
    title_en = forms.CharField(label=_("Name (English)"), max_length=60, required=False)
    opens_at = moment_field(_("Opens"), required=True)
    closes_at = moment_field(_("Closes"), required=True)


class BasePhases(forms.BaseFormSet):
    def plans(self) -> list[PhasePlan]:
        """What is to be there: the empty forms at the end and those ticked for removal are not."""
        kept = [form.cleaned_data for form in self.forms if form.has_changed() or form.initial]
        return [
            PhasePlan(data["title_ko"], data["title_en"], data["opens_at"], data["closes_at"], data["number"])
            for data in kept
            if not data.get("DELETE")
        ]


Phases: Any = forms.formset_factory(PhaseForm, formset=BasePhases, extra=1, can_delete=True, max_num=12)


def phases_of(opening: RoundChallenge, data: Any = None) -> BasePhases:
    """The opening's phases and one empty form for another."""
    initial = [_initial(phase) for phase in opening.phases.all()]
    return Phases(data, prefix="phases", initial=initial)


def _initial(phase: Phase) -> dict[str, Any]:
    names = ("title_ko", "title_en", "opens_at", "closes_at")
    return {"number": phase.pk, **{name: getattr(phase, name) for name in names}}
