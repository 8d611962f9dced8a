from __future__ import annotations

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from competitions import actions, downloads, kinds, queries, uploads
from competitions.actions import Refused
from competitions.api import errors, serializers
from competitions.api.rounds import round_of
from competitions.models import Challenge, RoundChallenge, Submission
from courses.queries import is_instructor, rounds_of
from sandbox.contract import Source
from web.text import localized

ROUND = OpenApiParameter(
    "round",
    OpenApiTypes.STR,
    description='"0317(1)", "AI Essential 0317(1)" or an id; needed by who is in several.',
)
PAGE = OpenApiParameter("page", OpenApiTypes.INT)
BOARD = OpenApiParameter(
    "board",
    OpenApiTypes.STR,
    description="live, frozen, final: of those that the reader may see; by default the one that is shown first.",
)
PHASE = OpenApiParameter("phase", OpenApiTypes.INT, description="By default the one that runs, or ran last.")
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Makes the call repeatable: the same key and content give the same submission and use one try.",
)
ERRORS = {
    400: OpenApiTypes.OBJECT,
    401: OpenApiTypes.OBJECT,
    403: OpenApiTypes.OBJECT,
    404: OpenApiTypes.OBJECT,
}


class ExerciseList(APIView):
    @extend_schema(
        operation_id="exercises_list",
        parameters=[ROUND],
        responses={200: serializers.CardSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The exercises of the round."""
        course_round = round_of(request.user, request.query_params.get("round", "").strip())
        cards = queries.cards_of(course_round, request.user, exercises=True)
        return Response(serializers.CardSerializer(cards, many=True, context={"request": request}).data)


class CompetitionList(APIView):
    @extend_schema(
        operation_id="competitions_list",
        parameters=[
            ROUND,
            OpenApiParameter("name", OpenApiTypes.STR, description="Only of this title or slug."),
        ],
        responses={200: serializers.CompetitionSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The competitions of the round."""
        course_round = round_of(request.user, request.query_params.get("round", "").strip())
        cards = queries.cards_of(course_round, request.user, exercises=False)
        if name := request.query_params.get("name", ""):
            wanted = queries.find_challenge(name)
            cards = [card for card in cards if card.challenge == wanted]
        return Response(
            serializers.CompetitionSerializer(cards, many=True, context={"request": request}).data
        )


class CompetitionFile(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **ERRORS})
    def get(self, request: Request, slug: str, name: str) -> HttpResponseBase:
        """A file of a competition that is open, or was, in a round of the person's."""
        challenge = challenge_of(slug)
        openings = RoundChallenge.objects.filter(
            challenge=challenge, round__in=rounds_of(request.user), opens_at__lte=timezone.now()
        )
        path = downloads.path_of(challenge, name) if openings.exists() else None
        if path is None:
            raise NotFound(_("There is no file “%(name)s” here.") % {"name": name})
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)


