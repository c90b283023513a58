"""Base designation: what is asked of whom, the papers, bands, checks and facts of a report."""

import pytest

from tests.programmes.base_designation.weighing import EDITION, KINDS, SAMPLES, reported, weighed

pytestmark = pytest.mark.once

PROCEDURE = EDITION.procedures["designation"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_asked_its_own_questions_only(kind):
    asked = weighed(kind).bound.shown

    for section in EDITION.form.sections:
        codes = {field.code for field in section.fields}
        if section.code in KINDS:
            assert codes & asked == (codes if section.code == kind else set())
        else:
            assert codes <= asked


@pytest.mark.parametrize("kind", KINDS)
def test_answers_to_another_kinds_questions_are_not_filed(kind):
    strange = dict.fromkeys(("quasi_posts", "peak_post_students", "annual_trainees"), 1)
    own = strange.keys() & SAMPLES[kind].answers.keys()

    filed = weighed(kind, strange).bound.answers

    assert strange.keys() & filed.keys() == own


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_of_experts_is_asked_of_teaching_bases_only(kind):
    lacking = [paper.code for paper in weighed(kind).lacking(())]

    assert ("expert_resumes" in lacking) == (kind == "teaching")
    assert {"agreement", "kind_evidence", "insurance_policy"} <= set(lacking)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"agreement_from": "2026-09-01"}, "agreement_from"),
        ({"agreement_to": "2025-08-31"}, "agreement_to"),
        ({"base_name": "基地"}, "base_name"),
        ({"area_sqm": "0"}, "area_sqm"),
        ({"employees_on_site": 0}, "employees_on_site"),
        ({"majors_served": []}, "majors_served"),
        ({"intent_agreements": 121}, "intent_agreements"),
        ({"retained_last_cohort": 45}, "retained_last_cohort"),
        ({"probation_pay": "0"}, "probation_pay"),
        ({"tripartite_rate": "100.01"}, "tripartite_rate"),
        ({"plan_goals": "太短"}, "plan_goals"),
        ({"partners": None}, "partners"),
        ({"quasi_posts": None}, "quasi_posts"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_place(change, place):
    assert place in weighed("employment", change).bound.errors


def test_more_senior_trainees_than_trainees_are_refused():
    found = weighed("highskill", {"highskill_trainees": 1201})

    assert list(found.bound.errors) == ["highskill_trainees"]


# --- marks ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("level", "mark", "outcome"),
    [
        ("standard", "75.00", "designated"),
        ("standard", "74.99", "not_designated"),
        ("cultivation", "75.00", "designated"),
        ("demonstration", "85.00", "designated"),
        ("demonstration", "84.99", "not_designated"),
        ("demonstration", "75.00", "not_designated"),
    ],
)
def test_a_demonstration_base_needs_ten_points_more(level, mark, outcome):
    found = weighed("practice", {"level": level})

    counting = [str(band.at_least) for band in found.bands()]

    assert PROCEDURE.outcome(type(PROCEDURE.bands[0].at_least)(mark), counting).outcome == outcome


@pytest.mark.parametrize(("level", "group"), [("demonstration", "demonstration"), ("standard", "")])
def test_demonstration_bases_are_ranked_and_visited(level, group):
    found = weighed("practice", {"level": level})

    assert found.value(PROCEDURE.selection.group) == group
    assert found.visited() == bool(group)


def test_the_rubric_is_the_eight_items_of_the_reference_table():
    items = {line.title.zh: line.maximum for line in PROCEDURE.evaluation.rubric}

    assert items == {
        "规模架构": 10, "面向产业": 10, "建设投入": 15, "队伍建设": 10,
        "专业课程": 15, "平台实践": 10, "育人成效": 20, "未来规划": 10,
    }  # fmt: skip


def test_equal_marks_are_put_in_order_by_results_then_by_courses():
    titles = {line.code: line.title.zh for line in PROCEDURE.evaluation.rubric}

    broken = [[titles[code] for code in tie.criteria] for tie in PROCEDURE.selection.ties]

    assert broken == [["育人成效"], ["专业课程"]]


# --- the desk and the report ----------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_a_window_is_reminded_whose_the_high_skill_bases_are(kind):
    codes = [item.code for item in weighed(kind).checks("completeness")]

    assert ("right_office" in codes) == (kind == "highskill")


def test_checks_speak_first_where_the_answers_can():
    found = weighed("practice", record={"banned_until": "2026-09-01"})

    steps = ("completeness", "review")
    spoken = {item.code: found.confirmed(item) for step in steps for item in found.checks(step)}

    assert spoken["in_scope"] is True
    assert spoken["not_barred"] is False
    assert spoken["lower_title"] is False
    assert spoken["site"] is None


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (
            "employment",
            {"pay_ratio_percent": 80.0, "retention_percent": 47.73, "intent_rate_percent": 100.0},
        ),
        ("teaching", {"offcampus_hours": 128}),
        ("practice", {"reception_person_days": 3000}),
        ("highskill", {"occupations": 6}),
    ],
)
def test_a_report_tells_the_figures_of_the_kind(kind, facts):
    assert reported(weighed(kind)) == {"eligible": True, **facts}


def test_a_rate_of_nothing_is_not_told():
    found = weighed("employment", {"graduates_last_cohort": 0, "retained_last_cohort": 0})

    assert "retention_percent" not in reported(found)


def test_a_sentence_names_the_figures():
    found = weighed("employment", {"quasi_monthly_pay": "3999.99"})

    (rule,) = found.blocks

    assert "不低于同岗位试用期工资的 80%" in found.sentence(rule)
    assert "月待遇 3,999.99 元" in found.sentence(rule)
