"""In-app messages: what a person is told, once per event."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One sentence to one person about one case, in the reader's language when read."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="inbox_messages"
    )
    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="messages")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)  # values the sentence needs
    key = models.CharField(max_length=120, unique=True)  # event:recipient:channel
    sent = models.DateTimeField()
    read = models.DateTimeField(null=True)
    letter = models.DateTimeField(null=True)  # when the daily letter that carries it goes out

    class Meta:
        verbose_name = _("message")
        indexes = [
            models.Index(fields=["recipient", "-sent"], name="messages_of_a_person"),
            models.Index(
                fields=["recipient"], condition=models.Q(read=None), name="messages_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} -> {self.recipient}"
