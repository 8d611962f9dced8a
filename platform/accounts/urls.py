"""Sign-in and password by allauth, only the pages that exist here (there is no e-mail and no sign-up); the profile."""

from allauth.account import views as allauth_views
from django.urls import include, path

from accounts import views

profile = [
    path("", views.profile, name="profile"),
    path("token/", views.create_token, name="create_token"),
    path("address/", views.replace_address, name="replace_address"),
    path("token/<str:token_key>/revoke/", views.revoke_token, name="revoke_token"),
]
urlpatterns = [
    # allauth looks these names up itself: they belong to no namespace.
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("profile/", include((profile, "accounts"))),
]
