"""The personal address of somebody whose client can send no token: who is submitting stands in the address.

It is signed and not stored. A person who shows it to somebody by accident gets another one, and the old one ends.
"""

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from accounts.models import User

SEPARATOR = "~"  # stays as it is in an address, and is in no signature


def _signer() -> Signer:
    return Signer(salt="accounts.addresses", sep=SEPARATOR)


def token_of(user: User) -> str:
    """What stands in the person's addresses: a number, a count and a signature."""
    return _signer().sign(f"{user.pk}-{user.address_number}")


def jaen_address(request: HttpRequest, user: User) -> str:
    """The base address for notebooks that use the JAEN client."""
    return request.build_absolute_uri(f"/jaen/{token_of(user)}")


def user_of(token: str) -> User | None:
    """Whose address this is; None for one that was made up, revoked, or belongs to a person who may not sign in."""
    try:
        user_id, number = map(int, _signer().unsign(token).split("-"))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(pk=user_id, address_number=number, is_active=True).first()
