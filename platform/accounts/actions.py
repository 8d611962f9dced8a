"""Every write to accounts."""

import datetime as dt

from django.conf import settings
from django.db.models import F
from knox.models import AuthToken

from accounts.models import User


def create_token(user: User) -> tuple[AuthToken, str]:
    """(row, token). Only the digest is stored: this is the one time the token's text exists."""
    return AuthToken.objects.create(user, expiry=dt.timedelta(days=settings.API_TOKEN_DAYS))


def revoke_token(user: User, token_key: str) -> bool:
    """False when the person has no such token."""
    deleted, _rows = AuthToken.objects.filter(user=user, token_key=token_key).delete()
    return deleted > 0


def replace_address(user: User) -> None:
    """Gives the person a new personal address; the old one ends."""
    User.objects.filter(pk=user.pk).update(address_number=F("address_number") + 1)
    user.refresh_from_db(fields=["address_number"])
