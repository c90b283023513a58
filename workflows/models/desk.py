"""What people at the desk keep for themselves: watched cases, saved views, phrases, who looks."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Watch(models.Model):
    """Somebody follows a case without having a task of it."""

    case = models.ForeignKey("workflows.Case", models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("watch")
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="one_watch_a_user_and_case")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.case}"


class SavedView(models.Model):
    """A queue with its filters under a name; shared ones are seen by everybody of a group."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="views")
    name = models.CharField(max_length=40)
    queue = models.CharField(max_length=20)
    query = models.TextField(blank=True)  # of the address, without the queue
    group = models.CharField(max_length=60, blank=True)  # a task's candidate; empty: its owner's
    made = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_an_owner_and_name")
        ]

    def __str__(self) -> str:
        return self.name


class Viewing(models.Model):
    """When somebody last looked at a task, for colleagues who open it too."""

    task = models.ForeignKey("workflows.Task", models.CASCADE, related_name="viewings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("viewing")
        constraints = [
            models.UniqueConstraint(fields=["task", "user"], name="one_viewing_a_task_and_user")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.user}"


class Phrase(models.Model):
    """A sentence somebody writes often in opinions at one step."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="phrases")
    group = models.CharField(max_length=60, blank=True)  # shared with a task's candidate
    node = models.CharField(max_length=60, blank=True)  # empty: at every step
    text = models.CharField(max_length=500)
    made = models.DateTimeField()

    class Meta:
        verbose_name = _("phrase")

    def __str__(self) -> str:
        return self.text
