"""The daily letter: what was told since the last one and has not been read, in one message."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from workflows.notifications.sentence import Words


def letter(told: Sequence[Words]) -> Words:
    """One letter of several messages, in the active language, oldest first."""
    count = len(told)
    title = ngettext("%(count)s new message", "%(count)s new messages", count) % {"count": count}
    lines = [
        gettext("Since the last letter you were told:"),
        *(f"{place}. {each.title}\n   {each.text}" for place, each in enumerate(told, 1)),
    ]
    note = gettext("You choose in your account settings what comes by letter.")
    return Words(title, "\n\n".join(lines), note)
