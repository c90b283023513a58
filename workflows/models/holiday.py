"""Days that differ from the Monday-to-Friday rule."""

from django.db import models


class DayOverride(models.Model):
    """A statutory holiday or a make-up working day, and the notice that set it."""

    date = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    notice = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.date} {'+' if self.is_workday else '-'}"
