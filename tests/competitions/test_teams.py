"""Teams, over the pages and the API: formed, joined, made one; and what is refused, in words."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from competitions import actions, queries
from competitions.models import (
    Invitation,
    Member,
    Participant,
    QuotaDay,
    RoundChallenge,
    Standing,
    Submission,
)
from tests.competitions.conftest import COMPETITION, sample_of

pytestmark = pytest.mark.django_db
PAGE = f"/competitions/{COMPETITION}/team/"
API = f"/api/competitions/{COMPETITION}/team/"


@pytest.fixture
def opening(open_competition):
    """Teams of up to three, five tries a day."""
    actions.set_rules(open_competition, max_team_size=3, daily_quota=5)
    return open_competition


@pytest.fixture
def carol(course_round, django_user_model):
    from courses.actions import enrol

    user = django_user_model.objects.create_user("carol", password="x", nickname="캐럴")
    enrol(course_round, user, "student")
    return user


@pytest.fixture
def act(client_of):
    """act(user, action, **fields) -> the page's answer, redirects followed."""

    def post(user, action: str, **fields):
        return client_of(user, "en").post(PAGE, {"action": action, **fields}, follow=True)

    return post


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def accept_last(act, user):
    return act(user, "accept", invitation=Invitation.objects.latest("pk").pk)


@pytest.fixture
def team(opening, alice, bob, act):
    """Alice's team "Whales" with Bob in it; nothing is submitted yet."""
    act(alice, "create", name="Whales")
    act(alice, "invite", username="bob")
    accept_last(act, bob)
    return Participant.objects.get(team_name="Whales")


def test_a_team_is_one_participant_with_one_line_and_its_members_see_everything(
    team, opening, alice, bob, carol, judged, client_of, api_of
):
    first = judged(alice, opening.challenge, 200.0, "accepted", private=1.0)
    judged(bob, opening.challenge, 100.0, "accepted", private=2.0)
    judged(carol, opening.challenge, 150.0, "accepted", private=3.0)
    board = api_of(bob).get(f"/api/leaderboards/{COMPETITION}/").json()
    ranked = [
        (row["rank"], row["nickname"], row["score"], row["is_me"]) for row in board["results"] if row["rank"]
    ]
    assert ranked == [(1, "Whales", 100.0, True), (2, "캐럴", 150.0, False)]
    assert board["count"] == 2
    assert client_of(bob).get(f"/submissions/{first.pk}/").status_code == 200
    assert client_of(bob).get(f"/submissions/{first.pk}/file/").status_code == 200
    assert client_of(carol).get(f"/submissions/{first.pk}/").status_code == 404
    assert [row["id"] for row in api_of(bob).get("/api/submissions/").json()["results"]][-1] == first.pk
    assert str(first.pk) in client_of(bob).get(f"/competitions/{COMPETITION}/selection/").content.decode()


def test_the_tries_of_the_day_are_the_teams(team, opening, alice, bob, submitted):
    for number in range(5):
        submitted([alice, bob][number % 2], opening.challenge, sample_of(opening.challenge) + "\n" * number)
    with pytest.raises(actions.Refused) as refused:
        submitted(bob, opening.challenge, sample_of(opening.challenge) + "\n" * 9)
    assert refused.value.code == "quota"
    assert (QuotaDay.objects.get().used, Submission.objects.count()) == (5, 5)


def test_who_joins_brings_submissions_tries_and_choice(opening, alice, bob, judged, act, api_of):
    mine, theirs = (
        judged(alice, opening.challenge, 100.0, "accepted", private=9.0),
        judged(bob, opening.challenge, 50.0, "accepted", private=8.0),
    )
    judged(bob, opening.challenge, 70.0, "accepted", private=7.0)
    actions.select_finals(opening, bob, None, [theirs.pk])
    act(alice, "create", name="Whales")
    act(alice, "invite", username="bob")
    answer = accept_last(act, bob)
    assert "You are in “Whales” now." in text_of(answer)
    team = Participant.objects.get(team_name="Whales")
    assert set(team.submissions.values_list("user__username", flat=True)) == {"alice", "bob"}
    assert QuotaDay.objects.get(participant=team).used == 3
    assert set(Submission.objects.values_list("quota_day__participant", flat=True)) == {team.pk}
    assert Participant.objects.exclude(role="baseline").count() == 1
    live = Standing.objects.get(participant=team, board="live")
    assert (live.score, live.entries) == (50.0, 3)
    selection = api_of(alice).get(f"/api/competitions/{COMPETITION}/selection/").json()
    assert (selection["selected"], mine.pk in selection["counting"]) == ([theirs.pk], False)


