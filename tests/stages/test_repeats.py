"""Repeats over all programmes: shown with what is shared, and nothing has to be decided (F94)."""

from datetime import date
from typing import Any

import pytest

from tests.stages import projects
from tests.stages.course import Course
from workflows.alikeness import sketch
from workflows.models import Certificate, Organisation
from workflows.stages import register, repeats, withdrawal

pytestmark = pytest.mark.django_db
PLAN = "与三所职业院校共建智能制造产业学院，每年接收实习生不少于八十人，共同开发课程六门，" * 6
OTHER = {"uscc": "91310113MAYY1A0887", "org_name": "上海云岭新材料科技有限公司"}


def filed(begin: Any, **answers: Any) -> Course:
    return begin("P1-002", c5_claim=False, c5_investments=[], **answers).file()


def kinds(found: list[repeats.Repeat]) -> list[tuple[str, list[str]]]:
    return [(str(each.found), [ground.kind for ground in each.grounds]) for each in found]


def entered(holder: Organisation, number: str, **answers: Any) -> Certificate:
    return register.import_title(
        holder,
        programme_key="project_funding",
        kind="project",
        title="产教融合专项资金项目",
        number=number,
        granted=date(2024, 5, 6),
        by=projects.cast().officer,
        facts={"answers": answers},
    )


# --- other files ----------------------------------------------------------------------------------
def test_a_copied_text_of_another_applicant_is_shown(begin):
    first = filed(begin, plan_goals=PLAN)

    second = filed(begin, **OTHER, plan_goals=f"我公司计划如下：{PLAN}")

    assert kinds(repeats.files(second.case)) == [(first.case.reference, ["texts"])]
    assert kinds(repeats.files(first.case)) == [(second.case.reference, ["texts"])]


def test_a_former_application_of_the_same_code_is_shown_whatever_became_of_it(begin):
    first = filed(begin, plan_goals=PLAN)
    withdrawal.withdraw(first.case, reason="调整", by=first.signer)

    again = filed(begin, plan_goals="另一份计划" * 50)

    assert kinds(repeats.files(again.case)) == [(first.case.reference, ["applicant"])]


def test_a_name_nearly_the_same_under_another_code_is_shown(begin):
    first = filed(begin, plan_goals="甲" * 200)
    name = f"{first.case.applicant.name}（集团）"

    second = filed(begin, **{**OTHER, "org_name": name}, plan_goals="乙" * 200)

    Organisation.objects.filter(pk=second.case.applicant_id).update(name=name)
    second.case.traits.filter(kind="holder").update(value=repeats.plain(name))
    assert kinds(repeats.files(second.case)) == [(first.case.reference, ["holder"])]


def test_a_repeat_holds_nothing_up(begin):
    filed(begin, plan_goals=PLAN)
    second = filed(begin, **OTHER, plan_goals=PLAN)

    second.to("panel")

    assert second.waiting == ["panel"]


# --- titles from before this house ----------------------------------------------------------------
def test_titles_of_any_programme_from_before_are_shown(begin):
    case = filed(begin, plan_goals="甲" * 200).case
    other = projects.organisation("enterprise", f"{case.applicant.name}集团")
    stranger = projects.organisation("higher_vocational", "沪东示范学院")
    entered(case.applicant, "XM-2024-1")
    entered(stranger, "XM-2024-2", partners=[{"uscc": case.applicant.uscc, "role": "enterprise"}])
    entered(other, "XM-2024-3")
    entered(stranger, "XM-2024-4")

    found = {str(each.found): each.grounds[0].kind for each in repeats.titles(case)}

    assert found == {"XM-2024-1": "applicant", "XM-2024-2": "units", "XM-2024-3": "holder"}


def test_a_project_of_before_is_known_by_its_name_and_site(standing_clock, office, plain_papers):
    case = projects.filed(
        projects.call(), project_name="智能网联汽车测试技师培养", site="示例路1号"
    )
    stranger = projects.organisation("enterprise", "沪东示范公司")
    entered(stranger, "XM-2024-1", base_name="智能网联汽车测试技师培养", site_address="示例路１号")

    (found,) = repeats.titles(case)

    assert [ground.kind for ground in found.grounds] == ["name", "site"]


# --- texts ----------------------------------------------------------------------------------------
def test_copies_share_most_of_a_sketch_and_other_texts_nothing():
    text = "".join(chr(0x4E00 + 37 * place % 2000) for place in range(400))
    other = "".join(chr(0x4E00 + 41 * place % 1999 + 2500) for place in range(400))

    assert sketch(text) == sketch(text.replace("一", "一，"))
    assert len(sketch(text) & sketch(f"前言{text}结语")) >= len(sketch(text)) // 2
    assert not sketch(text) & sketch(other)
    assert sketch("太短") == frozenset()
