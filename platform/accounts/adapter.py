"""What allauth asks us about: accounts are made by instructors, so nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # allauth's own asks to type it, although something wrong was typed.
        "enter_current_password": _("The current password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