class SubmissionList(ListAPIView):
    serializer_class = serializers.SubmissionSerializer
    parser_classes = [MultiPartParser, FormParser, JSONParser]
    queryset = Submission.objects.none()  # for the schema

    def initial(self, request: Request, *args, **kwargs) -> None:
        # Before anything reads the body; and what is on its way is read off, or the client sees a broken connection
        # instead of this answer.
        if uploads.is_oversized(request._request):
            uploads.drain(request._request)
            raise errors.TooLarge
        super().initial(request, *args, **kwargs)

    def get_queryset(self):
        return queries.all_of(self.request.user, self.request.query_params.get("challenge", ""))

    @extend_schema(
        parameters=[OpenApiParameter("challenge", OpenApiTypes.STR, description="Only of this slug.")],
        responses={200: serializers.SubmissionSerializer(many=True), 401: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, *args, **kwargs) -> Response:
        """One's own submissions, the latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        parameters=[KEY],
        request={
            "multipart/form-data": serializers.NewSubmissionSerializer,
            "application/json": serializers.NewSubmissionSerializer,
        },
        responses={
            202: serializers.SubmittedSerializer,
            **ERRORS,
            409: OpenApiTypes.OBJECT,
            413: OpenApiTypes.OBJECT,
            429: OpenApiTypes.OBJECT,
        },
    )
    def post(self, request: Request) -> Response:
        """Submits a file or code. 202: it is stored and will be judged; ask `url` for the verdict."""
        form = serializers.NewSubmissionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        challenge = challenge_of(wanted["challenge"])
        course_round = round_of(request.user, wanted.get("round", "").strip(), challenge)
        try:
            source = source_of(wanted, challenge)
            row = actions.submit(
                request.user,
                course_round,
                challenge,
                source,
                via_of(request),
                key=request.headers.get("Idempotency-Key", "").strip()[:120],
            )
        except Refused as refused:
            raise errors.NotTaken(refused) from refused
        answer = serializers.SubmittedSerializer(row, context={"request": request})
        return Response(
            answer.data, status=status.HTTP_202_ACCEPTED, headers={"Location": answer.data["url"]}
        )


class SubmissionDetail(APIView):
    @extend_schema(
        responses={
            200: serializers.SubmissionDetailSerializer,
            401: OpenApiTypes.OBJECT,
            404: OpenApiTypes.OBJECT,
        }
    )
    def get(self, request: Request, number: int) -> Response:
        """One submission with its verdict; one's own, or of a round that one teaches."""
        row = queries.visible_submission(request.user, number)
        if row is None:
            raise NotFound(_("There is no submission %(number)s of yours.") % {"number": number})
        return Response(serializers.SubmissionDetailSerializer(row, context={"request": request}).data)


class Leaderboard(APIView):
    @extend_schema(
        parameters=[ROUND, PAGE, BOARD, PHASE], responses={200: serializers.BoardSerializer, **ERRORS}
    )
    def get(self, request: Request, slug: str) -> Response:
        """The leaderboard of an exercise or competition in the round, 50 lines a page."""
        challenge = challenge_of(slug)
        course_round = round_of(request.user, request.query_params.get("round", "").strip(), challenge)
        opening = opening_in(course_round, slug)
        get = request.query_params.get
        view = queries.view_of(
            opening,
            timezone.now(),
            teaches=is_instructor(request.user, course_round),
            kind=get("board", ""),
            phase=get("phase", ""),
        )
        board = queries.board_of(view, request.user, get("page", 1))
        return Response(serializers.BoardSerializer(board_data(board, challenge, course_round)).data)


def board_data(board: queries.Board, challenge: Challenge, course_round) -> dict:
    return {
        "challenge": challenge.slug,
        "title": localized(challenge, "title"),
        "round": course_round.name,
        "metric": challenge.metric,
        "higher_is_better": challenge.higher_is_better,
        "board": board.view.kind,
        "phase": localized(board.view.phase, "title") if board.view.phase else None,
        "count": board.total,
        "page": board.page.number,
        "pages": board.page.paginator.num_pages,
        "me": board.mine,
        "results": board.rows,
    }


def opening_in(course_round, slug: str) -> RoundChallenge:
    opening = queries.opening_of(course_round, slug)
    if opening is None:
        text = _("“%(slug)s” is not open in %(round)s.")
        raise NotFound(text % {"slug": slug, "round": course_round})
    return opening


def challenge_of(slug: str) -> Challenge:
    challenge = Challenge.objects.filter(slug=slug.strip(), is_active=True).first()
    if challenge is None:
        raise NotFound(_("There is no exercise or competition “%(slug)s”.") % {"slug": slug})
    return challenge


def source_of(wanted: dict, challenge: Challenge) -> Source:
    """The file or the text of a request. Raises ValidationError unless there is exactly one of them."""
    kind = kinds.get(challenge.kind)
    if ("file" in wanted) == ("source" in wanted):
        raise ValidationError(_("Send either “file” or “source”."))
    if "file" in wanted:
        return uploads.read_file(wanted["file"], kind.MAX_BYTES)
    name = wanted.get("file_name") or f"submission{kind.SUFFIXES[0]}"
    return uploads.read_text(wanted["source"], name, kind.MAX_BYTES)


def via_of(request: Request) -> str:
    """Our own client names itself; everything else is "the API"."""
    agent = request.headers.get("User-Agent", "")
    return Submission.Via.CLIENT if agent.startswith("examprep/") else Submission.Via.API
