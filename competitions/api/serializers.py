"""What goes over the API. No serializer here knows `private_score`."""

from __future__ import annotations

from urllib.parse import quote

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from competitions import queries
from competitions.models import Standing, Submission
from competitions.queries import Card
from competitions.reports import shown_report
from web.text import localized


class ReceiptSerializer(serializers.Serializer):
    sha256 = serializers.CharField(help_text="Of the bytes received.")
    received_at = serializers.DateTimeField()
    queue_position = serializers.SerializerMethodField(help_text="1: the next to be judged; 0: not waiting.")

    def get_queue_position(self, row: Submission) -> int:
        return queries.queue_position(row)


class SubmittedSerializer(serializers.Serializer):
    """The answer to a submission that was taken."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(Submission.State.choices)
    receipt = ReceiptSerializer(source="*")
    url = serializers.SerializerMethodField(help_text="Ask here for the verdict.")
    page = serializers.SerializerMethodField(help_text="For people.")

    def get_url(self, row: Submission) -> str:
        return self.context["request"].build_absolute_uri(f"/api/submissions/{row.pk}/")

    def get_page(self, row: Submission) -> str:
        return self.context["request"].build_absolute_uri(row.get_absolute_url())


class NewSubmissionSerializer(serializers.Serializer):
    """Either `file` (multipart) or `source` (the code as text)."""

    challenge = serializers.CharField(max_length=80, help_text="Slug of an exercise or competition.")
    round = serializers.CharField(
        max_length=160,
        required=False,
        allow_blank=True,
        help_text='"0317(1)", "AI Essential 0317(1)" or an id; may be left out by who is in one round only.',
    )
    file = serializers.FileField(required=False, allow_empty_file=True, help_text=".py, .ipynb or .csv")
    # On the wire the code is called "source", which is also an attribute of DRF's fields, unused here.
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, trim_whitespace=False, allow_blank=True
    )
    file_name = serializers.CharField(
        max_length=200, required=False, help_text="Of `source`; by default submission.py or submission.csv."
    )


class SubmissionSerializer(serializers.ModelSerializer):
    """One line of a list."""

    challenge = serializers.CharField(source="challenge.slug", read_only=True)
    round = serializers.CharField(source="round.name", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = [
            "id",
            "challenge",
            "round",
            "state",
            "verdict",
            "score",
            "max_score",
            "file_name",
            "sha256",
            "size",
            "received_at",
            "finished_at",
            "is_late",
            "is_selected",
            "url",
        ]
        read_only_fields = fields

    def get_url(self, row: Submission) -> str:
        return self.context["request"].build_absolute_uri(f"/api/submissions/{row.pk}/")


class TestSerializer(serializers.Serializer):
    __test__ = False

    name = serializers.CharField()
    title = serializers.SerializerMethodField()
    verdict = serializers.CharField()
    points = serializers.FloatField()
    max_points = serializers.FloatField()
    message = serializers.SerializerMethodField()
    visible = serializers.BooleanField()
    seconds = serializers.FloatField()
    ran = serializers.BooleanField(help_text="false: the program had stopped before this test")

    def get_title(self, test) -> str:
        return test.title.pick(get_language() or "ko")

    def get_message(self, test) -> str:
        return test.message.pick(get_language() or "ko")


class SubmissionDetailSerializer(SubmissionSerializer):
    """A submission with its verdict. Before there is one, `verdict` is empty and `tests` has nothing."""

    queue_position = serializers.SerializerMethodField()
    tests = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    seconds = serializers.SerializerMethodField()
    peak_memory_mb = serializers.SerializerMethodField()
    stdout = serializers.SerializerMethodField()

    class Meta(SubmissionSerializer.Meta):
        fields = [
            *SubmissionSerializer.Meta.fields,
            "queue_position",
            "message",
            "seconds",
            "peak_memory_mb",
            "tests",
            "stdout",
        ]
        read_only_fields = fields

    def to_representation(self, row: Submission) -> dict:
        self.report = shown_report(row)
        return super().to_representation(row)

    def get_queue_position(self, row: Submission) -> int:
        return queries.queue_position(row)

    @extend_schema_field(TestSerializer(many=True))
    def get_tests(self, row: Submission) -> list:
        return list(TestSerializer(self.report.tests if self.report else (), many=True).data)

    def get_message(self, row: Submission) -> str:
        return localized(row, "message")

    def get_seconds(self, row: Submission) -> float | None:
        return self.report.seconds if self.report else None

    def get_peak_memory_mb(self, row: Submission) -> float | None:
        return self.report.peak_memory_mb if self.report else None

    def get_stdout(self, row: Submission) -> str:
        return self.report.stdout if self.report else ""


class CardSerializer(serializers.Serializer):
    """One exercise or competition as the person has it in the round."""

    slug = serializers.CharField(source="challenge.slug")
    kind = serializers.CharField(source="challenge.kind")
    title = serializers.SerializerMethodField()
    topic = serializers.CharField(source="challenge.topic.slug", default=None, allow_null=True)
    round = serializers.CharField(source="opening.round.name")
    metric = serializers.CharField(source="challenge.metric")
    higher_is_better = serializers.BooleanField(source="challenge.higher_is_better")
    max_score = serializers.FloatField(source="challenge.max_score", allow_null=True)
    opens_at = serializers.DateTimeField(source="opening.opens_at")
    closes_at = serializers.DateTimeField(source="opening.closes_at", allow_null=True)
    is_open = serializers.BooleanField()
    daily_quota = serializers.IntegerField(source="opening.daily_quota", allow_null=True)
    best_score = serializers.FloatField(source="standing.score", default=None, allow_null=True)
    entries = serializers.IntegerField(source="standing.entries", default=0)
    is_solved = serializers.BooleanField()
    url = serializers.SerializerMethodField()

    def get_title(self, card: Card) -> str:
        return localized(card.challenge, "title")

    def get_url(self, card: Card) -> str:
        return self.context["request"].build_absolute_uri(card.challenge.get_absolute_url())


class FileSerializer(serializers.Serializer):
    name = serializers.CharField()
    url = serializers.URLField(help_text="Takes the same token.")


class CompetitionSerializer(CardSerializer):
    """A competition with the files to download."""

    files = serializers.SerializerMethodField()

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, card: Card) -> list:
        slug, build = card.challenge.slug, self.context["request"].build_absolute_uri
        names = card.challenge.config.get("files", [])
        return [
            {"name": name, "url": build(f"/api/competitions/{slug}/files/{quote(name)}")} for name in names
        ]


class BoardRowSerializer(serializers.Serializer):
    rank = serializers.IntegerField(allow_null=True, help_text="null: a baseline, which has none.")
    nickname = serializers.CharField(
        source="standing.participant.shown_name",
        help_text="Of the person or team, or what they are called here.",
    )
    is_baseline = serializers.BooleanField()
    score = serializers.FloatField(source="standing.score")
    entries = serializers.IntegerField(source="standing.entries")
    reached_at = serializers.DateTimeField(source="standing.reached_at")
    last_submission_at = serializers.DateTimeField(source="standing.last_at", allow_null=True)
    is_me = serializers.BooleanField()


class BoardSerializer(serializers.Serializer):
    """One page of a leaderboard, best first. `me` is the caller's own line wherever it is, or null."""

    challenge = serializers.CharField()
    title = serializers.CharField()
    round = serializers.CharField()
    metric = serializers.CharField()
    higher_is_better = serializers.BooleanField()
    board = serializers.ChoiceField(Standing.Board.choices)
    phase = serializers.CharField(allow_null=True, help_text="null: the competition has no phases.")
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    me = BoardRowSerializer(allow_null=True)
    results = BoardRowSerializer(many=True)
