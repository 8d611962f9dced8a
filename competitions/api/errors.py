"""Refusals as API errors."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException

from competitions.actions import Refused


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is too large.")
    default_code = "too_large"


class NotTaken(APIException):
    """A `Refused` with its own status. `wait` becomes the header Retry-After."""

    def __init__(self, refused: Refused) -> None:
        body = {"detail": refused.message, "code": refused.code}
        if refused.resets_at:
            body["resets_at"] = timezone.localtime(refused.resets_at).isoformat()
            self.wait = max(int((refused.resets_at - timezone.now()).total_seconds()), 1)
        super().__init__(body)
        self.status_code = refused.status
