"""Messages that may be taken back: read their tag, and keep them in sight while that holds."""

import re
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.urls import reverse

from workflows import clock

TAG = re.compile(r"\bundo-(\d+)-(\d+)\b")  # the task, and until when (seconds of the epoch)
BATCH = re.compile(r"\bbatch-([0-9a-f]+)-(\d+)\b")  # several at once: their number
register = template.Library()


@dataclass(frozen=True, slots=True)
class Undo:
    """Where a press is taken back, and for how many seconds still."""

    url: str
    left: int


@register.simple_tag(takes_context=True)
def may_undo(context: Any, message: Message) -> Undo | None:
    """How to take back what ``message`` tells of; None once it may have taken effect.

    While it may be taken back the message is told again on the next page: whoever goes on to
    another case still finds the button there.
    """
    tags = message.extra_tags or ""
    one, many = TAG.search(tags), BATCH.search(tags)
    found = one or many
    if found is None:
        return None
    left = int(found[2]) - int(clock.now().timestamp())
    if left <= 0:
        return None
    request = context.get("request")
    if request is not None:
        messages.add_message(request, message.level, message.message, extra_tags=tags)
    url = (
        reverse("task_undo", args=[int(one[1])]) if one else reverse("tasks_batch", args=[found[1]])
    )
    return Undo(url, left)
