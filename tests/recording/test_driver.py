"""Other courses than the smooth one: every exit of the law, driven from a timeline."""

import pytest

from tests.recording.filing import carried, day, recorded
from workflows.models import Event
from workflows.models.case import State

pytestmark = pytest.mark.django_db

LOW = [
    {"expert": f"专家{n}", "score": score} for n, score in enumerate((71, 68, 74, 70, 69, 72, 66))
]
LOWER = [
    {"expert": f"专家{n}", "score": score} for n, score in enumerate((51, 48, 54, 50, 49, 52, 46))
]
RETURNED = [day("2026-09-29", "return_for_correction", reason="缺材料")]


@pytest.mark.parametrize(
    ("name", "changes", "state", "outcome"),
    [
        ("P1-001", {"evaluation": {"panel": LOW}}, State.REFUSED, "continue_cultivation"),
        ("P1-001", {"evaluation": {"panel": LOWER}}, State.REFUSED, "refused"),
        ("P1-001", {"votes": {"disagree": 3}}, State.REFUSED, "refused"),
        (
            "P1-001",
            {"timeline": [day("2026-09-10", "withdraw", reason="业务调整")]},
            State.WITHDRAWN,
            "withdrawn",
        ),
        (
            "P1-001",
            {"timeline": [day("2026-09-09", "refuse_acceptance", reason="不属于受理范围")]},
            State.NOT_ACCEPTED,
            "not_accepted",
        ),
        (
            "P1-002",
            {"timeline": [day("2026-09-29", "return_for_correction", reason="缺材料")]},
            State.ABANDONED,
            "abandoned",
        ),
        (
            "P1-001",
            {
                "timeline": [
                    day("2026-09-10", "department_objection", department="tax", reason="欠税")
                ]
            },
            State.REFUSED,
            "refused",
        ),
        (
            "P1-001",
            {"timeline": [day("2026-09-20", "suspend"), day("2026-10-20", "resume")]},
            State.GRANTED,
            "certified",
        ),
        (
            "P1-001",
            {"timeline": [day("2026-09-15", "terminate", reason="单位注销")]},
            State.TERMINATED,
            "terminated",
        ),
        ("P1-001", {"timeline": [day("2026-09-09", "not_recommend")]}, State.GRANTED, "certified"),
        (
            "P1-001",
            {"timeline": [day("2026-09-20", "deemed_accepted")]},
            State.GRANTED,
            "certified",
        ),
    ],
)
def test_a_timeline_leads_to_its_exit(carry, name, changes, state, outcome):
    case = carry(name, **changes)

    assert (case.state, case.outcome) == (state, outcome)


def test_an_objection_without_ground_lets_the_case_go_on(carry):
    early = [day("2026-09-08", "objection")]  # it waits for the notice

    case = carry("P1-001", timeline=early)

    kinds = list(Event.objects.filter(case=case).values_list("kind", flat=True))
    assert (case.state, kinds.count("objected")) == (State.GRANTED, 1)
    assert kinds.index("objected") == kinds.index("notice_opened") + 1


def test_an_ineligible_applicant_cannot_file(carry):
    case = carry("P1-001", form={"main_business_training": True})

    assert case.state == State.DRAFT


def test_an_unmarked_silence_waits_and_a_marked_one_counts(carry):
    case = carry("P1-001", timeline=[day("2026-09-30", "department_objection", department="tax")])

    silent = Event.objects.filter(case=case, kind="opinion_given", actor=None)
    assert silent.count() == 2  # market and hr: the edition reads their silence as no objection


def test_a_step_named_in_the_timeline_happens_on_its_own_day(carry):
    case = carry("P1-001", timeline=[day("2026-09-30", "publication")])

    opened = Event.objects.get(case=case, kind="notice_opened")
    assert (case.state, str(opened.at.date())) == (State.GRANTED, "2026-09-30")


def test_an_entry_that_never_comes_about_is_told_of(office):
    late = recorded("P1-001", timeline=[day("2027-06-01", "objection")])

    (result,) = carried([late])

    assert (result.state, result.missed) == (State.GRANTED, ["objection 2027-06-01"])


def test_an_application_stops_where_it_is_told_to(office):
    (result,) = carried([recorded("P1-002", until="correction", timeline=RETURNED)])

    assert result.state == State.RETURNED


def test_a_case_that_nobody_can_carry_on_says_why(office):
    no_marks = recorded("P1-001", evaluation={"panel": []})

    (result,) = carried([no_marks])

    assert (result.state, result.agrees) == (State.EVALUATING, False)
    assert "the panel's marks are not recorded" in result.problem


def test_a_seat_void_below_the_quorum_goes_to_a_substitute(office):
    panel = [
        {"expert": name, "score": score}
        for name, score in (("甲", 90), ("乙", 88), ("丙", 60), ("丁", 86), ("戊", 84), ("己", 82))
    ]
    told = {"panel": panel, "withdrawn_after_scoring": ["丙"]}

    (result,) = carried([recorded("P2-001", evaluation=told)])

    assert (result.problem, result.actual["decision"]) == ("", "designated")
    assert result.actual["panel_score"] == "86.00"  # 88, 86, 84: the highest and the lowest fall
