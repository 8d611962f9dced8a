"""One submission from queue to verdict.

    queued --claim--> running --record--> done            (a verdict about the student's work)
      ^                  |----record----> queued          (our fault: again after a pause)
      |                  '----record----> failed          (our fault, too often: the instructor sees it)
      '---- rejudge ---- done | failed | running

The row is the queue: `claim` moves `fencing` on by compare-and-swap, and only who holds that number may record.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sandbox.contract import Report, Verdict

VERDICTS = [
    (Verdict.ACCEPTED.value, _("accepted")),
    (Verdict.PARTIAL.value, _("partial score")),
    (Verdict.WRONG_ANSWER.value, _("wrong answer")),
    (Verdict.RUNTIME_ERROR.value, _("runtime error")),
    (Verdict.TIME_LIMIT.value, _("time limit exceeded")),
    (Verdict.MEMORY_LIMIT.value, _("memory limit exceeded")),
    (Verdict.OUTPUT_LIMIT.value, _("output limit exceeded")),
    (Verdict.INVALID.value, _("cannot be judged")),
    (Verdict.JUDGE_ERROR.value, _("judge error")),
]


def upload_path(submission: Submission, file_name: str) -> str:
    """Where the original lies below MEDIA. By digest, so that no name a student chose reaches the disk."""
    day = submission.received_at.strftime("%Y/%m/%d")
    return f"submissions/{day}/{submission.sha256[:16]}-{submission.user_id}{_suffix(file_name)}"


def _suffix(file_name: str) -> str:
    _stem, dot, ending = file_name.rpartition(".")
    return f".{ending.lower()}" if dot and ending.isalnum() and len(ending) <= 12 else ""


class QuotaDay(models.Model):
    """How many tries one participant took in one day of the course's zone."""

    participant = models.ForeignKey("competitions.Participant", models.CASCADE, related_name="quota_days")
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "day"], name="one_quota_per_day")]
        verbose_name = _("daily quota")
        verbose_name_plural = _("daily quotas")

    def __str__(self) -> str:
        return f"{self.participant} {self.day}: {self.used}"


class BadFileHour(models.Model):
    """How many files of one person were refused for their form within one hour: checking is free, but not endless."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    hour = models.DateTimeField(help_text=_("when it begins"))
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "hour"], name="one_row_per_hour")]
        verbose_name = _("refused files")
        verbose_name_plural = _("refused files")

    def __str__(self) -> str:
        return f"{self.user} {self.hour:%Y-%m-%d %H}: {self.used}"


class Submission(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being judged")
        DONE = "done", _("judged")
        FAILED = "failed", _("could not be judged")

    class Via(models.TextChoices):
        BROWSER = "browser", _("browser")
        API = "api", _("API")
        CLIENT = "client", _("client")
        JAEN = "jaen", "JAEN"

    challenge = models.ForeignKey("competitions.Challenge", models.PROTECT, related_name="submissions")
    round = models.ForeignKey("courses.CourseRound", models.PROTECT, related_name="submissions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="submissions", help_text=_("who sent it")
    )
    participant = models.ForeignKey(
        "competitions.Participant",
        models.CASCADE,
        related_name="submissions",
        help_text=_("for whom it counts: the person, or their team"),
    )
    phase = models.ForeignKey(
        "competitions.Phase", models.SET_NULL, null=True, blank=True, related_name="submissions"
    )
    is_late = models.BooleanField(default=False, help_text=_("received after the end: never ranked"))
    is_selected = models.BooleanField(default=False, help_text=_("chosen to count at the end"))

    # What was sent: the receipt.
    file = models.FileField(upload_to=upload_path, max_length=200)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    via = models.CharField(max_length=16, choices=Via, default=Via.BROWSER)
    received_at = models.DateTimeField(default=timezone.now)
    idempotency_key = models.CharField(max_length=120, blank=True)
    quota_day = models.ForeignKey(
        QuotaDay,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
        help_text=_("the try it took; empty once that was given back"),
    )

    # Its place in the queue.
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    device = models.CharField(max_length=8, default="cpu")
    queued_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now, help_text=_("not to be claimed earlier"))
    notified_at = models.DateTimeField(
        null=True, blank=True, help_text=_("when a worker was last woken for it")
    )
    attempts = models.PositiveIntegerField(default=0)
    fencing = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text=_("percent of the tests that have run"))
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    # What became of it.
    verdict = models.CharField(max_length=16, choices=VERDICTS, blank=True)
    score = models.FloatField(null=True, blank=True)
    max_score = models.FloatField(null=True, blank=True)
    private_score = models.FloatField(null=True, blank=True)  # for nobody but instructors before the end
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text=_("of the predictions themselves, however they are written")
    )
    message_ko = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    report = models.JSONField(null=True, blank=True)
    content_hash = models.CharField(
        max_length=64, blank=True, help_text=_("the version that it was judged by")
    )

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="one_submission_per_key",
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at", "id"], condition=Q(state="queued"), name="submission_queue"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="submission_leases"),
            models.Index(fields=["participant", "phase", "received_at"], name="submission_counts_for"),
            models.Index(
                fields=["round", "challenge", "fingerprint", "participant", "received_at"],
                condition=~Q(fingerprint=""),
                name="submission_fingerprint",
            ),
            models.Index(fields=["user", "-received_at"], name="submission_own"),
            models.Index(fields=["round", "-received_at"], name="submission_of_round"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:submission", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def is_rejudge(self) -> bool:
        """Whether an earlier verdict stands while it waits for another."""
        return not self.is_finished and bool(self.verdict)

    def typed_report(self) -> Report | None:
        """The stored report; None before the first verdict."""
        return Report.from_dict(self.report) if self.report else None


class ScoreChange(models.Model):
    """A submission judged again: what stood before, and what came of it. Rows are added, never edited or deleted,
    but for the `new_*` columns, which are filled once."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    old_verdict = models.CharField(max_length=16, choices=VERDICTS)
    old_score = models.FloatField(null=True, blank=True)
    old_private_score = models.FloatField(null=True, blank=True)
    old_report = models.JSONField(null=True, blank=True)
    old_content_hash = models.CharField(max_length=64, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    new_verdict = models.CharField(max_length=16, choices=VERDICTS, blank=True)
    new_score = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        verbose_name = _("score change")
        verbose_name_plural = _("score changes")

    def __str__(self) -> str:
        return f"#{self.submission_id}: {self.old_verdict} -> {self.new_verdict or '…'}"
