"""One's team and final selection over the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from competitions import actions, queries
from competitions.actions import Refused
from competitions.api import errors
from competitions.api.rounds import round_of
from competitions.api.views import ERRORS, PHASE, ROUND, challenge_of, opening_in
from competitions.models import Invitation, RoundChallenge

REFUSED = {**ERRORS, 409: OpenApiTypes.OBJECT}


class MemberSerializer(serializers.Serializer):
    username = serializers.CharField(source="user.username")
    nickname = serializers.CharField(source="user.display_name")


class InvitationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    team = serializers.CharField(source="team.team_name")
    by = serializers.CharField(source="by.display_name")


class TeamSerializer(serializers.Serializer):
    """The caller as a participant. `name` is the team's, empty for one who takes part alone."""

    name = serializers.CharField(source="team_name")
    shown_name = serializers.CharField(help_text="What others see on the board.")
    captain = serializers.CharField(source="captain.username", allow_null=True, default=None)
    members = MemberSerializer(source="members.all", many=True)
    disqualified_reason = serializers.CharField(help_text="Empty: not disqualified.")


class TeamPageSerializer(serializers.Serializer):
    """`participant`: null before the first submission. `invitations`: to the caller or their team."""

    participant = TeamSerializer(allow_null=True)
    invitations = InvitationSerializer(many=True)


class NewTeamSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=200)


class NewInvitationSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)


class SelectionSerializer(serializers.Serializer):
    """`selected`: what was chosen. `counting`: what counts as things stand: the chosen, filled up with the best."""

    selected = serializers.ListField(child=serializers.IntegerField())
    counting = serializers.ListField(child=serializers.IntegerField())
    limit = serializers.IntegerField()


class NewSelectionSerializer(serializers.Serializer):
    submissions = serializers.ListField(child=serializers.IntegerField(), max_length=100)


def opening_meant(request: Request, slug: str) -> RoundChallenge:
    challenge = challenge_of(slug)
    if challenge.is_exercise:
        raise NotFound(_("There is no exercise or competition “%(slug)s”.") % {"slug": slug})
    course_round = round_of(request.user, request.query_params.get("round", "").strip(), challenge)
    return opening_in(course_round, slug)


@contextmanager
def refusals_answered() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise errors.NotTaken(refused) from refused


def _team_answer(request: Request, opening: RoundChallenge, code: int = status.HTTP_200_OK) -> Response:
    mine = queries.participant_of(opening, request.user)
    data = {
        "participant": mine,
        "invitations": queries.invitations_to(opening, request.user, mine),
    }
    return Response(TeamPageSerializer(data).data, status=code)


class Team(APIView):
    @extend_schema(
        operation_id="team_show", parameters=[ROUND], responses={200: TeamPageSerializer, **ERRORS}
    )
    def get(self, request: Request, slug: str) -> Response:
        """One's team in a competition, and the invitations to it."""
        return _team_answer(request, opening_meant(request, slug))

    @extend_schema(
        operation_id="team_create",
        parameters=[ROUND],
        request=NewTeamSerializer,
        responses={201: TeamPageSerializer, **REFUSED},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Forms a team. What one has submitted becomes the team's."""
        form = NewTeamSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        opening = opening_meant(request, slug)
        with refusals_answered():
            actions.create_team(opening, request.user, form.validated_data["name"])
        return _team_answer(request, opening, status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="team_leave", parameters=[ROUND], responses={200: TeamPageSerializer, **REFUSED}
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Leaves the team, before its first submission."""
        opening = opening_meant(request, slug)
        with refusals_answered():
            actions.leave(opening, request.user)
        return _team_answer(request, opening)


class TeamInvitations(APIView):
    @extend_schema(
        operation_id="team_invite",
        parameters=[ROUND],
        request=NewInvitationSerializer,
        responses={201: InvitationSerializer, **REFUSED},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Invites a student of the round, and with them the team they lead."""
        form = NewInvitationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        opening = opening_meant(request, slug)
        with refusals_answered():
            row = actions.invite(opening, request.user, form.validated_data["username"])
        return Response(InvitationSerializer(row).data, status=status.HTTP_201_CREATED)


class TeamInvitation(APIView):
    @extend_schema(
        operation_id="team_accept",
        parameters=[ROUND],
        request=None,
        responses={200: TeamPageSerializer, **REFUSED},
    )
    def post(self, request: Request, slug: str, number: int) -> Response:
        """Accepts an invitation, for oneself or for the team that one leads."""
        opening = opening_meant(request, slug)
        with refusals_answered():
            actions.accept(_invitation(opening, number), request.user)
        return _team_answer(request, opening)

    @extend_schema(
        operation_id="team_withdraw", parameters=[ROUND], responses={200: TeamPageSerializer, **REFUSED}
    )
    def delete(self, request: Request, slug: str, number: int) -> Response:
        """Declines an invitation to oneself, or takes back one of the team that one leads."""
        opening = opening_meant(request, slug)
        with refusals_answered():
            actions.withdraw(_invitation(opening, number), request.user)
        return _team_answer(request, opening)


def _invitation(opening: RoundChallenge, number: int) -> Invitation:
    rows = Invitation.objects.filter(team__opening=opening).exclude(invitee=None)
    row = rows.select_related("team__opening__round__course").filter(pk=number).first()
    if row is None:
        raise NotFound(_("This invitation is not valid any more."))
    return row


class Selection(APIView):
    @extend_schema(
        operation_id="selection_show",
        parameters=[ROUND, PHASE],
        responses={200: SelectionSerializer, **ERRORS},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Which of one's submissions count at the end."""
        return self._answer(request, opening_meant(request, slug))

    @extend_schema(
        operation_id="selection_choose",
        parameters=[ROUND, PHASE],
        request=NewSelectionSerializer,
        responses={200: SelectionSerializer, **REFUSED},
    )
    def put(self, request: Request, slug: str) -> Response:
        """Chooses them, in place of an earlier choice; none: the best public scores count."""
        form = NewSelectionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        opening = opening_meant(request, slug)
        with refusals_answered():
            phase = self._phase(request, opening)
            actions.select_finals(opening, request.user, phase, form.validated_data["submissions"])
        return self._answer(request, opening)

    def _phase(self, request: Request, opening: RoundChallenge):
        return queries.view_of(opening, timezone.now(), phase=request.query_params.get("phase", "")).phase

    def _answer(self, request: Request, opening: RoundChallenge) -> Response:
        mine = queries.participant_of(opening, request.user)
        choices = queries.choices_of(mine, self._phase(request, opening)) if mine else []
        data = {
            "selected": [choice.submission.pk for choice in choices if choice.submission.is_selected],
            "counting": [choice.submission.pk for choice in choices if choice.counts],
            "limit": opening.final_selections,
        }
        return Response(SelectionSerializer(data).data)
