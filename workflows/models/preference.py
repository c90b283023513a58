"""What people chose about their messages; whoever chose nothing has what is usual."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.notifications.topics import Pace


class Preference(models.Model):
    """How soon one person wants one topic on one channel, where that is not the usual pace."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="preferences")
    topic = models.CharField(max_length=20)  # of workflows.notifications.topics
    channel = models.CharField(max_length=20)  # of settings.HENG_CHANNELS
    pace = models.CharField(max_length=10, choices=Pace)

    class Meta:
        verbose_name = _("preference")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "topic", "channel"], name="one_pace_a_topic_and_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.topic} {self.channel}: {self.pace}"
