"""What an instructor writes to correct a key."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .. import kinds, marking
from ..models import QuestionVersion, Regrade
from ..models.regrades import REASON_LENGTH

ALTERNATIVES = ("single_choice", "true_false")  # each ticked box is an answer of its own


class RegradeForm(forms.Form):
    """The correction but for its answer, which is given in the question's own fields: see `read_answers`."""

    rule = forms.ChoiceField(
        label=_("What is to be corrected"), choices=Regrade.Rule.choices, widget=forms.RadioSelect
    )
    absolute = forms.FloatField(label=_("Tolerance, absolute"), min_value=0, required=False)
    relative = forms.FloatField(
        label=_("Tolerance, relative"), min_value=0, required=False, help_text=_("0.01 is one percent.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Every student concerned reads it beside the mark."),
    )
    explanation_ko = forms.CharField(
        label=_("Explanation (Korean)"), max_length=8000, required=False, widget=forms.Textarea({"rows": 4})
    )
    explanation_en = forms.CharField(
        label=_("Explanation (English)"), max_length=8000, required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, version: QuestionVersion, data: QueryDict | None) -> None:
        texts = {name: version.body.get(name, "") for name in ("explanation_ko", "explanation_en")}
        super().__init__(data, initial={"rule": Regrade.Rule.KEY, **texts})
        if version.kind not in marking.WITH_TOLERANCE:
            for name in ("absolute", "relative"):
                del self.fields[name]
            rule = self.fields["rule"]
            assert isinstance(rule, forms.ChoiceField)
            rule.choices = [choice for choice in Regrade.Rule.choices if choice[0] != Regrade.Rule.TOLERANCE]

    def change(self, raws: tuple[str, ...]) -> marking.Change:
        """What marking.correct takes; the form must be valid."""
        data = self.cleaned_data
        widths = {name: data[name] for name in ("absolute", "relative") if data.get(name) is not None}
        texts = {name: data[name] for name in ("explanation_ko", "explanation_en") if data[name].strip()}
        return marking.Change(
            data["rule"], raws, widths, {name: _lines(text) for name, text in texts.items()}
        )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def read_answers(version: QuestionVersion, data: QueryDict) -> tuple[str, ...]:
    """The raw answers posted in the question's own fields; "" where it was left open."""
    fields = data.getlist(f"answer-{version.pk}")
    if version.kind in ALTERNATIVES:
        return tuple(fields)
    raw = "\n".join(fields)
    return (raw,) if raw.strip() else ()


def presented(version: QuestionVersion, language: str) -> kinds.Presented:
    """The question in the order of seed 0, to be answered by the instructor."""
    return kinds.find(version.kind).present(version.body, 0, language)
