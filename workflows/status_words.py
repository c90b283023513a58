"""The one source of status words: what each state is called, for whom, and in which tone.

Tones are names of the design system (`static/heng/heng.css`): "" (neutral), brand, ok, warn, bad,
info, plum. The applicant reads what concerns them, the office reads what it has to do.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

Audience = Literal["applicant", "staff"]


@dataclass(frozen=True, slots=True)
class Word:
    """The name of a state as each side reads it, with its tone."""

    applicant: str | Promise
    staff: str | Promise
    tone: str = ""

    def to(self, audience: Audience) -> str:
        """Return the word for one side, in the active language."""
        return str(self.staff if audience == "staff" else self.applicant)


@dataclass(frozen=True, slots=True)
class Light:
    """A time light: a colour that is also a shape, always with words."""

    colour: Literal["green", "yellow", "red", "pause", "done"]
    words: str


def same(words: str | Promise, tone: str = "") -> Word:
    """Return a word that both sides read alike."""
    return Word(words, words, tone)


CASE_STATES = {
    "draft": same(_("Draft")),
    "submitted": Word(_("Submitted"), _("Awaiting acceptance"), "info"),
    "returned": Word(_("Correction needed"), _("In correction (clock paused)"), "warn"),
    "accepted": same(_("Accepted"), "info"),
    "reviewing": same(_("Under review"), "brand"),
    "countersign": same(_("With the departments"), "brand"),
    "evaluating": same(_("Expert evaluation"), "plum"),
    "proposal": Word(_("Under review"), _("Proposal being drafted"), "brand"),
    "meeting": same(_("Joint conference"), "brand"),
    "notice": same(_("In public notice"), "info"),
    "objection": same(_("Objection under review"), "warn"),
    "signing": same(_("Signing and sealing"), "brand"),
    "granted": same(_("Granted"), "ok"),
    "registered": same(_("In the project register"), "warn"),
    "refused": same(_("Refused"), "bad"),
    "not_accepted": same(_("Not accepted"), "bad"),
    "withdrawn": same(_("Withdrawn")),
    "abandoned": same(_("Deemed abandoned")),
    "terminated": same(_("Terminated")),
    "suspended": same(_("Suspended (clock paused)"), "warn"),
}

OUTCOMES = {
    "entered_pool": same(_("Entered in the cultivation pool"), "ok"),
    "certified": same(_("Certified"), "ok"),
    "continue_cultivation": same(_("Cultivation continues"), "warn"),
    "designated": same(_("Designated"), "ok"),
    "recognised": same(_("Recognised"), "ok"),
    "funded": same(_("Funded"), "ok"),
    "registered": same(_("In the project register"), "warn"),
    "refused": same(_("Not approved"), "bad"),
    "not_designated": same(_("Not designated"), "bad"),
    "not_recognised": same(_("Not recognised"), "bad"),
    "lapsed": same(_("Lapsed"), "warn"),
    "ineligible": same(_("Not eligible"), "bad"),
}

TITLE_STATES = {
    "active": same(_("Valid"), "ok"),
    "warning": same(_("Valid, rectification ordered"), "warn"),
    "paused": same(_("Paused"), "warn"),
    "revoked": same(_("Revoked"), "bad"),
    "expired": same(_("Expired"), "warn"),
    "cancelled": same(_("Cancelled")),
    "superseded": same(_("Replaced by a newer certificate")),
}


def case_word(state: str, outcome: str = "") -> Word:
    """Return the word for a case; a closed case is called by its outcome where one is known."""
    if state in {"granted", "refused", "abandoned"} and outcome in OUTCOMES:
        return OUTCOMES[outcome]
    return CASE_STATES[state]


def time_light(left: int, allowed: int, *, paused: bool = False, finished: bool = False) -> Light:
    """Return the light of a time limit, ``left`` and ``allowed`` being working days.

    Green while more than a fifth is left, yellow in the last fifth and on the last day, red when
    overdue (interface 4.4).
    """
    if finished:
        return finished_light(left)
    if paused:
        return Light("pause", gettext("Clock paused"))
    if left < 0:
        return Light("red", overdue(-left))
    if left == 0:
        return Light("yellow", gettext("Due today"))
    words = ngettext("%(days)s working day left", "%(days)s working days left", left)
    return Light("yellow" if left * 5 <= allowed else "green", words % {"days": left})


def finished_light(left: int) -> Light:
    """Return the light of a finished matter: a ring when in time, red when late."""
    if left < 0:
        return Light("red", overdue(-left))
    return Light("done", gettext("Finished in time"))


def overdue(days: int) -> str:
    """Say by how many working days a limit was missed."""
    words = ngettext("%(days)s working day overdue", "%(days)s working days overdue", days)
    return words % {"days": days}
