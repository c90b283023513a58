"""All tables of the house, one aggregate a module."""

from workflows.models.assignment import Seat
from workflows.models.award import Award, TaskBookSignature
from workflows.models.case import Case
from workflows.models.certificate import Certificate
from workflows.models.claim import Claim
from workflows.models.clock import Segment
from workflows.models.correction import Correction, CorrectionItem
from workflows.models.decision import Decision
from workflows.models.document import Document
from workflows.models.edition import Edition
from workflows.models.event import Event
from workflows.models.file import File
from workflows.models.holiday import DayOverride
from workflows.models.job import Job
from workflows.models.likeness import Likeness, Trait
from workflows.models.meeting import Ballot, Item, Meeting, MeetingMember
from workflows.models.message import Message
from workflows.models.notice import NoticeEntry, Objection, PublicNotice
from workflows.models.number import Number, Series
from workflows.models.opinion import Opinion
from workflows.models.organisation import Membership, Organisation
from workflows.models.partner import Partner
from workflows.models.people import Appointment, User
from workflows.models.process import Process, Task
from workflows.models.ranking import Figures, Ranking, Standing
from workflows.models.rechecking import ReviewRequest
from workflows.models.round import Challenge, Round
from workflows.models.submission import Submission
from workflows.models.visit import SiteVisit

__all__ = [
    "Appointment",
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
    "Document",
    "Edition",
    "Event",
    "Figures",
    "File",
    "Item",
    "Job",
    "Likeness",
    "Meeting",
    "MeetingMember",
    "Membership",
    "Message",
    "NoticeEntry",
    "Number",
    "Objection",
    "Opinion",
    "Organisation",
    "Partner",
    "Process",
    "PublicNotice",
    "Ranking",
    "ReviewRequest",
    "Round",
    "Seat",
    "Segment",
    "Series",
    "SiteVisit",
    "Standing",
    "Submission",
    "Task",
    "TaskBookSignature",
    "Trait",
    "User",
]
