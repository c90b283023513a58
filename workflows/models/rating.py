"""Ratings of the service (好差评): what an applicant thought of one contact with the office."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Rating(models.Model):
    """One contact, rated once; kept apart from the case, whose handlers do not read it."""

    class Level(models.IntegerChoices):
        """The five levels; the last two are negative and have to be answered."""

        VERY_SATISFIED = 1, _("Very satisfied")
        SATISFIED = 2, _("Satisfied")
        FAIRLY_SATISFIED = 3, _("Fairly satisfied")
        DISSATISFIED = 4, _("Dissatisfied")
        VERY_DISSATISFIED = 5, _("Very dissatisfied")

    event = models.OneToOneField("workflows.Event", models.PROTECT, related_name="rating")
    level = models.PositiveSmallIntegerField(choices=Level)
    remark = models.TextField(blank=True)
    given = models.DateTimeField()
    due = models.DateField(null=True)  # a negative one is answered by the end of this day
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("rating")
        indexes = [
            models.Index(
                fields=["due"],
                condition=models.Q(due__isnull=False, answered=None),
                name="ratings_to_answer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_level_display()}"
