"""All tables of the house, one aggregate a module."""

from workflows.models.absence import Absence
from workflows.models.assignment import Seat
from workflows.models.award import Award, TaskBookSignature
from workflows.models.case import Case
from workflows.models.certificate import Certificate
from workflows.models.claim import Claim
from workflows.models.clock import Segment
from workflows.models.correction import Correction, CorrectionItem
from workflows.models.deciding import Intent, Worksheet
from workflows.models.decision import Decision
from workflows.models.defence import Defence
from workflows.models.desk import Phrase, SavedView, Viewing, Watch
from workflows.models.document import Document
from workflows.models.edition import Edition
from workflows.models.event import Event
from workflows.models.evidence import Evidence
from workflows.models.file import File, PaperScan, Picture
from workflows.models.holiday import DayOverride
from workflows.models.intervention import AuditFinding, Intervention
from workflows.models.job import Job
from workflows.models.likeness import Likeness, Trait
from workflows.models.meeting import Ballot, Item, Meeting, MeetingMember
from workflows.models.message import Message
from workflows.models.note import Note
from workflows.models.notice import NoticeEntry, Objection, PublicNotice
from workflows.models.number import Number, Series
from workflows.models.opinion import Opinion
from workflows.models.organisation import FormerName, Membership, Organisation
from workflows.models.outage import Outage
from workflows.models.partner import Partner
from workflows.models.passage import Passage
from workflows.models.people import Appointment, ErasureRequest, User
from workflows.models.preference import Preference
from workflows.models.presence import Presence
from workflows.models.process import Process, Task
from workflows.models.ranking import Figures, Ranking, Standing
from workflows.models.rating import Rating
from workflows.models.reading import Reading
from workflows.models.rechecking import ReviewRequest
from workflows.models.registration import Invitation, Registration
from workflows.models.round import Challenge, Round
from workflows.models.sharing import Distribution, Turn
from workflows.models.submission import Snapshot, Submission
from workflows.models.supplement import Supplement, SupplementItem
from workflows.models.upload import Upload
from workflows.models.visit import SiteVisit

__all__ = [
    "Absence",
    "Appointment",
    "AuditFinding",
    "Award",
    "Ballot",
    "Case",
    "Certificate",
    "Challenge",
    "Claim",
    "Correction",
    "CorrectionItem",
    "DayOverride",
    "Decision",
    "Defence",
    "Distribution",
    "Document",
    "Edition",
    "ErasureRequest",
    "Event",
    "Evidence",
    "Figures",
    "File",
    "FormerName",
    "Intent",
    "Intervention",
    "Invitation",
    "Item",
    "Job",
    "Likeness",
    "Meeting",
    "MeetingMember",
    "Membership",
    "Message",
    "Note",
    "NoticeEntry",
    "Number",
    "Objection",
    "Opinion",
    "Organisation",
    "Outage",
    "PaperScan",
    "Partner",
    "Passage",
    "Phrase",
    "Picture",
    "Preference",
    "Presence",
    "Process",
    "PublicNotice",
    "Ranking",
    "Rating",
    "Reading",
    "Registration",
    "ReviewRequest",
    "Round",
    "SavedView",
    "Seat",
    "Segment",
    "Series",
    "SiteVisit",
    "Snapshot",
    "Standing",
    "Submission",
    "Supplement",
    "SupplementItem",
    "Task",
    "TaskBookSignature",
    "Trait",
    "Turn",
    "Upload",
    "User",
    "Viewing",
    "Watch",
    "Worksheet",
]
