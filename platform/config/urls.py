"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from csp.decorators import csp_replace
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from competitions.views import client
from config import health, security

admin.autodiscover()
# The same sign-in, with the same limits, for the admin.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

api_docs = csp_replace(security.API_DOCS)(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))

urlpatterns = [
    path("", include("web.urls")),
    path("", include("courses.urls")),
    path("accounts/", include("accounts.urls")),
    path("quiz/", include("quizzes.urls")),
    path("", include("quizzes.instructor_urls")),
    path("", include("competitions.urls")),
    path("api/", include("accounts.api_urls")),
    path("api/", include("competitions.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", api_docs, name="api-docs"),
    path("client/examprep.py", client.client_file, name="client"),
    path("jaen/<str:token>/", include("competitions.jaen.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler400 = "web.views.bad_request"
handler403 = "web.views.permission_denied"
handler404 = "web.views.not_found"
handler500 = "web.views.server_error"
