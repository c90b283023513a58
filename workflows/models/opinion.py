"""Opinions: what an office found in one phase of one round."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Opinion(models.Model):
    """One signed finding of a district, a department or a reviewer."""

    class Phase(models.TextChoices):
        """The step of domain 2.1.4 the finding belongs to."""

        DISTRICT = "district_review", _("District review")
        COUNTERSIGN = "countersign", _("Department opinion")
        DEPARTMENT_REVIEW = "department_review", _("Department review")
        CHECK = "check", _("Material check")

    class Verdict(models.TextChoices):
        """What was found."""

        RECOMMEND = "recommend", _("Recommend")
        NOT_RECOMMEND = "not_recommend", _("Do not recommend")
        NO_OBJECTION = "no_objection", _("No objection")
        OBJECTION = "objection", _("Objection")
        SILENT = "silent", _("No answer in time")
        PASS = "pass", _("Conditions met")
        FAIL = "fail", _("Conditions not met")
        BLOCKED = "blocked", _("Blocked")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="opinions")
    phase = models.CharField(max_length=20, choices=Phase)
    round = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=30, blank=True)  # department code, or the reviewer's seat
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=20, choices=Verdict)
    text = models.TextField(blank=True)
    given = models.DateTimeField()

    class Meta:
        verbose_name = _("opinion")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "phase", "round", "unit"], name="one_opinion_a_unit_and_round"
            )
        ]
        ordering = ["given"]

    def __str__(self) -> str:
        return f"{self.get_phase_display()}: {self.get_verdict_display()}"
