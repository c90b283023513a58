"""Numbers given at sealing: in order, once, void ones visible."""

from django.db import models


class Series(models.Model):
    """A running series, e.g. the pool numbers of 2026; its row lock orders the giving."""

    key = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class Number(models.Model):
    """One number given to one paper; never given again, even when void."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="numbers")
    serial = models.PositiveIntegerField()
    text = models.CharField(max_length=80, unique=True)
    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="numbers")
    given = models.DateTimeField()
    void = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="a_serial_once_a_series")
        ]

    def __str__(self) -> str:
        return self.text
