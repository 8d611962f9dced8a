"""Forms: allauth's with our labels, and the profile."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for name, autocomplete in (("login", "username"), ("password", "current-password")):
            attributes = self.fields[name].widget.attrs
            attributes.pop("placeholder", None)
            attributes.update(autocomplete=autocomplete, autocapitalize="none", spellcheck="false")
        self.fields["login"].widget.attrs["autofocus"] = True


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("New password, again"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES, required=False)

    class Meta:
        model = User
        fields = ["nickname", "language"]

    def clean_nickname(self) -> str:
        return " ".join(self.cleaned_data["nickname"].split())
