"""Awards: what a funded project was promised, and who signed for it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Award(models.Model):
    """The money granted to one project and everything its later life is measured by."""

    case = models.OneToOneField("workflows.Case", models.PROTECT, related_name="award")
    line = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # 万元
    starts_on = models.DateField()
    ends_on = models.DateField()
    budget = models.JSONField()  # lines as approved: category, item, source, year, amount
    goals = models.JSONField()
    milestones = models.JSONField()
    tranches = models.JSONField()  # [{"no", "percent", "amount", "trigger"}]
    conditions = models.JSONField(default=list)
    made = models.DateTimeField()

    class Meta:
        verbose_name = _("award")

    def __str__(self) -> str:
        return f"{self.case} {self.amount}"


class TaskBookSignature(models.Model):
    """One party's word under the task book (任务书): signed or declined."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(
        "workflows.Organisation", models.PROTECT, null=True, related_name="+"
    )  # None: the issuing office
    party = models.CharField(max_length=100)  # its name as printed
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed = models.DateTimeField(null=True)
    declined = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("task book signature")
        constraints = [models.UniqueConstraint(fields=["case", "party"], name="a_party_signs_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.party}"
