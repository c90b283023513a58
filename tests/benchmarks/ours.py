"""Ten human steps of a pool entry through the real verbs, with audit, clock and jobs."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

from forms.fields import credit_code
from tests import vouchers
from tests.conftest import recording
from workflows import clock, demo
from workflows.models import Case, Seat, Task
from workflows.recording import acts, house
from workflows.recording.driver import Drive
from workflows.recording.reader import Application, Recording
from workflows.stages import (
    acceptance,
    countersign,
    deliberation,
    evaluation,
    issuance,
    outcome,
    panel,
    publication,
    review,
)

Step = Callable[[], object]
_serial = count(1)


def pool_entry() -> Iterator[Step]:
    """Every step of one fresh case in turn; what lies between two steps is done unmeasured."""
    case = _received()
    drive = Drive(application=_application("unused"), begin=lambda drive: case)
    drive.case = case
    cast = drive.cast
    acting = [cast.window, cast.district, *cast.departments.values(), *cast.checkers]
    for person in (*acting, cast.officer, cast.leader, cast.issuer, cast.seal):
        person.roles()  # a request reads them for the page's own navigation

    yield lambda: acceptance.accept(case, by=cast.window)
    yield lambda: review.recommend(case, favourable=True, text="同意。", by=cast.district)
    first, *others = Task.objects.filter(case=case, node="opinion", finished=None)
    yield lambda: _answer(case, cast, first.unit)
    for task in others:
        _answer(case, cast, task.unit)
    yield lambda: review.conclude(case, verdict="evaluate", text="", by=cast.officer)
    yield lambda: panel.form_panel(case, experts=cast.checkers[:2], by=cast.officer)
    seats = Seat.objects.select_related("case__edition", "case__applicant", "expert")
    one, two = seats.filter(case=case)
    panel.declare(one, by=one.expert)
    panel.declare(two, by=two.expert)
    yield lambda: evaluation.check(one, verdict="pass", text="属实。", by=one.expert)
    evaluation.check(two, verdict="pass", text="属实。", by=two.expert)
    case = drive.case = _read(case)
    proposed = outcome.proposed(case)
    yield lambda: deliberation.propose(
        case, outcome_=proposed, finding="符合条件。", reasons=[], by=cast.officer
    )
    yield lambda: deliberation.endorse(case, by=cast.leader)
    acts.table(drive)
    acts.hold_meeting(drive)
    acts.publish(drive)
    with clock.at(clock.now() + timedelta(days=30)):
        publication.close_notice(case)
    yield lambda: issuance.sign(case, by=cast.issuer)
    yield lambda: issuance.seal(case, by=cast.seal)


def _answer(case: Case, cast: demo.Cast, department: str) -> None:
    countersign.give_opinion(
        case,
        department=department,
        verdict="no_objection",
        text="",
        by=cast.departments[department],
    )


def _received() -> Case:
    """A submitted case of an organisation of its own."""
    application = _application(_code())
    one = Recording(applications=[application])
    (result,) = house.carry(one, lambda words: None, until="acceptance")
    return _read(Case.objects.get(reference=result.case))


def _read(case: Case) -> Case:
    """The case as a page has read it before it calls a verb."""
    return Case.objects.select_related("edition", "applicant").get(pk=case.pk)


def _application(code: str) -> Application:
    known = next(each for each in recording().applications if each.id == "P1-002")
    data = known.model_dump(mode="json")
    data["form"] |= {"uscc": code, "org_name": f"上海基准测试企业{code[-6:]}有限公司"}
    data["form"] |= vouchers.own(data["form"], code[-6:])
    day = clock.today() - timedelta(days=1)
    return Application.model_validate(
        {
            **data,
            "submitted_on": day.isoformat(),
            "timeline": [],
            "attachments": [],
            "expected": {},
        }
    )


def _code() -> str:
    body = f"MABX{next(_serial):04d}"
    first = f"91310115{body}{credit_code.organisation_check(body)}"
    return first + credit_code.check_character(first)
