"""The decision: proposed, resolved, signed, sealed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """The act that ends a case, from the officer's proposal to the seal."""

    case = models.OneToOneField("workflows.Case", models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=30)  # the programme's word
    grants = models.BooleanField()
    finding = models.TextField(blank=True)
    reasons = models.JSONField(default=list)  # refusal: at least one sentence (行政许可法 38)
    proposed = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sealed = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    number = models.CharField(max_length=60, blank=True)  # given at sealing, never before
    delivered = models.DateTimeField(null=True)
    acknowledged = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("decision")

    def __str__(self) -> str:
        return self.number or self.outcome
