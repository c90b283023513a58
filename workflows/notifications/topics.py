"""What people may choose: kinds of messages by topic, and how each reaches them unless told.

The rows are those of interface 4.10. In the house every message can be read, whatever is chosen;
a notice of the law cannot be turned off on any way, and what no topic names counts as one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Reader = Literal["applicant", "office", "panel", "anybody"]


class Pace(TextChoices):
    """How soon a message follows its event on one channel."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Daily letter")
    NEVER = "never", _("Never")


@dataclass(frozen=True, slots=True)
class Topic:
    """Messages that are chosen or turned off together."""

    code: str
    title: str | Promise
    text: str | Promise
    reader: Reader
    kinds: frozenset[str]
    usual: Pace = Pace.AT_ONCE
    fixed: bool = False


LAW = Topic(
    "law",
    _("Notices the law asks for"),
    _("Receipt, acceptance, what to correct, time limits, decisions. They cannot be turned off."),
    "applicant",
    frozenset(
        {
            "received", "accepted", "returned", "correction_extended", "not_accepted", "abandoned",
            "forwarded", "visit_ordered", "due_recounted", "newer_edition_applied", "suspended",
            "resumed", "extended", "document_issued", "decided", "withdrawn", "withdrawal_refused",
            "review_answered", "task_book_opened", "task_book_lapsed", "terminated",
            "step_repeated", "figures_set", "figures_deemed_confirmed", "contest_settled",
            "figure_corrected", "amount_offered", "round_joined", "deadline_moved",
            "supplement_asked", "supplement_lapsed", "supplement_recalled", "refusal_intended",
            "defence_answered", "renewal_asked", "renewal_lapsed", "answer_recounted",
        }
    ),
    fixed=True,
)  # fmt: skip
TOPICS: tuple[Topic, ...] = (
    LAW,
    Topic(
        "course",
        _("Where your applications stand"),
        _("Evaluation, joint conference, public notice, objections, answers to your ratings."),
        "applicant",
        frozenset(
            {
                "evaluating", "resolved", "notice_opened", "notice_closed", "objected",
                "objection_answered", "called_up", "rating_answered",
            }
        ),
    ),
    Topic(
        "deadlines",
        _("Reminders"),
        _("A draft nobody works on, a call that closes, a correction due, a title that expires."),
        "applicant",
        frozenset(
            {
                "draft_idle", "round_closing", "round_closes_soon", "correction_due",
                "answer_due", "title_expiring", "evidence_expiring", "mandate_ending",
            }
        ),
    ),
    Topic(
        "partners",
        _("Joint applications"),
        _("A partner is asked, agrees, does not agree, leaves or is replaced."),
        "applicant",
        frozenset(
            {
                "partner_asked", "partners_confirmed", "partner_refused", "partner_left",
                "partner_replaced",
            }
        ),
    ),
    Topic(
        "desk",
        _("Tasks of the office"),
        _("Tasks that are due or overdue, opinions asked for, what applicants ask of the office."),
        "office",
        frozenset(
            {
                "assigned", "opinion_requested", "reminder", "withdrawal_asked", "review_requested",
                "figures_contested", "correction_asked", "correction_in", "scores_in",
                "scores_apart", "objection_filed", "task_due", "task_overdue", "nobody_may",
                "rated_poorly", "intent_refused",
                "rating_due", "visit_to_sign", "visit_reopened", "supplement_answered",
                "supplement_unanswered", "defence_stated", "objection_replied",
                "registration_waits", "filed_file_infected", "paper_infected", "watched_moved",
                "finding_made", "finding_answered", "finding_unanswered", "intervention_asked",
            }
        ),
        usual=Pace.DAILY,
    ),
    Topic(
        "notes",
        _("Notes of colleagues"),
        _("A colleague mentions you in a note on a case."),
        "office",
        frozenset({"mentioned"}),
    ),
    Topic(
        "seats",
        _("Evaluations and meetings"),
        _("A seat on a panel, a sheet that is due, the agenda of the joint conference."),
        "panel",
        frozenset({"panel_seat", "sheet_due", "meeting_called"}),
    ),
    Topic(
        "account",
        _("Your account"),
        _("A sign-in on a device your account was not used on before."),
        "anybody",
        frozenset({"new_device"}),
    ),
)  # fmt: skip
BY_KIND: Mapping[str, Topic] = {kind: topic for topic in TOPICS for kind in topic.kinds}

# What is urgent enough for a short message to a telephone (interface 4.10, column S).
URGENT = frozenset(
    {
        "round_closes_soon", "received", "accepted", "not_accepted", "returned", "correction_due",
        "abandoned", "panel_seat", "sheet_due", "meeting_called", "decided", "notice_opened",
        "notice_closed", "title_expiring", "answer_due", "supplement_asked", "refusal_intended",
        "renewal_asked",
    }
)  # fmt: skip


def topic_of(kind: str) -> Topic:
    """The topic a kind of message belongs to; what none names is a notice of the law."""
    return BY_KIND.get(kind, LAW)
