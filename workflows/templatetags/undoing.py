"""What a page has to tell: messages, and the button of those that may be taken back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.urls import reverse

from workflows import clock

# until when (seconds of the epoch), the list it was pressed in; a task, or the number of a batch
TAG = re.compile(r"(undo|batch)-([0-9a-f]+)-(\d+)-(\S*)")
AGAIN = "again"  # it was told before
register = template.Library()


@dataclass(frozen=True, slots=True)
class Undo:
    """Where a press is taken back, and for how many seconds still."""

    url: str
    left: int


@dataclass(frozen=True, slots=True)
class Note:
    """A message as a page shows it."""

    level: str
    text: str
    undo: Undo | None


def tag(kind: str, key: object, due: int, query: str) -> str:
    """What the message of a press carries: ``kind`` is "undo" of a task or "batch" of several."""
    return f"{kind}-{key}-{due}-{query}"


@register.simple_tag(takes_context=True)
def told(context: Any) -> list[Note]:
    """What is to be told on this page.

    While a press may be taken back it is told again on the next page: whoever goes on to another
    case still finds the button there. Once it cannot, nobody reads of it a second time.
    """
    return list(_told(context.get("request"), [*context.get("messages", ())]))


def _told(request: HttpRequest, waiting: Sequence[Message]) -> Iterator[Note]:
    for message in waiting:
        tags = message.extra_tags or ""
        undo = _undo(message)
        if undo is not None:
            kept = tags if tags.endswith(f" {AGAIN}") else f"{tags} {AGAIN}"
            messages.add_message(request, message.level, message.message, extra_tags=kept)
        if undo is not None or not tags.endswith(f" {AGAIN}"):
            yield Note(message.level_tag, str(message.message), undo)


def _undo(message: Message) -> Undo | None:
    """How to take back what ``message`` tells of; None where that is over."""
    found = TAG.match(message.extra_tags or "")
    left = int(found[3]) - int(clock.now().timestamp()) if found else 0
    if found is None or left <= 0:
        return None
    address = reverse("task_undo" if found[1] == "undo" else "tasks_batch", args=[found[2]])
    return Undo(f"{address}?{found[4]}" if found[4] else address, left)
