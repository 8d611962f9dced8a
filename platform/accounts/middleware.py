"""The language of a page: what this browser chose in the header, what the person chose in the profile, Korean."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

API = "/api/"


class PreferredLanguageMiddleware:
    """Comes after LocaleMiddleware (whose guess it overrides) and AuthenticationMiddleware.

    The switch in the header sets Django's language cookie: that is this browser's own choice and wins. Accept-Language is
    followed by the API only: a Korean class on browsers that were installed in English would find an English site.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            chosen = request.user.language if request.user.is_authenticated else ""
            if chosen or not request.path.startswith(API):
                translation.activate(chosen or settings.LANGUAGE_CODE)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
