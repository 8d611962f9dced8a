"""The profile: nickname, language, API tokens."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from knox.models import AuthToken

from accounts import actions, addresses
from accounts.forms import ProfileForm
from accounts.requests import SignedInRequest


@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    form = profile_form(request)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        translation.activate(user.language or settings.LANGUAGE_CODE)
        messages.success(request, _("Saved."))
        response = redirect("accounts:profile")
        # The choice made here is the newer one: the header's switch must not go on overriding it.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_PATH)
        return response
    return show_profile(request, form)


def profile_form(request: SignedInRequest, bound: bool = True) -> ProfileForm:
    """Shows the language that this page has: saving a nickname must not switch it."""
    data = request.POST if bound and request.method == "POST" else None
    return ProfileForm(data, instance=request.user, initial={"language": translation.get_language()})


def show_profile(request: SignedInRequest, form: ProfileForm, new_token: str = "") -> HttpResponse:
    tokens = AuthToken.objects.filter(user=request.user, expiry__gt=timezone.now()).order_by("-created")
    context = {
        "form": form,
        "tokens": tokens,
        "new_token": new_token,
        "jaen_address": addresses.jaen_address(request, request.user),
    }
    return render(request, "accounts/profile.html", context)


@login_required
@require_POST
def replace_address(request: SignedInRequest) -> HttpResponse:
    actions.replace_address(request.user)
    messages.success(request, _("The old address no longer works. Put the new one into your notebooks."))
    return redirect("accounts:profile")


@login_required
@never_cache
@require_POST
def create_token(request: SignedInRequest) -> HttpResponse:
    _row, token = actions.create_token(request.user)
    # Not a redirect: the token's text must not be kept anywhere, not even in the session.
    return show_profile(request, profile_form(request, bound=False), new_token=token)


@login_required
@require_POST
def revoke_token(request: SignedInRequest, token_key: str) -> HttpResponse:
    if actions.revoke_token(request.user, token_key):
        messages.success(request, _("The token no longer works."))
    return redirect("accounts:profile")