def test_choices_that_are_too_many_together_are_nobodys(opening, alice, bob, judged, act):
    actions.set_rules(opening, final_selections=1)
    for user in (alice, bob):
        row = judged(user, opening.challenge, 100.0, "accepted", private=9.0)
        actions.select_finals(opening, user, None, [row.pk])
    act(alice, "create", name="Whales")
    act(alice, "invite", username="bob")
    accept_last(act, bob)
    assert not Submission.objects.filter(is_selected=True).exists()


def test_two_teams_become_one_when_both_captains_say_so(opening, alice, bob, carol, act):
    act(alice, "create", name="Whales")
    act(bob, "create", name="Otters")
    act(bob, "invite", username="carol")
    accept_last(act, carol)
    act(alice, "invite", username="carol")  # carol is no captain: her captain decides
    assert "Only your team&#x27;s captain" in text_of(accept_last(act, carol))
    assert Member.objects.filter(participant__team_name="Otters").count() == 2
    accept_last(act, bob)
    assert set(Member.objects.values_list("participant__team_name", flat=True)) == {"Whales"}
    assert not Participant.objects.filter(team_name="Otters").exists()
    assert not Invitation.objects.exists()


def test_a_link_asks_first_and_can_be_ended(opening, alice, bob, carol, act, client_of):
    act(alice, "create", name="Whales")
    act(alice, "link")
    old = f"{PAGE}join/{Invitation.objects.get().token}/"
    act(alice, "link")
    address = f"{PAGE}join/{Invitation.objects.get().token}/"
    assert client_of(bob).get(old).status_code == 404
    assert address in text_of(client_of(alice).get(PAGE))
    assert "Whales" in text_of(client_of(bob).get(address))
    assert Member.objects.count() == 1
    assert client_of(bob).post(address).status_code == 302
    assert Member.objects.filter(participant__team_name="Whales").count() == 2
    act(alice, "withdraw", invitation=Invitation.objects.get().pk)
    assert client_of(carol).get(address).status_code == 404


def test_leaving_before_the_first_submission_and_not_after(team, opening, alice, bob, act, judged):
    act(alice, "leave")
    team.refresh_from_db()
    assert (team.captain, team.members.get().user) == (bob, bob)
    judged(bob, opening.challenge, 1.0, "accepted")
    assert "nobody can leave it any more" in text_of(act(bob, "leave"))
    assert team.members.count() == 1
    judged(alice, opening.challenge, 2.0, "accepted")  # alone again
    assert queries.participant_of(opening, alice).person == alice


def test_the_last_one_to_leave_ends_the_team(opening, alice, act):
    act(alice, "create", name="Whales")
    act(alice, "leave")
    assert not Participant.objects.exclude(role="baseline").exists()


