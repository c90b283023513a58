"""What the entries of the trail are called: kinds, separated duties, facts and their codes."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.models import Ballot, Item, Objection, Opinion
from workflows.status_words import OUTCOMES

Labels = Mapping[str, Mapping[str, str | Promise]]  # fact -> code -> what it is called


@dataclass(frozen=True, slots=True)
class Kind:
    """How entries of one kind look."""

    title: str | Promise
    icon: str = "check"
    tone: str = ""


KINDS = {
    # --- the applicant --------------------------------------------------------------------------
    "drafted": Kind(_("Draft begun"), "edit"),
    "draft_saved": Kind(_("Draft saved"), "edit"),
    "file_attached": Kind(_("File attached"), "upload"),
    "file_removed": Kind(_("File removed"), "trash"),
    "discarded": Kind(_("Draft thrown away"), "trash"),
    "submitted": Kind(_("Application filed"), "send", "brand"),
    "resubmitted": Kind(_("Correction handed in"), "edit", "brand"),
    "withdrawn": Kind(_("Application withdrawn"), "undo"),
    "receipt_confirmed": Kind(_("Receipt confirmed by the applicant"), "check", "ok"),
    # --- the desk -------------------------------------------------------------------------------
    "claimed": Kind(_("Task claimed"), "user"),
    "given_back": Kind(_("Task given back"), "undo"),
    "released": Kind(_("Task given back"), "undo"),
    "accepted": Kind(_("Accepted"), "check", "ok"),
    "deemed_accepted": Kind(_("Deemed accepted"), "clock", "warn"),
    "returned": Kind(_("Returned once for correction"), "warning", "warn"),
    "correction_extended": Kind(_("More time to correct"), "clock"),
    "correction_recounted": Kind(_("Time to correct counted again"), "calendar"),
    "abandoned": Kind(_("Deemed abandoned"), "close", "warn"),
    "not_accepted": Kind(_("Not accepted"), "close", "bad"),
    "forwarded": Kind(_("Forwarded to another desk"), "arrow-right"),
    "reviewed": Kind(_("District review"), "check", "brand"),
    "consulted": Kind(_("Departments asked"), "users", "brand"),
    "opinion_given": Kind(_("Department opinion"), "building", "brand"),
    "reminded": Kind(_("Department reminded"), "bell", "warn"),
    "silence_read": Kind(_("Silence read as no objection"), "clock", "warn"),
    "sent_to_evaluation": Kind(_("Sent to evaluation"), "scale", "plum"),
    "sent_back_to_review": Kind(_("Sent back to the district"), "undo", "warn"),
    "stopped": Kind(_("Review stopped"), "close", "bad"),
    "suspended": Kind(_("Suspended"), "pause", "warn"),
    "resumed": Kind(_("Resumed"), "arrow-right"),
    "extended": Kind(_("Time limit extended"), "clock", "warn"),
    "terminated": Kind(_("Terminated"), "close", "bad"),
    "due_recounted": Kind(_("Day of decision counted again"), "calendar"),
    # --- evaluation -----------------------------------------------------------------------------
    "panel_formed": Kind(_("Panel formed"), "users", "plum"),
    "no_interest_declared": Kind(_("No interest declared"), "shield", "plum"),
    "recused": Kind(_("Recused"), "lock", "plum"),
    "seat_voided": Kind(_("Seat void, marks do not count"), "revoked", "bad"),
    "substitute_seated": Kind(_("Substitute seated"), "user", "plum"),
    "sheet_locked": Kind(_("Sheet locked"), "lock", "plum"),
    # --- decision -------------------------------------------------------------------------------
    "proposed": Kind(_("Outcome proposed"), "pen", "brand"),
    "endorsed": Kind(_("Proposal endorsed"), "check", "brand"),
    "tabled": Kind(_("Put on the agenda"), "list", "brand"),
    "voted": Kind(_("Vote cast"), "gavel"),
    "resolved": Kind(_("Resolved by the joint conference"), "gavel", "ok"),
    "notice_opened": Kind(_("Public notice opened"), "eye", "brand"),
    "notice_recounted": Kind(_("End of the notice counted again"), "calendar"),
    "notice_closed": Kind(_("Public notice ended"), "eye", "ok"),
    "objected": Kind(_("Objection received"), "flag", "warn"),
    "objection_answered": Kind(_("Objection answered"), "flag"),
    "signed": Kind(_("Decision signed"), "pen", "ok"),
    "held": Kind(_("Held before sealing"), "pause", "warn"),
    "sealed": Kind(_("Decision sealed"), "seal", "ok"),
    "document_issued": Kind(_("Document issued"), "file", "ok"),
    "granted": Kind(_("Title granted"), "medal", "ok"),
    "refused": Kind(_("Application refused"), "close", "bad"),
    "delivered": Kind(_("Delivered to the applicant"), "mail", "ok"),
}

DUTIES = {  # domain 0.3
    "accept": _("Acceptance"),
    "evaluate": _("Evaluation"),
    "approve": _("Approval"),
    "sign": _("Signing"),
    "seal": _("Sealing"),
}

FACTS = {  # in the order in which they are read
    "procedure": _("Procedure"),
    "submission": _("Version"),
    "revision": _("Revision"),
    "node": _("Step"),
    "department": _("Department"),
    "departments": _("Departments"),
    "agency": _("Agency"),
    "seat": _("Seat"),
    "seats": _("Seats"),
    "meeting": _("Meeting"),
    "position": _("Agenda item"),
    "notice": _("Notice"),
    "objection": _("Objection"),
    "kind": _("Kind"),
    "code": _("Attachment"),
    "name": _("Name"),
    "number": _("Number"),
    "title": _("Number of the title"),
    "outcome": _("Outcome"),
    "result": _("Result"),
    "verdict": _("Verdict"),
    "choice": _("Vote"),
    "total": _("Total"),
    "score": _("Mark"),
    "objections": _("Objections"),
    "effect": _("Effect"),
    "former": _("Before"),
    "district": _("District"),
    "competent": _("Competent office"),
    "opens": _("First day"),
    "closes": _("Last day"),
    "planned": _("Planned until"),
    "due": _("Due"),
    "items": _("Named"),
    "finding": _("Finding"),
    "reasons": _("Reasons"),
    "reason": _("Reason"),
    "text": _("Words"),
    "answer": _("Answer"),
    "note": _("Note"),
    "consent": _("Consent by"),
}
CHOICES: Labels = {
    "choice": dict(Ballot.Choice.choices),
    "result": dict(Item.Result.choices) | dict(Objection.Result.choices),
    "verdict": dict(Opinion.Verdict.choices),
    "outcome": {code: word.staff for code, word in OUTCOMES.items()},
}
