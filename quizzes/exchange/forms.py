"""What an instructor chooses when questions come or go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Topic
from quizzes import formats
from quizzes.formats.contract import MAX_BYTES, TOO_LARGE
from web.text import localized

LANGUAGES = [("both", _("Korean and English")), ("ko", _("Korean")), ("en", _("English"))]


class TopicField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Topic.objects.all(), to_field_name="slug", label=_("Topic"), **kwargs)

    def label_from_instance(self, topic: Any) -> str:
        return localized(topic, "title")


def format_choices() -> list[tuple[str, str]]:
    return [(name, formats.find(name).TITLE) for name in formats.names()]


class ImportForm(forms.Form):
    file = forms.FileField(label=_("File"), max_length=200, help_text=_("Up to 10 MB."))
    format = forms.ChoiceField(label=_("Format"), required=False)
    topic = TopicField(empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "import-%s"
        field = self.fields["format"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("as the file looks")), *format_choices()]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_(TOO_LARGE) % {"limit": MAX_BYTES // 1_000_000})
        return file


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("Format"))
    language = forms.ChoiceField(label=_("Languages"), choices=LANGUAGES)
    topic = TopicField(required=False, empty_label=_("all topics"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "export-%s"
        field = self.fields["format"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = format_choices()
