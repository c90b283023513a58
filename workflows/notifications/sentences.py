"""The sentences of every message (interface 4.10): kept as facts, said in the reader's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message as it is translated, with places for facts."""

    title: str | Promise
    text: str | Promise

    @property
    def places(self) -> set[str]:
        """The names of the facts the sentence needs."""
        return set(PLACE.findall(f"{self.title} {self.text}"))


@dataclass(frozen=True, slots=True)
class Words:
    """A message as one reader reads it."""

    title: str
    text: str


SENTENCES: Mapping[str, Sentence] = {
    # --- to the applicant -----------------------------------------------------------------------
    "received": Sentence(
        _("Application received"),
        _(
            "Your application %(reference)s has arrived. "
            "By %(due)s you hear whether it is complete."
        ),
    ),
    "accepted": Sentence(
        _("Application accepted"),
        _("Your application %(reference)s is accepted. It will be decided by %(due)s."),
    ),
    "returned": Sentence(
        _("Correction needed"),
        _(
            "Your application %(reference)s needs correction. Everything to correct is listed; "
            "please hand it in by %(due)s."
        ),
    ),
    "correction_extended": Sentence(
        _("More time to correct"),
        _("You may hand in the correction of application %(reference)s until %(due)s."),
    ),
    "not_accepted": Sentence(
        _("Application not accepted"),
        _(
            "Your application %(reference)s was not accepted. "
            "The notice names the reason and your remedies."
        ),
    ),
    "abandoned": Sentence(
        _("Application deemed abandoned"),
        _(
            "No correction of application %(reference)s arrived in time, "
            "so it counts as abandoned. You may apply again."
        ),
    ),
    "forwarded": Sentence(
        _("Application forwarded"),
        _(
            "Your application %(reference)s was handed to the desk of area %(district)s. "
            "The time already used is kept."
        ),
    ),
    "evaluating": Sentence(
        _("Expert evaluation begins"),
        _(
            "Application %(reference)s goes to expert evaluation, planned for %(days)s working "
            "days until %(planned)s. This time does not count towards the decision."
        ),
    ),
    "due_recounted": Sentence(
        _("Day of decision confirmed"),
        _(
            "The holidays of the year are now published. "
            "Application %(reference)s will be decided by %(due)s."
        ),
    ),
    "suspended": Sentence(
        _("Application suspended"),
        _("Application %(reference)s is suspended and its clock stands still: %(reason)s"),
    ),
    "resumed": Sentence(
        _("Application resumed"),
        _("Application %(reference)s goes on where it stood."),
    ),
    "extended": Sentence(
        _("Time limit extended"),
        _("The time for deciding on %(reference)s is extended to %(due)s: %(reason)s"),
    ),
    "resolved": Sentence(
        _("Joint conference held"),
        _("The joint conference has dealt with application %(reference)s."),
    ),
    "notice_opened": Sentence(
        _("Public notice opened"),
        _("Application %(reference)s is in public notice until the end of %(closes)s."),
    ),
    "notice_closed": Sentence(
        _("Public notice ended"),
        _("The public notice of %(reference)s has ended; the decision is being signed."),
    ),
    "objected": Sentence(
        _("Objection received"),
        _("An objection to application %(reference)s was filed and is under review."),
    ),
    "objection_answered": Sentence(
        _("Objection answered"),
        _("The objection to application %(reference)s has been answered."),
    ),
    "document_issued": Sentence(
        _("Paper issued"),
        _("“%(title)s” was issued on application %(reference)s and is ready for download."),
    ),
    "decided": Sentence(
        _("Decision delivered"),
        _(
            "Application %(reference)s is decided (%(number)s). "
            "The decision is ready for download; please confirm that you received it."
        ),
    ),
    "withdrawn": Sentence(
        _("Application withdrawn"),
        _("Application %(reference)s was withdrawn. You may apply again."),
    ),
    "terminated": Sentence(
        _("Application terminated"),
        _("The handling of application %(reference)s has ended: %(reason)s"),
    ),
    # --- to the office --------------------------------------------------------------------------
    "assigned": Sentence(
        _("Task assigned"),
        _("Case %(reference)s was assigned to you; please deal with it by %(due)s."),
    ),
    "opinion_requested": Sentence(
        _("Opinion requested"),
        _("Your department's opinion on case %(reference)s is asked for by %(due)s."),
    ),
    "reminder": Sentence(
        _("Opinion still outstanding"),
        _("Your department has not answered on case %(reference)s yet; the time ends on %(due)s."),
    ),
    # --- to experts: nothing that names the applicant -------------------------------------------
    "panel_seat": Sentence(
        _("Evaluation assigned"),
        _("You were drawn for an evaluation. Please declare your interests; then the file opens."),
    ),
    # --- to the conference ----------------------------------------------------------------------
    "meeting_called": Sentence(
        _("On the agenda"),
        _("Case %(reference)s is on the agenda of the joint conference; the papers are ready."),
    ),
}


def words(kind: str, facts: Mapping[str, object]) -> Words:
    """Say a message in the active language; days among the facts are written out."""
    sentence = SENTENCES[kind]
    places = {name: _readable(value) for name, value in facts.items()}
    return Words(str(sentence.title) % places, str(sentence.text) % places)


def _readable(value: object) -> str:
    try:
        day = parse_date(str(value))
    except ValueError:  # looks like a day, but no calendar has it
        day = None
    return date_format(day) if day else str(value)
