"""What those who teach type in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from courses.models import Course, Material

MAX_BYTES = 500 << 20


class MaterialForm(forms.Form):
    file = forms.FileField(label=_("File"), max_length=200)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=80,
        required=False,
        help_text=_("The last part of /download/…; empty: made from the file's name."),
    )
    is_open = forms.BooleanField(
        label=_("For everybody who has the address, without signing in"), required=False
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES >> 20}
            )
        return file

    def clean(self) -> dict[str, Any]:
        """An address that another file has is refused, for it stands in notebooks."""
        data = super().clean() or {}
        file = data.get("file")
        if not file or "slug" in self.errors:
            return data
        data["slug"] = data.get("slug") or slugify(file.name.rpartition(".")[0] or file.name)[:80]
        if not data["slug"]:
            self.add_error("slug", _("Give an address in Latin letters, digits and hyphens."))
            return data
        others = Material.objects.filter(slug=data["slug"]).exclude(course=self.course, file_name=file.name)
        if others.exists():
            self.add_error("slug", _("Another file has this address."))
        return data
