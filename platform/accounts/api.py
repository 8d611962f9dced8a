"""POST /api/token/: a name and a password for an API token."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions, addresses
from accounts.models import User


class CredentialsSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, style={"input_type": "password"})


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(
        help_text="For the header `Authorization: Token ...`; shown only this once."
    )
    expiry = serializers.DateTimeField()


class TokenView(APIView):
    authentication_classes: list = []
    permission_classes = [AllowAny]

    @extend_schema(request=CredentialsSerializer, responses={200: TokenSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        credentials = CredentialsSerializer(data=request.data)
        credentials.is_valid(raise_exception=True)
        user = authenticate(request, **credentials.validated_data)
        row, token = actions.create_token(user)
        return Response(TokenSerializer({"token": token, "expiry": row.expiry}).data)


class MeSerializer(serializers.Serializer):
    username = serializers.CharField()
    display_name = serializers.CharField(help_text="What others see on leaderboards.")
    jaen_address = serializers.CharField(
        help_text="Base address for the JAEN client. Keep it to yourself: it stands in for a token."
    )


class MeView(APIView):
    @extend_schema(operation_id="me", responses={200: MeSerializer})
    def get(self, request: Request) -> Response:
        """Who the token belongs to."""
        user = cast("User", request.user)
        data = {
            "username": user.username,
            "display_name": user.display_name,
            "jaen_address": addresses.jaen_address(request, user),
        }
        return Response(MeSerializer(data).data)


def authenticate(request: Request, username: str, password: str) -> User:
    """The person, under the same limits as the sign-in page; ValidationError or Throttled otherwise."""
    plain_request = request._request
    if not ratelimit.consume(plain_request, action="login"):
        raise Throttled(detail=_("Too many attempts from this address. Wait a minute."))
    try:
        user = get_adapter().authenticate(plain_request, username=username, password=password)
    except DjangoValidationError as error:  # the account's or the address's limit of failures
        raise Throttled(detail=" ".join(error.messages)) from error
    if user is None or not user.is_active:
        raise ValidationError({"detail": _("The username or the password is wrong.")})
    return user
