"""X2: files that may ask money for the same thing are found, linked, and judged by a person."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.stages import course as courses
from tests.stages import jointly
from tests.stages.course import Course
from tests.stages.jointly import FUNDING, JOINT, OTHER_SCHOOL, SCHOOL, TRAITS
from workflows import clock, demo
from workflows.errors import (
    DoubleFunding,
    LikenessUndecided,
    NotEntitled,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Event, Likeness, Trait, User
from workflows.stages import corrections, likeness, partners, review, withdrawal

pytestmark = pytest.mark.django_db
RULES: dict[str, Any] = {
    "joint": JOINT, "funding": FUNDING, "traits": TRAITS, "one_per": "project_name",
}  # fmt: skip
NAME = "集成电路装备维护开放型实训基地建设"


@pytest.fixture(autouse=True)
def _today(office, standing_clock):
    """Time stands still."""


@pytest.fixture
def call():
    """A round whose files are compared."""
    return jointly.call(**RULES)


def filed(call, index: int = 0, *, partner: dict[str, str] = SCHOOL, **answers: Any) -> Case:
    """A filed application with one partner."""
    unit = jointly.unit(partner)
    case = jointly.drafted(call, jointly.applicant(index), **{"partners": [partner]} | answers)
    partners.confirm(case, by=demo.signer(unit))
    return jointly.filed(case)


def found(case: Case) -> list[tuple[str, list[str]]]:
    """The files ``case`` is like, each with the kinds of ground."""
    return [
        (each.other.reference, [ground["kind"] for ground in each.grounds])
        for each in case.likenesses.order_by("pk")
    ]


def officer() -> User:
    """A case officer."""
    return demo.cast("310110").officer


def budget(*items: str) -> dict[str, Any]:
    """A budget with these items."""
    return {"budget": [{"item": item, "amount": "10.00"} for item in items]}


# --- finding --------------------------------------------------------------------------------------
def test_x2_the_same_project_under_two_leads_is_found(call):
    first = filed(call, project_name=NAME)

    second = filed(call, 1, partner=OTHER_SCHOOL, project_name="集成电路装备维护项目")

    assert found(second) == [(first.reference, ["name"])]
    assert found(first) == []


def test_x2_the_same_project_under_two_names_of_one_lead_is_found_by_its_budget(call):
    items = budget("晶圆传输实训平台2套", "真空系统实训台", "洁净实训间改造", "耗材")
    first = filed(call, project_name=NAME, **items)

    second = filed(call, partner=OTHER_SCHOOL, project_name="半导体工艺课程", **items)

    assert found(second) == [(first.reference, ["site", "units", "budget"])]


def test_x2_one_site_and_a_partner_in_common_under_two_leads_are_found(call):
    first = filed(call, site="某路1号")

    second = filed(call, 1, site="（某路１号）")

    assert found(second) == [(first.reference, ["site", "units"])]
    (likeness_,) = second.likenesses.all()
    assert likeness_.grounds[1]["shared"] == [SCHOOL["org_name"]]


def test_x2_a_partner_in_common_alone_is_no_likeness(call):
    filed(call)

    assert found(filed(call, 1)) == []


def test_x2_files_of_other_rounds_are_compared_and_those_that_ended_for_nothing_are_not(call):
    withdrawn = filed(call, project_name=NAME)
    withdrawal.withdraw(withdrawn, reason="撤回", by=demo.signer(withdrawn.applicant))
    older = filed(call, 1, partner=OTHER_SCHOOL, project_name=NAME)
    draft = jointly.drafted(call, jointly.applicant(3), project_name=NAME)

    newer = filed(jointly.call("J-2027", **RULES), 2, partner=FIRM_OF_SCHOOLS, project_name=NAME)

    assert found(newer) == [(older.reference, ["name"])]
    assert jointly.fresh(draft).state == "draft"


FIRM_OF_SCHOOLS = {
    "org_name": "绍兴鉴湖职业技术学院",
    "uscc": "12330600MBYY2B039J",
    "role": "school",
}


def test_x2_without_money_an_applicants_own_files_are_no_double_funding():
    call = jointly.call(joint=JOINT, traits=TRAITS, one_per="site")
    filed(call, project_name=NAME, site="某路1号")

    assert found(filed(call, project_name=NAME, site="某路2号")) == []


def test_files_of_rules_that_name_no_traits_are_not_compared():
    call = jointly.call(joint=JOINT)
    filed(call, project_name=NAME)

    second = filed(call, 1, partner=OTHER_SCHOOL, project_name=NAME)

    assert found(second) == []
    assert not Trait.objects.filter(kind__in=["name", "site", "item"]).exists()


def test_x2_what_is_found_is_on_the_trail_without_an_actor(call):
    first = filed(call, project_name=NAME)
    second = filed(call, 1, partner=OTHER_SCHOOL, project_name=NAME)

    event = Event.objects.get(case=second, kind="likeness_found")
    assert event.actor is None
    assert first.reference in event.body


def test_a_correction_looks_again_and_keeps_what_was_judged(call):
    first = filed(call, project_name=NAME)
    other = filed(call, 1, partner=OTHER_SCHOOL, project_name="航空部件检测", site="某路1号")
    case = filed(call, 2, project_name=NAME, site="某路1号")
    judged = case.likenesses.get(other=first)
    likeness.decide(judged, verdict="different", text="设备不同", by=officer())
    before = found(case)
    item = {"target": "project_name", "reason": "unreadable", "text": "名称不清"}
    corrections.return_once(case, items=[item], by=demo.cast(case.district).window)
    jointly.saved(case, project_name="航空部件检测")
    partners.confirm(case, by=demo.signer(jointly.unit(SCHOOL)))

    corrections.resubmit(case, note="", answers={}, by=demo.signer(case.applicant))

    assert [reference for reference, _kinds in before] == [first.reference]
    assert [reference for reference, _kinds in found(case)] == [first.reference, other.reference]
    assert [each.other for each in likeness.undecided(case)] == [other]


def test_a_correction_lets_go_of_a_likeness_nobody_judged(call):
    filed(call, project_name=NAME)
    case = filed(call, 1, partner=OTHER_SCHOOL, project_name=NAME)
    item = {"target": "project_name", "reason": "unreadable", "text": "名称不清"}
    corrections.return_once(case, items=[item], by=demo.cast(case.district).window)
    jointly.saved(case, project_name="航空部件检测")
    partners.confirm(case, by=demo.signer(jointly.unit(OTHER_SCHOOL)))

    corrections.resubmit(case, note="", answers={}, by=demo.signer(case.applicant))

    assert found(case) == []


def test_x2_among_many_files_only_those_that_share_something_are_read(call):
    first = filed(call, project_name=NAME)
    crowd = filed(call, 2, partner=OTHER_SCHOOL, project_name="航空部件检测")
    Trait.objects.bulk_create(
        Trait(case=crowd, kind="name", value=f"第{number}号航空部件检测线")
        for number in range(5000)
    )
    case = jointly.drafted(call, jointly.applicant(1), project_name=NAME, partners=[OTHER_SCHOOL])
    partners.confirm(case, by=demo.signer(jointly.unit(OTHER_SCHOOL)))

    with CaptureQueriesContext(connection) as asked:
        case = jointly.filed(case)

    reading = [each for each in asked if each["sql"].startswith('SELECT "workflows_trait"')]
    assert found(case) == [(first.reference, ["name"])]
    assert len(reading) == 3  # names, sites, and the one file worth comparing


# --- judging --------------------------------------------------------------------------------------
@pytest.fixture
def pair(call) -> Likeness:
    """Two files that look alike."""
    filed(call, project_name=NAME)
    return filed(call, 1, partner=OTHER_SCHOOL, project_name=NAME).likenesses.get()


def test_x2_nothing_goes_on_while_a_likeness_is_undecided(pair):
    with pytest.raises(LikenessUndecided) as refused:
        likeness.check(pair.case)
    likeness.decide(pair, verdict="different", text="一为设备、一为课程", by=officer())

    assert refused.value.facts == {"cases": pair.other.reference}
    likeness.check(pair.case)
    assert likeness.same(pair.case) == []


def test_x2_the_verdict_stands_in_both_files(pair):
    likeness.decide(pair, verdict="same", text="同一实训基地", by=officer())

    pair.refresh_from_db()
    told = Event.objects.filter(kind="likeness_decided").order_by("case")
    assert (pair.verdict, pair.text, pair.decided_by) == ("same", "同一实训基地", officer())
    assert pair.decided == clock.now()
    assert [each.case for each in told] == [pair.other, pair.case]
    assert likeness.same(pair.case) == [pair]


def test_x2_a_verdict_has_words_an_officer_and_stands(pair):
    for verdict, text in (("same", " "), ("", "x"), ("maybe", "x")):
        with pytest.raises(ReasonMissing):
            likeness.decide(pair, verdict=verdict, text=text, by=officer())
    for person in (demo.cast("310110").window, demo.cast("310110").leader):
        with pytest.raises(NotEntitled):
            likeness.decide(pair, verdict="same", text="x", by=person)
    likeness.decide(pair, verdict="different", text="x", by=officer())
    with pytest.raises(StageClosed):
        likeness.decide(pair, verdict="same", text="x", by=officer())


# --- before outsiders evaluate ------------------------------------------------------------------
@pytest.fixture
def twin(bases, standing_clock) -> Course:
    """The base of one lead, filed again by another; it waits for the department review."""
    first = courses.begun("P2-001", standing_clock, bases).file()
    name = first.case.filed.answers["base_name"]
    second = courses.begun("P2-002", standing_clock, bases, base_name=name).file()
    return second.to("department_review")


@pytest.mark.parametrize("verdict", ["evaluate", "stop"])
def test_x2_a_review_does_not_end_while_a_likeness_is_undecided(twin, verdict):
    with pytest.raises(LikenessUndecided) as refused:
        review.conclude(twin.case, verdict=verdict, text="x", by=twin.cast.officer)

    (found_,) = likeness.undecided(twin.case)
    assert refused.value.facts == {"cases": found_.other.reference}
    likeness.decide(found_, verdict="different", text="两处场地", by=twin.cast.officer)
    review.conclude(twin.case, verdict=verdict, text="x", by=twin.cast.officer)
    assert twin.state == ("evaluating" if verdict == "evaluate" else "proposal")


def test_x2_the_base_of_another_lead_is_not_evaluated_a_second_time(twin):
    likeness.decide(
        likeness.undecided(twin.case)[0], verdict="same", text="同一基地", by=twin.cast.officer
    )

    with pytest.raises(DoubleFunding):
        review.conclude(twin.case, verdict="evaluate", text="", by=twin.cast.officer)
    review.conclude(twin.case, verdict="stop", text="同一基地", by=twin.cast.officer)

    assert twin.state == "proposal"


def test_a_file_goes_back_to_the_district_whatever_it_is_like(twin):
    review.conclude(twin.case, verdict="back", text="请补充", by=twin.cast.officer)

    assert twin.state == "accepted"
