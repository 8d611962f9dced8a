"""What the JAEN client asks for, call by call."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from competitions import actions, downloads, kinds, uploads
from competitions.actions import quotas
from competitions.answers.competition import QUESTIONS
from competitions.jaen.access import Denied, PersonalRequest, opening_named, personal, refuse_others
from competitions.jaen.waiting import wait_for
from competitions.models import Challenge, RoundChallenge, Submission
from courses import materials
from courses.queries import material_named, rounds_of

NOTEBOOK = ".ipynb"


@personal
@require_POST
def self_report(request: PersonalRequest) -> HttpResponse:
    """`Competition.submit()`: a score that the notebook computed. Kept as a claim, never ranked."""
    try:
        claim = json.loads(request.body)
        score = float(claim["score"])
        names = {key: str(claim.get(key, "")) for key in ("username", "course_name", "course_round")}
        title = str(claim["competition_name"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Denied(_("This is not a report as JAEN sends it."), 400) from error
    refuse_others(request.user, names["username"])
    opening = opening_named(request.user, title, names["course_name"], names["course_round"])
    actions.report_oneself(request.user, opening, score, str(claim.get("submission_time", "")))
    text = _("Noted as your own statement. It is not ranked: only submitted predictions are.")
    return JsonResponse({"msg": text}, json_dumps_params={"ensure_ascii": False})


@personal
@require_safe
def questions(request: PersonalRequest) -> HttpResponse:
    """`Competition(..., "AI Pair Programmer")`: the questions, and never what answers them. The client names no
    competition, so it is the one that opened last."""
    openings = [each for each in _projects(request) if each.challenge.kind == Challenge.Kind.ANSWERS]
    if not openings:
        raise Denied(_("No competition of questions is open in your rounds."), 404)
    latest = max(openings, key=lambda opening: (opening.opens_at, -opening.pk))
    path = downloads.path_of(latest.challenge, QUESTIONS)
    if path is None:
        raise Denied(_("There is no file “%(name)s” here.") % {"name": QUESTIONS}, 404)
    return HttpResponse(path.read_bytes(), content_type="application/json")


def _projects(request: PersonalRequest) -> list[RoundChallenge]:
    """The competitions that have begun in the owner's rounds."""
    rows = RoundChallenge.objects.filter(
        round__in=rounds_of(request.user), challenge__is_active=True, opens_at__lte=timezone.now()
    )
    return list(rows.exclude(challenge__kind="exercise").select_related("challenge", "round__course"))


@personal
@require_safe
def list_data(request: PersonalRequest) -> HttpResponse:
    """`Project(...)`: the files of every project, under `<id>_<name>` for each of its names."""
    files, info = {}, {}
    for opening in _projects(request):
        challenge = opening.challenge
        for name in dict.fromkeys((challenge.title_ko, challenge.title_en, challenge.slug)):
            if name:
                files[f"{opening.pk}_{name}"] = list(challenge.config.get("files", []))
                info[f"{opening.pk}_{name}"] = {
                    "edu_name": opening.round.course.name,
                    "edu_rnd": opening.round.name,
                }
    return JsonResponse({"data_file": files, "data_info": info}, json_dumps_params={"ensure_ascii": False})


@personal
@require_safe
def data_file(request: PersonalRequest) -> HttpResponseBase:
    """One file of a project."""
    number, name = request.GET.get("pro_id", ""), request.GET.get("fileName", "")
    opening = next((each for each in _projects(request) if str(each.pk) == number), None)
    path = downloads.path_of(opening.challenge, name) if opening else None
    if path is None:
        raise Denied(_("There is no file “%(name)s” here.") % {"name": name}, 404)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _meant(request: PersonalRequest, mail: str) -> RoundChallenge:
    """The project that the address names. Raises Denied for somebody else's mail address."""
    get = request.GET.get
    refuse_others(request.user, get(mail, ""))
    return opening_named(request.user, get("project_name", ""), get("edu_name", ""), get("edu_rnd", ""))


@personal
@require_POST
def score_file(request: PersonalRequest) -> HttpResponse:
    """`Project.submit(frame)`: a CSV file, judged like any other submission. The client wants `trial` and `score`."""
    opening = _meant(request, "mail")
    upload = request.FILES.get("file")
    if upload is None:
        raise Denied(_("No file came with it."), 400)
    source = uploads.read_file(upload, kinds.get(opening.challenge.kind).MAX_BYTES)
    row = wait_for(
        actions.submit(request.user, opening.round, opening.challenge, source, Submission.Via.JAEN)
    )
    if row.is_finished and row.score is None:
        return JsonResponse({"msg": _verdict(row)}, json_dumps_params={"ensure_ascii": False})
    url = request.build_absolute_uri(row.get_absolute_url())
    score = row.score if row.is_finished else _("not judged yet, see %(url)s") % {"url": url}
    answer = {"msg": _("submitted"), "trial": _trials(opening, request.user), "score": score, "url": url}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _verdict(row: Submission) -> str:
    return (row.message_ko if get_language() == "ko" else row.message_en) or row.get_verdict_display()


def _trials(opening: RoundChallenge, user) -> int:
    """How many of today's submissions counted as a try."""
    today = quotas.day_of(opening, timezone.now())
    return Submission.objects.filter(
        quota_day__participant__opening=opening,
        quota_day__participant__members__user=user,
        quota_day__day=today,
    ).count()


@personal
@require_POST
def score_notebook(request: PersonalRequest) -> HttpResponse:
    """`Project.submit_ipynb(path)`: a notebook's text. The client prints the answer as it is."""
    opening = _meant(request, "email")
    if NOTEBOOK not in kinds.get(opening.challenge.kind).SUFFIXES:
        text = _("“%(name)s” takes no notebooks.")
        raise Denied(text % {"name": opening.challenge}, 400)
    name, text = _posted_notebook(request)
    source = uploads.read_text(text, name, kinds.get(opening.challenge.kind).MAX_BYTES)
    row = wait_for(
        actions.submit(request.user, opening.round, opening.challenge, source, Submission.Via.JAEN)
    )
    url = request.build_absolute_uri(row.get_absolute_url())
    if not row.is_finished:
        text = _("Submitted; not judged yet, see %(url)s") % {"url": url}
    elif row.score is None:
        text = _verdict(row)
    else:
        text = _("Submitted. Score: %(score)s, see %(url)s") % {"score": row.score, "url": url}
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _posted_notebook(request: PersonalRequest) -> tuple[str, str]:
    """(name, text). The client passes an open file as a form field, so that every line comes as a field of its own:
    more of them than Django's own parser takes."""
    try:
        fields = parse_qsl(
            request.read(uploads.MAX_BODY).decode("ascii"), keep_blank_values=True, errors="strict"
        )
    except ValueError as error:
        raise Denied(_("This is not a notebook as JAEN sends it."), 400) from error
    text = "".join(value for key, value in fields if key == "upload_file")
    name = uploads.clean_name(next((value for key, value in fields if key == "filename"), ""))
    return (name if name.lower().endswith(NOTEBOOK) else f"{name}{NOTEBOOK}"), text


@personal
@require_safe
def download(request: PersonalRequest, slug: str) -> HttpResponseBase:
    """`download_file(slug)`."""
    return materials.by_slug(request, slug)


@personal
@require_safe
def getdata(request: PersonalRequest, name: str) -> HttpResponseBase:
    """`fetch_file`'s path below the personal address."""
    return materials.serve_to(request, material_named(request.user, name), name)
