"""What is done and read in these tests."""

from decimal import Decimal

from tests.stages.schooling import Schooling
from workflows.models import Seat
from workflows.stages import (
    evaluation,
    panel,
    ranking,
    standings,
)

LOWER = {"finding": "corrected", "value": "4210", "reason": "课表只证明4210课时"}


UNPROVEN = {"finding": "unproven", "reason": "没有聘书"}


def rank(schools: list[Schooling]) -> None:
    first = schools[0]
    made = ranking.rank(
        first.case.round, procedure_key="recognition", group="higher", by=first.cast.officer
    )
    ranking.approve(made, by=first.cast.leader)


def places(schools: list[Schooling]) -> list[tuple[int, Decimal]]:
    found = [standings.standing_of(each.case) for each in schools]
    return [(each.place, each.mark) for each in found if each is not None]


def read(school: Schooling, verdicts: str) -> None:
    panel.form_panel(school.case, experts=school.cast.experts[:7], by=school.cast.agency)
    for seat, word in zip(sheets(school), verdicts, strict=True):
        panel.declare(seat, by=seat.expert)
        verdict = "pass" if word == "+" else "fail"
        evaluation.check(seat, verdict=verdict, text="与数据对照", by=seat.expert)


def sheets(school: Schooling) -> list[Seat]:
    return [each for each in school.seats if each.node == "sheet"]
