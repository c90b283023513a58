"""Seats of an evaluation: who weighs a case, and the marks once locked."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Seat(models.Model):
    """One expert's (or material reviewer's) seat on a case, and the sheet once locked."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="seats")
    round = models.PositiveSmallIntegerField()
    node = models.CharField(max_length=30, default="sheet")  # of the flow, where its sheet waits
    number = models.PositiveSmallIntegerField()
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    code = models.CharField(max_length=20, unique=True)  # how the expert's pages name the case
    drawn = models.DateTimeField()
    declared = models.DateTimeField(null=True)  # no declaration, no file (domain 0.10)
    scores = models.JSONField(default=dict)  # part key -> points, as text; indicator -> finding
    remarks = models.JSONField(default=dict)  # part key -> reason
    cuts = models.JSONField(default=dict)  # line of the budget -> amount left, as text in 万元
    draft = models.JSONField(default=dict)  # a sheet kept half-filled: points, remarks, comment
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    comment = models.TextField(blank=True)
    locked = models.DateTimeField(null=True)
    void = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("seat")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "node", "expert"], name="one_seat_an_expert"
            ),
            models.UniqueConstraint(
                fields=["case", "round", "node", "number"], name="seats_are_numbered"
            ),
        ]
        ordering = ["round", "number"]

    def __str__(self) -> str:
        return f"{self.case} #{self.number}"
