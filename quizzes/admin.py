"""The admin shows quizzes and lets an instructor take a question out; content is edited in files."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Answer, Attempt, Question, QuestionVersion, Quiz, QuizItem


class ReadOnly:
    """Marks and versions are written by actions and the loader only; a person reads them here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(ReadOnly, admin.TabularInline):
    model = QuestionVersion
    fields = ["number", "kind", "difficulty", "body", "source_pages", "created_at"]
    extra = 0


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    list_display = ["slug", "topic", "is_active", "source_path"]
    list_filter = ["is_active", "topic"]
    search_fields = ["slug"]
    readonly_fields = ["slug", "topic", "current", "source_path"]
    list_select_related = ["topic"]
    inlines = [VersionInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class ItemInline(ReadOnly, admin.TabularInline):
    model = QuizItem
    fields = ["position", "question", "version", "points"]
    extra = 0


@admin.register(Quiz)
class QuizAdmin(admin.ModelAdmin):
    list_display = ["date", "round", "kind", "published_at", "closes_at"]
    list_filter = ["round", "kind"]
    date_hierarchy = "date"
    readonly_fields = ["round", "kind", "date"]
    list_select_related = ["round__course"]
    inlines = [ItemInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class AnswerInline(ReadOnly, admin.TabularInline):
    model = Answer
    fields = ["item", "value", "saved_at", "correct", "points"]
    extra = 0


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["user", "quiz", "state", "score", "max_score", "submitted_at"]
    list_filter = ["state", "quiz__round"]
    search_fields = ["user__username", "user__nickname"]
    list_select_related = ["user", "quiz__round__course"]
    inlines = [AnswerInline]
