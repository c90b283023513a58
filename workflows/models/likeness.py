"""Likenesses: two files that may ask money or a title for the same thing (X2).

``Trait`` rows are what a file is recognised by; they are looked up, not read file by file.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Trait(models.Model):
    """One thing a filed case can be recognised by, in its plain form (``alikeness.plain``)."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="traits")
    kind = models.CharField(max_length=10)  # name, site, unit, voucher, item
    value = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("trait")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "value"], name="a_trait_once_a_case")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="traits_by_value")]

    def __str__(self) -> str:
        return f"{self.case}: {self.kind} {self.value}"


class Likeness(models.Model):
    """What one case shares with another file, and what the officer made of it."""

    class Verdict(models.TextChoices):
        """Whether both files speak of one project."""

        OPEN = "", _("Not yet decided")
        DIFFERENT = "different", _("Different matters")
        SAME = "same", _("The same matter")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="likenesses")
    other = models.ForeignKey("workflows.Case", models.PROTECT, related_name="alike")
    grounds = models.JSONField()  # [{"kind": name|site|units|vouchers|budget, "percent", "shared"}]
    found = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    text = models.TextField(blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("likeness")
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="a_likeness_once_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.case} ~ {self.other}"
