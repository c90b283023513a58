"""Where cases stand: way, office and clock of each, in the same few statements for any number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from workflows.models import Case, NoticeEntry, PublicNotice, Segment, Task
from workflows.status_words import Light
from workflows.views.applicant import account as accounts
from workflows.views.applicant import way
from workflows.views.applicant.account import Account


@dataclass(frozen=True)
class Standing:
    """One case with everything its owner asks about it."""

    case: Case
    steps: list[dict[str, object]]
    offices: list[str]
    account: Account | None
    light: Light | None
    waits: date | None  # last day of the step that is open
    notice: PublicNotice | None  # the public notice that runs


def standings(cases: Sequence[Case]) -> list[Standing]:
    """How each of ``cases`` stands, in their order; four statements."""
    made = way.moves(cases)
    tasks, segments = defaultdict(list), defaultdict(list)
    for task in Task.objects.filter(case__in=cases, finished=None).order_by("pk"):
        tasks[task.case_id].append(task)
    for segment in Segment.objects.filter(case__in=cases):
        segments[segment.case_id].append(segment)
    running = NoticeEntry.objects.filter(case__in=cases, removed=None, closed=None)
    notices = {each.case_id: each.notice for each in running.select_related("notice")}
    return [
        _standing(case, made[case.pk], tasks[case.pk], segments[case.pk], notices.get(case.pk))
        for case in cases
    ]


def _standing(
    case: Case,
    made: list[way.Move],
    tasks: list[Task],
    segments: list[Segment],
    notice: PublicNotice | None,
) -> Standing:
    closes = notice.closes if notice else None
    waits = min((task.due for task in tasks if task.due), default=closes)
    words = gettext("by %(day)s") % {"day": date_format(waits, way.SHORT)} if waits else ""
    kept = accounts.account(case, segments)
    return Standing(
        case=case,
        steps=way.steps(case, made, words),
        offices=way.offices(case, tasks),
        account=kept,
        light=accounts.light(case, kept, waits),
        waits=waits,
        notice=notice,
    )
