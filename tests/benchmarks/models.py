"""What the rivals keep: a matter with a state, its trail, and stock viewflow's process."""

from django.conf import settings
from django.db import models
from viewflow.workflow.models import Process


class Matter(models.Model):
    """The least an approval system can keep: where a matter stands, since when."""

    state = models.CharField(max_length=20, default="begun")
    moved = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)


class Trail(models.Model):
    """The least an audit trail can keep: who did what to which matter, when, on which facts."""

    matter = models.ForeignKey(Matter, models.CASCADE)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    facts = models.JSONField()


class StockProcess(Process):
    """A process as viewflow's own guide models it: a child table with the matter."""

    matter = models.ForeignKey(Matter, models.CASCADE)
