"""What was measured of one submission: its exact scores, and the noise of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Measurement(models.Model):
    """Written with a verdict, for nobody's eyes but those of `actions` and of those who teach.

    `measured` is the exact public score; where the Ladder rule holds scores back, Submission.score is what was said
    instead, and `is_released` tells whether that is this submission's own. `public` and `private` are the offsets of the
    resampled scores (standings.Resampled), float32, as bytes; empty where there is no noise to speak of.
    """

    submission = models.OneToOneField(
        "competitions.Submission", models.CASCADE, primary_key=True, related_name="measurement"
    )
    measured = models.FloatField()
    is_released = models.BooleanField(default=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    private_low = models.FloatField(null=True, blank=True)
    private_high = models.FloatField(null=True, blank=True)
    public = models.BinaryField(default=bytes)
    private = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")

    def __str__(self) -> str:
        return f"#{self.submission_id}: {self.measured}"
