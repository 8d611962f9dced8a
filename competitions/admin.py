"""The admin: openings are set here; what the judge wrote is only read here."""

from django.contrib import admin
from django.db import transaction

from competitions import models
from competitions.actions.ruling import renew_boards


class ReadOnly(admin.ModelAdmin):
    """Staff may look after all rounds. What is private before the end, the fields `private`, is for administrators; those who
    teach a round see it on their own pages."""

    private: tuple[str, ...] = ()

    def get_exclude(self, request, obj=None) -> tuple[str, ...]:
        return () if request.user.is_superuser else self.private

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(models.Challenge)
class ChallengeAdmin(admin.ModelAdmin):
    """Texts come from files and would be overwritten from them; only `is_active` is worth changing."""

    list_display = ["slug", "title_ko", "kind", "topic", "position", "is_active"]
    list_filter = ["kind", "is_active", "topic"]
    search_fields = ["slug", "title_ko", "title_en"]
    readonly_fields = [field.name for field in models.Challenge._meta.fields if field.name != "is_active"]

    def has_add_permission(self, request) -> bool:
        return False


class PhaseInline(admin.TabularInline):
    """To look at: they are set on the instructor's page, which refuses those that overlap."""

    model = models.Phase
    extra = 0
    can_delete = False
    readonly_fields = ["title_ko", "title_en", "opens_at", "closes_at"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False


@admin.register(models.RoundChallenge)
class RoundChallengeAdmin(admin.ModelAdmin):
    inlines = [PhaseInline]
    list_display = ["challenge", "round", "opens_at", "closes_at", "daily_quota"]
    list_filter = ["round", "challenge__kind"]
    search_fields = ["challenge__slug", "challenge__title_ko"]
    autocomplete_fields = ["challenge"]

    def save_model(self, request, obj, form, change) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            renew_boards(obj)


@admin.register(models.Participant)
class ParticipantAdmin(ReadOnly):
    list_display = ["id", "opening", "person", "team_name", "title_ko", "role", "disqualified_at"]
    list_filter = ["role", "opening__round", "opening__challenge"]
    search_fields = ["team_name", "person__username", "person__nickname"]
    list_select_related = ["opening__challenge", "opening__round__course", "person"]


@admin.register(models.Ruling)
class RulingAdmin(ReadOnly):
    list_display = ["at", "participant", "kind", "by", "reason"]
    list_select_related = ["participant__person", "by"]


@admin.register(models.Submission)
class SubmissionAdmin(ReadOnly):
    private = ("private_score",)
    list_display = ["id", "challenge", "round", "user", "state", "verdict", "score", "received_at"]
    list_filter = ["state", "verdict", "round", "challenge"]
    search_fields = ["user__username", "user__nickname", "sha256"]
    list_select_related = ["challenge", "round__course", "user"]
    date_hierarchy = "received_at"


@admin.register(models.Standing)
class StandingAdmin(ReadOnly):
    """Derived from submissions: changing one here would last until the next verdict."""

    list_display = ["opening", "phase", "board", "participant", "score", "entries", "reached_at", "is_ranked"]
    list_filter = ["board", "opening__round", "opening__challenge"]
    list_select_related = [
        "opening__challenge",
        "opening__round__course",
        "phase",
        "participant__person",
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.exclude(board=models.Standing.Board.FINAL)


@admin.register(models.ScoreChange)
class ScoreChangeAdmin(ReadOnly):
    private = ("old_private_score",)
    list_display = [
        "submission",
        "by",
        "requested_at",
        "old_verdict",
        "old_score",
        "new_verdict",
        "new_score",
    ]
    list_select_related = ["submission", "by"]


@admin.register(models.CompetitionVersion)
class CompetitionVersionAdmin(ReadOnly):
    """To look at: the instructor's page puts a version to use, which opens the competition as well."""

    list_display = ["slug", "kind", "device", "round", "state", "requested_by", "requested_at", "finished_at"]
    list_filter = ["state", "kind", "round"]
    search_fields = ["slug", "file_name", "content_hash"]
    list_select_related = ["round__course", "requested_by"]
    date_hierarchy = "requested_at"


@admin.register(models.SeedRun)
class SeedRunAdmin(ReadOnly):
    private = ("private_score",)
    list_display = [
        "submission",
        "seed",
        "state",
        "verdict",
        "score",
        "attempts",
        "requested_by",
        "requested_at",
    ]
    list_filter = ["state", "verdict", "submission__round"]
    search_fields = ["submission__challenge__slug", "submission__user__username"]
    list_select_related = ["submission__challenge", "submission__user", "requested_by"]
    date_hierarchy = "requested_at"


@admin.register(models.QuotaDay)
class QuotaDayAdmin(ReadOnly):
    list_display = ["participant", "day", "used"]
    list_select_related = ["participant__opening__challenge", "participant__person"]


@admin.register(models.WorkerHeartbeat)
class WorkerHeartbeatAdmin(ReadOnly):
    list_display = ["name", "seen_at", "device", "is_ready", "message_en"]
