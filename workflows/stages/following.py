"""What a new ranking means for the cases in it: marks, amounts, moves, entries on the trail."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflows import audit, clock
from workflows.models import Case, NoticeEntry, Ranking, Standing, Task, User
from workflows.models.case import State
from workflows.stages import deadlines, notices, standings
from workflows.stages.law import wait_again
from workflows.stages.standings import READ, Group, Status

PROPOSED = ("endorsement", "tabling")  # where a proposal waits that may have lost its ground
Facts = tuple[object, ...]


def follow(
    group: Group,
    ranking: Ranking,
    places: Sequence[Standing],
    former: Ranking | None,
    cases: Sequence[Case],
    waiting: Mapping[int, str],
    *,
    by: User,
) -> list[tuple[Case, str]]:
    """Let every held case follow its place; give those who go back, each with its node.

    One entry on the trail for each case whose place, mark, status or amount changed.
    """
    before = _before(former)
    placed = {each.case_id: each for each in places}
    changed = [each for each in cases if _facts(placed[each.pk]) != before.get(each.pk)]
    new = {each.pk for each in changed}
    for each in cases:
        _worth(group, each, placed[each.pk], new=each.pk in new)
    closed = [
        each for each in cases if each.pk in waiting and _is_done(group, each, placed[each.pk])
    ]
    for each in closed:
        each.close_evaluation()
    lost = [each for each in changed if _has_lost(each, placed[each.pk])]
    for each in lost:
        each.reconsider()
    risen = _risen(ranking, cases)
    for each in risen:
        each.evaluate_again()
    told = {each.pk: each for each in (*changed, *closed, *risen)}.values()
    audit.record_all(
        [(each, _told(placed[each.pk], len(places))) for each in told], "ranked", by=by
    )
    deadlines.unpause_all(closed)
    NoticeEntry.objects.filter(case__in=lost, closed=None, removed=None).update(removed=clock.now())
    for each in risen:
        deadlines.pause(each, "evaluation")
    notices.publish_again([each for each in changed if each.state == State.NOTICE], by)
    back = [*lost, *_outdated(changed)]
    return [(each, "proposal") for each in back] + [(each, "panel") for each in risen]


def begin_again(moved: Sequence[tuple[Case, str]]) -> None:
    """Let the flow of each case stand at its node again."""
    for each, node in moved:
        wait_again(each, node)


def _before(former: Ranking | None) -> dict[int, Facts]:
    if former is None:
        return {}
    return {each.case_id: _facts(each) for each in former.standings.defer("parts")}


def _facts(standing: Standing) -> Facts:
    return (standing.place, standing.mark, str(standing.status), standing.amount)


def _worth(group: Group, case: Case, standing: Standing, *, new: bool) -> None:
    """Mark and money are the standing's; an amount lowered by hand stays until that changes."""
    if group.selection.by == "index":
        case.score = standing.mark
    if new and group.procedure.funding is not None and case.state != State.GRANTED:
        case.amount = standing.amount if standing.status == Status.SELECTED else None


def _is_done(group: Group, case: Case, standing: Standing) -> bool:
    """Whether the evaluation of a case ends here: nobody reads what has no chance."""
    is_read = group.selection.reading and standing.status in READ
    return case.state == State.EVALUATING and not is_read


def _risen(ranking: Ranking, cases: Sequence[Case]) -> list[Case]:
    """Who has come within the quota and was never read."""
    keys = set(standings.unread(ranking).values_list("pk", flat=True))
    return [each for each in cases if each.pk in keys and each.state == State.PROPOSAL]


def _has_lost(case: Case, standing: Standing) -> bool:
    return case.state == State.NOTICE and standing.status != Status.SELECTED


def _told(standing: Standing, participants: int) -> dict[str, Any]:
    return {
        "revision": standing.ranking.revision,
        "rank": standing.place,
        "participants": participants,
        "mark": str(standing.mark),
        "status": str(standing.status),
        "amount": None if standing.amount is None else str(standing.amount),
    }


def _outdated(changed: Sequence[Case]) -> list[Case]:
    """Cases whose proposal was made on another place than they have now."""
    proposed = [each for each in changed if each.state == State.PROPOSAL]
    tasks = Task.objects.filter(case__in=proposed, node__in=PROPOSED, finished=None)
    standing = set(tasks.values_list("case", flat=True))
    return [each for each in proposed if each.pk in standing]
