"""Who takes part: one person or a team; and what those who teach ruled about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from competitions import pseudonyms


class Participant(models.Model):
    """One line of a board: a person, a team, or a baseline. Made with the first submission.

    `person` is set for one who takes part alone; a team has a `team_name`, members and a captain; a baseline has
    titles. `rank`ed are entrants that are not disqualified, nobody else.
    """

    class Role(models.TextChoices):
        ENTRANT = "entrant", _("ranked")
        BASELINE = "baseline", _("baseline")
        HIDDEN = "hidden", _("hidden")

    opening = models.ForeignKey("competitions.RoundChallenge", models.CASCADE, related_name="participants")
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.ENTRANT)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="participations"
    )
    team_name = models.CharField(_("team name"), max_length=40, blank=True)
    captain = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    title_ko = models.CharField(max_length=120, blank=True)
    title_en = models.CharField(max_length=120, blank=True)
    is_anonymous = models.BooleanField(default=False)
    pseudonym = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("see pseudonyms.py; kept once given")
    )
    disqualified_at = models.DateTimeField(null=True, blank=True)
    disqualified_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["opening", "pseudonym"], name="one_pseudonym_each"),
            models.UniqueConstraint(
                fields=["opening", "team_name"], condition=~Q(team_name=""), name="one_team_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.real_name

    @property
    def is_team(self) -> bool:
        return bool(self.team_name)

    @property
    def is_baseline(self) -> bool:
        return self.role == self.Role.BASELINE

    @property
    def is_disqualified(self) -> bool:
        return self.disqualified_at is not None

    @property
    def is_ranked(self) -> bool:
        return self.role == self.Role.ENTRANT and not self.is_disqualified

    @property
    def real_name(self) -> str:
        """For the members themselves and for those who teach."""
        if self.team_name or self.person is None:
            return self.team_name or self._title
        return self.person.display_name

    @property
    def shown_name(self) -> str:
        """What others see on a board."""
        if self.is_anonymous and self.pseudonym is not None:
            return pseudonyms.name(self.pseudonym, get_language() or "ko")
        return self.real_name

    @property
    def _title(self) -> str:
        return (self.title_en if (get_language() or "ko").startswith("en") else "") or self.title_ko

    def is_led_by(self, user) -> bool:
        """Whether `user`, a member, speaks for it. Without a captain (the account is gone) every member does."""
        return self.captain_id in (None, user.pk)


class Member(models.Model):
    """One person's place in a participant; at most one for each opening."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="members")
    opening = models.ForeignKey("competitions.RoundChallenge", models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["joined_at", "id"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [models.UniqueConstraint(fields=["opening", "user"], name="one_membership_per_opening")]

    def __str__(self) -> str:
        return f"{self.user}"


class Invitation(models.Model):
    """A team asks a person, and with them the team they lead, to become one with it.

    `invitee` empty: a link, for whoever has it. Accepting deletes it (a link stays); so does taking it back.
    """

    team = models.ForeignKey(Participant, models.CASCADE, related_name="invitations")
    invitee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="team_invitations"
    )
    token = models.CharField(max_length=43, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["team", "invitee"], name="one_invitation_each"),
            models.UniqueConstraint(fields=["team"], condition=Q(invitee=None), name="one_link_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team} -> {self.invitee or '…'}"


class Ruling(models.Model):
    """What those who teach decided about a participant. Rows are added, never edited."""

    class Kind(models.TextChoices):
        DISQUALIFIED = "disqualified", _("disqualified")
        LIFTED = "lifted", _("disqualification lifted")
        ROLE = "role", _("role changed")

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="rulings")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")

    def __str__(self) -> str:
        return f"{self.participant}: {self.kind}"
