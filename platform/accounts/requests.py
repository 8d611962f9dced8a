"""What a view may count on once its decorators have let the request in: for the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedInRequest(HttpRequest):
    """Behind `login_required`."""

    user: User
    htmx: HtmxDetails