REFUSED = [
    # (why, what alice posts, a word of the answer)
    ("a name too short", {"action": "create", "name": " x "}, "2 to 40"),
    ("a person's name", {"action": "create", "name": "선생님"}, "선생님"),
    ("a person's user name", {"action": "create", "name": "BOB"}, "BOB"),
    ("a team's name", {"action": "create", "name": "OTTERS"}, "OTTERS"),
    ("inviting without a team", {"action": "invite", "username": "bob"}, "captain"),
    ("leaving without a team", {"action": "leave"}, "no team"),
    ("an invitation of nobody", {"action": "accept", "invitation": "99999999"}, "not valid"),
    ("an invitation that is no number", {"action": "accept", "invitation": "x"}, "not valid"),
    ("nothing known", {"action": "steal"}, "try again"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "posted", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_in_words_and_nothing_changes(opening, alice, bob, teacher, act, why, posted, word):
    act(bob, "create", name="Otters")
    answer = act(alice, **posted)
    assert answer.status_code in (400, 403)
    assert word in text_of(answer)
    assert Member.objects.get().user == bob


@pytest.mark.parametrize(
    ("username", "word"),
    [("teacher", "no student"), ("nobody", "no student"), ("alice", "already"), ("", "user name first")],
)
def test_who_cannot_be_invited(opening, alice, teacher, act, username, word):
    act(alice, "create", name="Whales")
    assert word in text_of(act(alice, "invite", username=username))
    assert not Invitation.objects.exists()


def test_full_is_full(team, opening, alice, carol, act, client_of, django_user_model, course_round):
    from courses.actions import enrol

    act(alice, "invite", username="carol")
    assert 'name="username"' in client_of(alice).get(PAGE).content.decode()
    waiting = Invitation.objects.get()
    actions.set_rules(opening, max_team_size=2)
    page = client_of(alice, "en").get(PAGE).content.decode()
    assert ("The team is full." in page, 'name="username"' in page, "Take back" in page) == (True, False, True)
    assert "at most 2" in text_of(act(carol, "accept", invitation=waiting.pk))
    dave = django_user_model.objects.create_user("dave", password="x")
    enrol(course_round, dave, "student")
    assert "at most 2" in text_of(act(alice, "invite", username="dave"))
    assert team.members.count() == 2


def test_an_invitation_is_for_one(opening, alice, bob, carol, act):
    act(alice, "create", name="Whales")
    act(alice, "invite", username="bob")
    assert "somebody else" in text_of(accept_last(act, carol))
    assert act(carol, "withdraw", invitation=Invitation.objects.get().pk).status_code == 403
    act(bob, "withdraw", invitation=Invitation.objects.get().pk)
    assert not Invitation.objects.exists()


def test_more_tries_by_being_two_first_is_no_way(opening, alice, bob, judged, act):
    """Five a day, on the first day: together they may have used five."""
    actions.set_rules(opening, opens_at=timezone.now() - dt.timedelta(minutes=1))
    for number in range(6):
        judged([alice, bob][number % 2], opening.challenge, float(number), "accepted")
    act(alice, "create", name="Whales")
    act(alice, "invite", username="bob")
    assert "6 tries" in text_of(accept_last(act, bob))
    assert Member.objects.filter(participant__team_name="Whales").count() == 1


@pytest.mark.parametrize("rule", ["merges_until", "closes_at", "max_team_size"])
def test_after_the_date_no_team_changes(team, opening, alice, carol, act, rule):
    act(alice, "invite", username="carol")
    value = 1 if rule == "max_team_size" else timezone.now() - dt.timedelta(seconds=1)
    RoundChallenge.objects.filter(pk=opening.pk).update(**{rule: value})
    answers = [
        accept_last(act, carol),
        act(carol, "create", name="Foxes"),
        act(alice, "invite", username="carol"),
        act(alice, "link"),
    ]
    assert [answer.status_code for answer in answers] == [409] * 4
    assert team.members.count() == 2


def test_who_is_disqualified_or_teaches_can_be_in_no_team(
    team, opening, alice, bob, carol, teacher, act, judged
):
    judged(carol, opening.challenge, 1.0, "accepted")
    actions.disqualify(queries.participant_of(opening, carol), teacher, "two accounts")
    act(alice, "invite", username="carol")
    assert "not ranked" in text_of(accept_last(act, carol))
    assert "not ranked" in text_of(act(teacher, "create", name="Teachers"))


def test_all_of_it_over_the_api(opening, alice, bob, carol, api_of):
    made = api_of(alice).post(API, {"name": "Whales"})
    assert (made.status_code, made.json()["participant"]["name"]) == (201, "Whales")
    sent = api_of(alice).post(f"{API}invitations/", {"username": "bob"})
    assert sent.status_code == 201
    (seen,) = api_of(bob).get(API).json()["invitations"]
    assert seen == {"id": sent.json()["id"], "team": "Whales", "by": "앨리스"}
    assert api_of(carol).post(f"{API}invitations/{seen['id']}/").status_code == 400
    joined = api_of(bob).post(f"{API}invitations/{seen['id']}/").json()["participant"]
    assert [member["username"] for member in joined["members"]] == ["alice", "bob"]
    assert (joined["captain"], joined["disqualified_reason"]) == ("alice", "")
    assert api_of(bob).post(f"{API}invitations/{seen['id']}/").status_code == 404
    assert api_of(bob).post(f"{API}invitations/", {"username": "carol"}).json()["code"] == "not_captain"
    assert api_of(bob).delete(API).json()["participant"] is None
    assert api_of(bob).delete(API).status_code == 400
