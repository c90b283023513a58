"""What the rivals keep: a matter with a state, its trail, and stock viewflow's process."""

from django.db import models
from viewflow.workflow.models import Process


class Matter(models.Model):
    """The least an approval system can keep: where a matter stands."""

    state = models.PositiveSmallIntegerField(default=0)


class Trail(models.Model):
    """The least an audit trail can keep."""

    matter = models.ForeignKey(Matter, models.CASCADE)
    text = models.TextField()


class StockProcess(Process):
    """A process as viewflow's own guide models it: a child table with the matter."""

    matter = models.ForeignKey(Matter, models.CASCADE)
