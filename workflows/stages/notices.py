"""The public lists themselves: what they say, until when, and when an entry is published again."""

from collections.abc import Iterable, Sequence
from typing import Any

from workflows import audit, clock
from workflows.edition_selection import PLACED
from workflows.errors import StageClosed
from workflows.models import Case, Item, NoticeEntry, PublicNotice, User
from workflows.stages import deadlines, messages, numbers, papers, standings
from workflows.stages.standings import Status
from workflows.working_days import calendar


def opened(case: Case, by: User) -> PublicNotice:
    """Open a list for cases like ``case`` from today on; ``StageClosed`` if no meeting passed."""
    passed = case.items.filter(result=Item.Result.PASSED).select_related("meeting")
    item = passed.order_by("-pk").first()
    if item is None:
        raise StageClosed
    rules = case.procedure.notice
    last = calendar().notice_end(clock.today(), rules.days, rules.unit, rules.counts_first_day)
    words = {
        "procedure": case.procedure.title.zh,
        "office": case.rules.issuer.name.zh,
        "issuer": case.rules.issuer.name.zh,
        "notice_from": papers.in_words(clock.today()),
        "notice_to": papers.in_words(last.day),
        "days": rules.days,
        "meeting": item.meeting.title,
    }
    return PublicNotice.objects.create(
        slug=_slug(),
        programme_key=case.programme_key,
        title=rules.title.zh.format_map(words),
        body=rules.body.zh.format_map(words),
        opens=clock.today(),
        closes=last.day,
        days=rules.days,
        unit=rules.unit,
        provisional=last.provisional,
        published=clock.now(),
        by=by,
    )


def _slug() -> str:
    year = clock.today().year
    (series,) = numbers.advance(f"notice:{year}")
    return f"{year}-{series.last:03d}"


def enter(notice: PublicNotice, position: int, locked: Case, by: User) -> None:
    """Put a held case on a list and let its end be watched."""
    NoticeEntry.objects.create(notice=notice, case=locked, position=position, facts=facts(locked))
    event = audit.record(
        locked,
        "notice_opened",
        by=by,
        notice=notice.slug,
        opens=notice.opens.isoformat(),
        closes=notice.closes.isoformat(),
    )
    deadlines.watch(locked, "close_notice", notice.closes, key=notice.slug)
    messages.tell(locked, "notice_opened", event=event, closes=notice.closes.isoformat())


def facts(locked: Case) -> dict[str, Any]:
    """What the public reads of the case: the answers the edition publishes, place and outcome.

    A question that was not asked of this applicant is left out.
    """
    asked = locked.procedure.notice.publishes
    answers = {**locked.filed.derived, **locked.filed.answers}
    told = {code: answers[code] for code in asked if code in answers and code not in PLACED}
    name = {"name": locked.applicant.name, "outcome": locked.decision.outcome}
    return {**told, **name, **_placed(locked, asked)}


def _placed(locked: Case, asked: Sequence[str]) -> dict[str, str]:
    standing = standings.standing_of(locked) if locked.group else None
    known = {
        "mark": locked.score,
        "place": standing.place if standing else None,
        "amount": locked.amount,
    }
    return {code: str(each) for code, each in known.items() if code in asked and each is not None}


def publish_again(held: Iterable[Case], by: User) -> None:
    """Publish entries whose facts have changed once more, for a full period (domain 0.12, X55)."""
    notice, position = None, 0
    for each in held:
        entry = each.entries.filter(closed=None, removed=None).order_by("-pk").first()
        if entry is None or not has_changed(each, entry):
            continue
        NoticeEntry.objects.filter(pk=entry.pk).update(removed=clock.now())
        notice, position = notice or opened(each, by), position + 1
        enter(notice, position, each, by)


def has_changed(locked: Case, entry: NoticeEntry) -> bool:
    """Whether an entry no longer says what is to be said of the case.

    A new name of the applicant is shown beside the old one and begins no new period (X7).
    """
    return bool({**entry.facts, "name": ""} != {**facts(locked), "name": ""})


def is_unsettled(locked: Case) -> bool:
    """Whether what is published of the case hangs on a group that has to be ranked again."""
    standing = standings.standing_of(locked) if locked.group else None
    return standing is not None and standings.unsettled(standing.ranking)


def has_lost(locked: Case) -> bool:
    """Whether a published case has lost the place it was published for."""
    if not locked.group:
        return False
    standing = standings.standing_of(locked)
    return standing is None or standing.status != Status.SELECTED
