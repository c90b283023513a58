"""Base designation: every figure of B1 to B13, right at its limit and just past it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.programmes.base_designation.weighing import KINDS, SAMPLES, blocks, weighed

pytestmark = pytest.mark.once

SCHOOL = {"org_name": "示例职业技术学院", "uscc": "12310000MBYY2B012K", "role": "school"}
FIRM = {"org_name": "示例汽车电子有限公司", "uscc": "91310114MAYY1A07XM", "role": "enterprise"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_of_every_kind_meets_every_rule(kind):
    found = weighed(kind)

    assert blocks(found) == []
    assert found.bound.errors == {}


# --- B1: who applies together -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("partners", "met"),
    [
        ([SCHOOL], True),
        ([FIRM], False),
        ([FIRM, SCHOOL], True),
        ([SCHOOL | {"role": "association"}], False),
        ([], False),
    ],
)
def test_an_enterprise_that_leads_needs_a_school_beside_it(partners, met):
    assert ("B1" not in blocks(weighed("employment", {"partners": partners}))) == met


@pytest.mark.parametrize(
    ("partners", "met"), [([FIRM, SCHOOL], True), ([FIRM], False), ([SCHOOL], False)]
)
def test_a_park_that_leads_needs_both_beside_it(partners, met):
    assert ("B1" not in blocks(weighed("practice", {"partners": partners}))) == met


@pytest.mark.parametrize(
    ("role", "kind", "fits"),
    [
        ("enterprise", "enterprise", True),
        ("school", "technical_school", True),
        ("park", "park_operator", True),
        ("school", "enterprise", False),
        ("enterprise", "training_org", False),
        ("park", "industry_association", False),
    ],
)
def test_the_role_of_the_lead_is_what_it_is_registered_as(role, kind, fits):
    found = weighed("employment", {"lead_role": role, "org_kind": kind})

    assert ("lead_role" not in found.bound.errors) == fits


def test_the_lead_is_not_its_own_partner_and_nobody_stands_there_twice():
    lead = SCHOOL | {"uscc": SAMPLES["employment"].answers["uscc"]}

    found = weighed("employment", {"partners": [SCHOOL, lead, SCHOOL]})

    assert {"partners.0.uscc", "partners.1.uscc", "partners.2.uscc"} <= found.bound.errors.keys()


# --- B2: the agreement --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begins", "ends", "met"),
    [
        ("2026-08-31", "2027-08-31", True),  # a day longer than a year, a year left
        ("2026-08-31", "2027-08-30", False),  # a year exactly
        ("2024-01-01", "2027-08-31", True),
        ("2024-01-01", "2027-08-30", False),  # a day less than a year left
        ("2026-09-01", "2029-08-31", False),  # begins tomorrow
    ],
)
def test_an_agreement_exceeds_a_year_and_has_one_left(begins, ends, met):
    found = weighed("employment", {"agreement_from": begins, "agreement_to": ends})

    assert ("B2" not in blocks(found)) == met


def test_a_year_from_the_last_of_february_ends_on_the_last_of_february():
    """X60: 29 February corresponds to 28 February of a common year (民法典 202)."""
    terms = {"agreement_from": "2024-02-29", "agreement_to": "2025-02-28"}

    assert "B2" not in blocks(weighed("employment", terms, today="2024-02-29"))
    assert "B2" in blocks(
        weighed("employment", terms | {"agreement_to": "2025-02-27"}, today="2024-02-29")
    )


# --- B3: employment -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "met"),
    [
        ({"quasi_posts": 20}, True),
        ({"quasi_posts": 19}, False),
        ({"students_in_base": 121}, False),  # 120 agreements
        ({"intent_agreements": 119}, False),
        ({"students_in_base": 1, "intent_agreements": 1}, True),
    ],
)
def test_an_employment_base_offers_posts_and_agreements(change, met):
    assert ("B3" not in blocks(weighed("employment", change))) == met


@given(st.integers(1, 10_000_000), st.integers(0, 10_000_000))
def test_pay_is_four_fifths_of_probation_pay_to_the_fen(probation, pay):
    change = {"probation_pay": yuan(probation), "quasi_monthly_pay": yuan(pay)}

    assert ("B3" not in blocks(weighed("employment", change))) == (pay * 5 >= probation * 4)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@pytest.mark.parametrize(("hired", "warned"), [(30, False), (29, True), (0, True)])
def test_few_of_the_last_cohort_hired_is_a_warning(hired, warned):
    change = {"retained_last_cohort": hired, "graduates_last_cohort": 100}

    found = weighed("employment", change)

    assert ("graduates_last_cohort" in found.bound.warnings) == warned
    assert found.eligible


def test_a_base_without_graduates_yet_is_not_warned_of_them():
    found = weighed("employment", {"retained_last_cohort": 0, "graduates_last_cohort": 0})

    assert found.bound.warnings == {}


# --- B4: teaching -------------------------------------------------------------------------------
def course(hours: int) -> dict[str, object]:
    return {"course": "实训", "hours": hours, "students": 10, "taught_by": "expert"}


@pytest.mark.parametrize(
    ("hours", "met"), [([64, 64], True), ([64, 63], False), ([200], False), ([1, 1, 126], True)]
)
def test_a_teaching_base_carries_two_courses_of_128_hours(hours, met):
    found = weighed("teaching", {"courses": [course(each) for each in hours]})

    assert ("B4" not in blocks(found)) == met
    assert found.bound.derived["offcampus_hours"] == sum(hours)


@pytest.mark.parametrize(
    ("titles", "met"),
    [
        (["高级工程师", "技师", "副教授", "工程师", "工程师"], True),
        (["高级工程师", "技师", "工程师", "工程师", "工程师"], False),  # 2 of 5
        (["高级工程师", "技师", "副教授", "工程师"], False),  # four experts
        (["高级技师", "正高级工程师", "研究员", "助理研究员", "高级工", "高级技工"], True),
        (["高级工", "高级技工", "助理研究员", "技师", "高级讲师"], False),
        (["高级实习指导教师", "实习研究员", "高级技师", "高级讲师", "工程师"], True),
        (["实习研究员", "一级实习指导教师", "高级技师", "高级讲师", "工程师"], False),
    ],
)
def test_half_of_five_experts_are_senior_or_technicians(titles, met):
    experts = [{"name_masked": "季**", "title": title, "years": 9} for title in titles]

    assert ("B4" not in blocks(weighed("teaching", {"experts": experts}))) == met


def test_an_expert_named_in_full_is_a_warning():
    experts = SAMPLES["teaching"].answers["experts"]
    named = [experts[0] | {"name_masked": "季明谦"}, *experts[1:]]

    assert "experts.0.name_masked" in weighed("teaching", {"experts": named}).bound.warnings


# --- B5, B6: practice ---------------------------------------------------------------------------
@pytest.mark.parametrize(("students", "met"), [(3000, True), (2999, False)])
def test_a_practice_base_receives_three_thousand_person_days(students, met):
    rows = [{"kind": "visit", "students": students, "days": 1}]

    found = weighed("practice", {"reception": rows})

    assert ("B5" not in blocks(found)) == met
    assert found.bound.derived["reception_person_days"] == students


@given(st.integers(1, 2_000_000), st.integers(0, 300_000))
def test_post_interns_are_a_tenth_of_the_staff_at_most(staff, interns):
    change = {"employees_on_site": staff, "peak_post_students": interns, "mentors": 300_000}

    assert ("B6" not in blocks(weighed("practice", change))) == (interns * 10 <= staff)


@pytest.mark.parametrize(("share", "met"), [("20.00", True), ("20.01", False), ("0", True)])
def test_a_fifth_of_one_kind_of_post_at_most_are_interns(share, met):
    assert ("B6" not in blocks(weighed("practice", {"same_post_ratio": share}))) == met


# --- B7, B8, B9: whoever learns there ------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rate", ["tripartite_rate", "insurance_rate"])
def test_everybody_has_an_agreement_and_insurance(kind, rate):
    assert "B7" in blocks(weighed(kind, {rate: "99.99"}))


@pytest.mark.parametrize("promise", ["commitment", "safety_plan"])
def test_lawful_internships_are_promised(promise):
    found = weighed("employment", {promise: False})

    assert "B8" in blocks(found)
    assert promise in found.bound.errors


@pytest.mark.parametrize(
    ("kind", "change", "met"),
    [
        ("employment", {"mentors": 12}, True),  # 120 students
        ("employment", {"mentors": 11}, False),
        ("teaching", {"mentors": 12}, True),  # 60 and 60 students
        ("teaching", {"mentors": 11}, False),
        ("practice", {"mentors": 6}, True),  # 60 at the peak
        ("practice", {"mentors": 5}, False),
        ("highskill", {"mentors": 1}, True),
        ("highskill", {"mentors": 0}, False),
    ],
)
def test_a_mentor_guides_ten_students_at_most(kind, change, met):
    assert ("B9" not in blocks(weighed(kind, change))) == met


# --- B10: the demonstration level -----------------------------------------------------------------
def title(**changes: object) -> dict[str, object]:
    """A base of the practice kind as the register has it."""
    held = {"number": "CJRH-JD-310120-2025-0003", "kind": "designation", "since": "2025-09-01"}
    answers = {
        "base_name": "示例园区践习型协同育人基地",
        "base_kind": changes.pop("base_kind", "practice"),
        "level": changes.pop("level", "standard"),
        "site_address": "示例市示例区示例园区1号",
    }
    return {**held, "grade": "good", "answers": answers, **changes}


@pytest.mark.parametrize(
    ("held", "met"),
    [
        (title(), True),
        (title(level="cultivation"), True),
        (title(grade="excellent"), True),
        (title(grade="pass"), False),
        (title(grade=""), False),
        (title(since="2025-09-02"), False),  # a day less than a year
        (title(base_kind="teaching"), False),
        (title(kind="certificate"), False),
        (title(answers={}), False),
    ],
)
def test_a_demonstration_base_held_a_lower_level_for_a_year_and_was_graded_well(held, met):
    assert ("B10" not in blocks(weighed("practice", record={"titles": [held]}))) == met


def test_a_first_base_may_be_of_the_standard_level():
    assert blocks(weighed("practice", {"level": "standard"}, record={})) == []


# --- B11: high skill ------------------------------------------------------------------------------
def occupation(code: int, level: str = "3") -> dict[str, str]:
    return {"code": f"6-18-01-{code:02d}", "name": "车工", "level": level}


@given(st.lists(st.tuples(st.integers(1, 8), st.sampled_from("321")), min_size=1, unique=True))
def test_levels_of_one_occupation_count_once(taught):
    rows = [occupation(code, level) for code, level in taught]

    found = weighed("highskill", {"occupations": rows})

    assert ("B11" not in blocks(found)) == (len({code for code, _level in taught}) >= 5)


@pytest.mark.parametrize(("area", "warned"), [("2999.99", True), ("3000", False)])
def test_a_small_high_skill_base_is_warned_of_the_reference(area, warned):
    found = weighed("highskill", {"area_sqm": area})

    assert ("area_sqm" in found.bound.warnings) == warned
    assert found.eligible


# --- B12, B13: standing and names -----------------------------------------------------------------
@given(st.integers(-400, 400))
def test_a_ban_of_the_lead_lasts_to_its_last_day(days):
    today = SAMPLES["employment"].today
    until = (today + timedelta(days=days)).isoformat()

    assert ("B12" in blocks(weighed("employment", record={"banned_until": until}))) == (days >= 0)


def test_a_partner_that_is_barred_bars_the_base():
    partner = SAMPLES["employment"].answers["partners"][0]["uscc"]

    assert "B12" in blocks(weighed("employment", record={"banned_units": [partner]}))
    assert "B12" not in blocks(weighed("employment", record={"banned_units": [FIRM["uscc"]]}))


@pytest.mark.parametrize(
    ("changes", "level", "met"),
    [
        ({}, "standard", False),  # held already
        ({}, "cultivation", False),  # lower than what is held
        ({}, "demonstration", True),
        ({"level": "cultivation"}, "standard", True),
        ({"level": "demonstration"}, "demonstration", False),
        ({"base_kind": "teaching"}, "standard", True),  # the same name, another kind
    ],
)
def test_a_level_held_at_the_site_is_not_asked_for_again(changes, level, met):
    found = weighed("practice", {"level": level}, record={"titles": [title(**changes)]})

    assert ("B13" not in blocks(found)) == met


def test_a_site_carries_one_base_name():
    renamed = {"base_name": "示例园区另一个基地", "level": "demonstration"}

    assert "B13" in blocks(weighed("practice", renamed))


def test_the_day_of_filing_is_the_day_the_rules_speak_of():
    day = date.fromisoformat("2027-08-31")

    found = weighed("employment", today=day.isoformat())

    assert blocks(found) == []  # the agreement ends on 2028-08-31
    assert "B2" in blocks(weighed("employment", today=(day + timedelta(days=1)).isoformat()))
