"""The ways a message leaves the house; each is a class and a line in settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from workflows.notifications.sentence import Words


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a person can be reached, and in which language."""

    name: str
    email: str
    language: str
    phone: str = ""


class Channel(Protocol):
    """A way out; settings.HENG_CHANNELS names it."""

    title: ClassVar[str | Promise]  # what people who choose read
    urgent_only: ClassVar[bool]  # takes only what is urgent, and no daily letter

    def reaches(self, recipient: Recipient) -> bool:
        """Whether the person has an address of this kind."""

    def send(self, recipient: Recipient, words: Words, key: str) -> None:
        """Deliver ``words``; ``key`` is the same whenever the same message is tried again."""


def names() -> Iterable[str]:
    """The ways configured; messages inside the house need none."""
    return settings.HENG_CHANNELS.keys()


def channel(name: str) -> Channel:
    """The way called ``name``; KeyError once it is no longer configured."""
    made: Channel = import_string(settings.HENG_CHANNELS[name])()
    return made
