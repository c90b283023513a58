"""What was read in the filed papers of a case, as far as they have words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reading(models.Model):
    """What the text of one filed paper says of the answers that a check rests on.

    It is made with the index of the search and can be made again; it decides nothing.
    """

    case = models.ForeignKey("workflows.Case", models.CASCADE, related_name="readings")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=0)  # that were read; 0 where a file has none
    worded = models.PositiveIntegerField(default=0)  # of them, those that have text
    found = models.JSONField(default=dict)  # {code: [page, values found there, values looked for]}

    class Meta:
        verbose_name = _("reading")
        constraints = [
            models.UniqueConstraint(fields=["case", "sha256"], name="a_paper_read_once_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sha256[:8]}"
