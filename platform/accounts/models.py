"""People."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    nickname = models.CharField(
        _("nickname"), max_length=30, blank=True, help_text=_("Shown on leaderboards.")
    )
    language = models.CharField(_("language"), max_length=2, blank=True, choices=settings.LANGUAGES)
    address_number = models.PositiveIntegerField(
        _("number of the personal address"),
        default=0,
        help_text=_("One more makes the earlier address invalid."),
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]  # a lazy text, as Django means it
        verbose_name_plural = _("people")  # type: ignore[assignment]

    @property
    def display_name(self) -> str:
        """What others see: the nickname, else the sign-in name; never the e-mail address."""
        return self.nickname or self.username
