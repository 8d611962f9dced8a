"""Who is behind a personal address, and what they mean by the names in their notebook."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException

from accounts.addresses import user_of
from accounts.models import User
from competitions import queries, uploads
from competitions.actions import Refused
from competitions.api.rounds import round_of
from competitions.models import RoundChallenge

View = Callable[..., HttpResponseBase]


class PersonalRequest(HttpRequest):
    """Behind `personal`: for the type checker."""

    user: User


class Denied(Exception):
    """`message`: a sentence for the student; `status`: the HTTP status it means."""

    def __init__(self, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.message, self.status = message, status


def personal(view: View) -> View:
    """Behind a personal address: `request.user` is its owner, texts are in their language, refusals become JSON."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args, **kwargs) -> HttpResponseBase:
        owner = user_of(token)
        if owner is None:
            text = _("This address does not work any more. Take the new one from your profile.")
            return refusal(text, 403)
        if uploads.is_oversized(request):
            uploads.drain(request)
            return refusal(_("The request is too large."), 413)
        request.user = owner
        with translation.override(owner.language or settings.LANGUAGE_CODE):
            try:
                return view(request, *args, **kwargs)
            except Denied as denied:
                return refusal(denied.message, denied.status)
            except Refused as refused:
                return refusal(refused.message, refused.status)
            except APIException as error:
                return refusal(_sentence(error.detail), error.status_code)

    return guarded


def refusal(message: str, status: int) -> JsonResponse:
    """The client prints `msg`, or the status alone."""
    return JsonResponse({"msg": message}, status=status, json_dumps_params={"ensure_ascii": False})


def _sentence(detail) -> str:
    if isinstance(detail, dict):
        return " ".join(_sentence(value) for value in detail.values())
    if isinstance(detail, list):
        return " ".join(_sentence(value) for value in detail)
    return str(detail)


def refuse_others(owner: User, *names: str) -> None:
    """Raises Denied when one of `names` (a user name, nickname or e-mail address) is another person's."""
    for name in filter(None, (name.strip() for name in names)):
        own = {owner.username, owner.nickname, owner.email}
        if name.casefold() in {each.casefold() for each in own if each}:
            continue
        owners = Q(username__iexact=name) | Q(nickname__iexact=name) | Q(email__iexact=name)
        if User.objects.filter(owners).exists():
            text = _("This address belongs to %(owner)s, not to “%(name)s”.")
            raise Denied(text % {"owner": owner.username, "name": name})


def opening_named(owner: User, title: str, course_name: str, round_name: str) -> RoundChallenge:
    """The opening that a notebook means. Raises Denied (404), or the refusals of `round_of`."""
    challenge = queries.find_challenge(title)
    if challenge is None:
        raise Denied(_("There is no competition “%(name)s”.") % {"name": title}, 404)
    names = f"{course_name.strip()} {round_name.strip()}".strip()
    course_round = round_of(owner, names if course_name and round_name else round_name.strip(), challenge)
    opening = queries.opening_of(course_round, challenge.slug)
    if opening is None:
        text = _("“%(name)s” is not open in %(round)s.")
        raise Denied(text % {"name": title, "round": course_round}, 404)
    return opening
