"""All tables of the house, one aggregate a module."""

from workflows.models.assignment import Seat
from workflows.models.case import Case
from workflows.models.certificate import Certificate
from workflows.models.clock import Segment
from workflows.models.correction import Correction, CorrectionItem
from workflows.models.decision import Decision
from workflows.models.document import Document
from workflows.models.edition import Edition
from workflows.models.event import Event
from workflows.models.file import File
from workflows.models.holiday import DayOverride
from workflows.models.job import Job
from workflows.models.meeting import Ballot, Item, Meeting, MeetingMember
from workflows.models.message import Message
from workflows.models.notice import NoticeEntry, Objection, PublicNotice
from workflows.models.number import Number, Series
from workflows.models.opinion import Opinion
from workflows.models.organisation import Membership, Organisation
from workflows.models.people import Appointment, User
from workflows.models.process import Process, Task
from workflows.models.round import Round
from workflows.models.submission import Submission

__all__ = [
    "Appointment",
    "Ballot",
    "Case",
    "Certificate",
    "Correction",
    "CorrectionItem",
    "DayOverride",
    "Decision",
    "Document",
    "Edition",
    "Event",
    "File",
    "Item",
    "Job",
    "Meeting",
    "MeetingMember",
    "Membership",
    "Message",
    "NoticeEntry",
    "Number",
    "Objection",
    "Opinion",
    "Organisation",
    "Process",
    "PublicNotice",
    "Round",
    "Seat",
    "Segment",
    "Series",
    "Submission",
    "Task",
    "User",
]
