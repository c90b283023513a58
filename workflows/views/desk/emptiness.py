"""What an empty list says, and where to go on from it (interface 4.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workflows.models import User
from workflows.views import posts
from workflows.views.desk import queues
from workflows.views.desk.asked import Asked
from workflows.views.desk.chips import address

NOTHING: Mapping[str, Promise | str] = {  # by the one thing the list is narrowed by
    "near": _("Nothing is overdue or near its end"),
    "overdue": _("Nothing is overdue"),
    "today": _("Nothing is due today"),
    "week": _("Nothing more is due this week"),
    "later": _("Nothing is due later"),
    "paused": _("Nothing stands still"),
    "corrected": _("No correction has come back"),
    "supervised": _("Nothing is supervised"),
    "suspended": _("No case is suspended"),
    "stand_in": _("Nothing is in your hands in a colleague's stead"),
}


@dataclass(frozen=True)
class Empty:
    """Words in the place of rows, with the one thing to do next."""

    title: str
    text: str = ""
    action: str = ""
    url: str = ""
    post: bool = False  # the action does something


def empty(user: User, asked: Asked, waiting: Mapping[str, int]) -> Empty:
    """What the empty list of ``asked`` says; ``waiting`` counts the other queues."""
    if asked.narrowed:
        return _not_found(asked)
    if asked.queue == "mine" and waiting["unclaimed"]:
        return _claim_next(user, waiting["unclaimed"])
    says = {
        "mine": Empty(gettext("Your inbox is empty"), gettext("Nothing waits to be claimed.")),
        "unclaimed": Empty(
            gettext("Nothing waits to be claimed"),
            gettext("Whatever comes to your groups stands here until somebody claims it."),
        ),
        "team": Empty(
            gettext("Nothing waits in your groups"),
            gettext("What your colleagues have in hand stands here too."),
        ),
        "watching": Empty(
            gettext("You watch no case"),
            gettext("Press “Watch” on a case: it then stands here, and you hear when it moves on."),
        ),
        "snoozed": Empty(
            gettext("Nothing is put off"),
            gettext("What you put off comes back into your inbox by itself on its day."),
        ),
        "done": Empty(
            gettext("You have finished no task yet"),
            gettext("What you decide stands here afterwards, the latest first."),
        ),
    }
    return says[asked.queue]


def _not_found(asked: Asked) -> Empty:
    if asked.q:
        title = gettext("“%(words)s” was not found") % {"words": asked.q}
        text = gettext(
            "Names, numbers, answers and the text of attachments of this list were searched. "
            "Try the last 6 characters of the credit code, or the case number."
        )
    elif alone := NOTHING.get(_only(asked)):
        title, text = str(alone), ""
    else:
        title = gettext("Nothing matches this filter")
        text = gettext("Take a part of it away, or clear it.")
    return Empty(title, text, gettext("Clear the filter"), address(asked.queue))


def _only(asked: Asked) -> str:
    """The day or the tag the list is narrowed by, if by nothing else."""
    told = asked.due or asked.tag
    alone = replace(asked, due="", tag="") if not (asked.due and asked.tag) else asked
    return "" if alone.narrowed else told


def _claim_next(user: User, number: int) -> Empty:
    """The inbox is empty, but the reader's groups are not: how much waits, and since when."""
    group = posts.only(user.offices) or gettext("Your groups")
    words = ngettext(
        "%(group)s: %(count)s task is still unclaimed",
        "%(group)s: %(count)s tasks are still unclaimed",
        number,
    )
    text = words % {"group": group, "count": queues.capped(number)}
    rows = queues.page_of(user, Asked("unclaimed")).rows
    if rows and rows[0].due is not None:
        day = date_format(rows[0].due, "MONTH_DAY_FORMAT")
        text = gettext("%(words)s, the earliest due on %(day)s.") % {"words": text, "day": day}
    else:
        text = gettext("%(words)s.") % {"words": text}
    action, url = gettext("Claim the next one"), reverse("task_claim_next")
    return Empty(gettext("Your inbox is empty"), text, action, url, post=True)
