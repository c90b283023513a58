"""Review requests: an applicant asks that its own mark be checked again (X30)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewRequest(models.Model):
    """A request (复核) about arithmetic and procedure; nobody scores anew."""

    class Result(models.TextChoices):
        """How the office answered."""

        OPEN = "open", _("Under review")
        STANDS = "stands", _("The mark stands")
        CORRECTED = "corrected", _("The mark was corrected")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="review_requests")
    requested = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    due = models.DateField()
    result = models.CharField(max_length=10, choices=Result, default=Result.OPEN)
    answer = models.TextField(blank=True)
    former = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    found = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("review request")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(result="open"),
                name="one_open_review_request_a_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.requested:%Y-%m-%d}"
