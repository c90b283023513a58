"""What is done and read in these tests."""

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta

from tests.groups import signer
from tests.stages import deciding
from tests.stages.deciding import found
from workflows import clock
from workflows.models import (
    Case,
    Event,
    Figures,
    Ranking,
    Standing,
    Task,
)
from workflows.stages import (
    publication,
    ranking,
    standings,
    withdrawal,
)

BEST = {"I05": 100, "I24": 100}


GOOD = {"I05": 90, "I24": 90}


FAIR = {"I05": 70, "I24": 70}


POOR = {"I05": 1, "I24": 1}


Cases = Mapping[str, Case]


def rank(cases: Cases, cast, *, approve: bool = True, reason: str = "") -> Ranking:
    """The officer ranks, or ranks again for a reason; the second signature follows."""
    case = found(next(iter(cases.values())))
    whole = {"procedure_key": case.procedure_key, "group": case.group, "by": cast.officer}
    made = (
        ranking.rerank(case.round, **whole, reason=reason)
        if reason
        else ranking.rank(case.round, **whole)
    )
    if approve:
        ranking.approve(made, by=countersigner(made, cast))
    return made


def countersigner(made: Ranking, cast):
    return cast.finance if made.procedure_key == "funding" else cast.leader


def places(made: Ranking, cases: Cases) -> dict[str, tuple[int, str, str]]:
    """Name -> place, mark, status."""
    rows = {each.case_id: each for each in made.standings.all()}
    return {
        name: (row.place, str(row.mark), row.status)
        for name, each in cases.items()
        if (row := rows.get(each.pk))
    }


def money(made: Ranking, cases: Cases) -> dict[str, tuple[str, str | None]]:
    """Name -> status, amount."""
    rows = {each.case_id: each for each in made.standings.all()}
    return {
        name: (row.status, None if row.amount is None else str(row.amount))
        for name, each in cases.items()
        if (row := rows.get(each.pk))
    }


def standing(case: Case) -> Standing:
    held = standings.standing_of(found(case))
    assert held is not None
    return held


def waiting(case: Case) -> list[str]:
    tasks = Task.objects.filter(case=case, finished=None).order_by("node")
    return list(tasks.values_list("node", flat=True))


def states(cases: Cases) -> dict[str, str]:
    return {name: str(found(each).state) for name, each in cases.items()}


def told(case: Case, kind: str = "ranked") -> list[dict[str, object]]:
    events = Event.objects.filter(case=case, kind=kind).order_by("seq")
    return [json.loads(each.body)["facts"] for each in events]


def correct(case: Case, **values: object) -> None:
    """A correction the head of the office has ordered, a minute later."""
    moment = clock.now() + timedelta(minutes=1)
    last = Figures.objects.filter(case=case).latest("revision")
    changed = {
        code: {**last.values[code], "value": str(value), "finding": "corrected"}
        for code, value in values.items()
    }
    Figures.objects.create(
        case=case,
        round=last.round,
        revision=last.revision + 1,
        values={**last.values, **changed},
        reason="异议查实",
        given=moment,
        confirmed=moment,
    )


def on_notice(cases: Iterable[Case], cast) -> None:
    """The cases are decided and published on one list."""
    listed = list(cases)
    for each in listed:
        deciding.decide(each, cast)
    deciding.publish(listed, cast)


def take_back(case: Case, cast) -> None:
    """The applicant withdraws during the notice, with the office's consent."""
    withdrawal.ask(found(case), reason="调整", by=signer(case))
    withdrawal.consent(found(case), by=cast.officer)


def object_to(case: Case):
    entry = publication.running_entry(found(case))
    return publication.file_objection(
        entry,
        objector="王五",
        contact_name="王五",
        phone="13800000000",
        is_unit=False,
        facts="数据不实",
    )
