"""Claims: what can be had once in a round, and which case has it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Claim(models.Model):
    """A value one case of a round has taken: a voucher, a base name, a bid for a challenge.

    Two cases filed at the same moment cannot both have it: the database refuses the second.
    """

    round = models.ForeignKey("workflows.Round", models.PROTECT, related_name="claims")
    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="claims")
    what = models.CharField(max_length=80)  # its place in the form: c5_investments.voucher_no
    unit = models.CharField(max_length=18, blank=True)  # credit code it is taken for; "" = anybody
    value = models.CharField(max_length=200)  # in its plain form

    class Meta:
        verbose_name = _("claim")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "what", "unit", "value"], name="a_claim_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.what} {self.value}"
