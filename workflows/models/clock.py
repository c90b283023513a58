"""The clock account of a case: what counted, what paused, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Segment(models.Model):
    """One pause of the decision clock (special procedure, supplement, suspension)."""

    class Ground(models.TextChoices):
        """Why the clock stands (行政许可法 45; domain 0.7)."""

        EVALUATION = "evaluation", _("Third-party evaluation")
        SUSPENSION = "suspension", _("Suspended")
        OBJECTION = "objection", _("Objection under review")
        SUPPLEMENT = "supplement", _("Supplement requested")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="segments")
    ground = models.CharField(max_length=20, choices=Ground)
    reason = models.TextField(blank=True)
    paused = models.DateField()  # counts to the end of this day
    resumed = models.DateField(null=True)  # counts again after this day

    class Meta:
        verbose_name = _("pause")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(resumed=None), name="one_pause_at_a_time"
            )
        ]
        ordering = ["paused", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.get_ground_display()}"
