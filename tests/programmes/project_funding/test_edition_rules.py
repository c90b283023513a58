"""Project funding: the figures of F1 to F11, one day and one fen on either side."""

import pytest

from tests.programmes.project_funding.weighing import (
    BASE,
    CHALLENGE,
    blocked,
    money,
    rows,
    said,
    weighed,
)

pytestmark = pytest.mark.once
PARTNER = BASE.answers["partners"][0]
DEMO = {"funding_line": "demo_base"}


# --- who applies (F1, F7, F8) -----------------------------------------------------------------
def test_a_school_with_an_enterprise_may_apply_and_so_may_an_enterprise_with_a_school():
    school = {**PARTNER, "uscc": "12310000MBYY2B020E", "role": "school"}

    assert blocked(weighed()) == []
    assert blocked(weighed({"org_kind": "enterprise", "partners": [school]})) == []


@pytest.mark.parametrize(
    "change",
    [
        {"partners": None},
        {"partners": [{**PARTNER, "role": "park"}]},
        {"org_kind": "industry_association"},
        {"org_kind": "enterprise"},
    ],
)
def test_school_and_enterprise_apply_together_or_not_at_all(change):
    assert blocked(weighed(change)) == ["F1"]


def test_the_lead_is_not_its_own_partner():
    found = weighed({"partners": [{**PARTNER, "uscc": BASE.answers["uscc"]}]})

    assert said(found) == ["合作单位中不应再填写牵头单位，请核对。"]


@pytest.mark.parametrize(("until", "codes"), [("2026-09-14", ["F7"]), ("2026-09-13", [])])
def test_a_ban_bars_until_its_last_day(until, codes):
    assert blocked(weighed(record={"banned_until": until})) == codes


def test_a_partner_that_is_barred_bars_the_project():
    assert blocked(weighed(record={"banned_units": [PARTNER["uscc"]]})) == ["F7"]
    assert blocked(weighed(record={"banned_units": ["91310114MAYY1A07XM"]})) == []


def test_a_report_the_office_does_not_know_of_is_only_a_warning():
    found, known = weighed(), weighed(record={"reports_published": [2025]})

    assert [rule.code for rule in found.warnings] == ["F8"]
    assert found.eligible
    assert known.warnings == ()


# --- how long (F3) ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("starts", "ends", "codes"),
    [
        ("2026-12-01", "2029-12-01", []),  # thirty-six months
        ("2026-12-01", "2029-12-02", ["F3"]),
        ("2027-02-28", "2030-02-28", []),
        ("2028-02-29", "2031-02-28", []),  # the corresponding month has no 29th (X60)
        ("2028-02-29", "2031-03-01", ["F3"]),
        ("2027-06-30", "2027-06-30", ["F3"]),
    ],
)
def test_a_project_runs_thirty_six_months_at_most(starts, ends, codes):
    found = weighed({"starts_on": starts, "ends_on": ends})

    assert blocked(found) == codes
    assert ("ends_on" in found.bound.errors) == bool(codes)


@pytest.mark.parametrize(("today", "late"), [("2026-12-01", False), ("2026-12-02", True)])
def test_a_project_begins_after_the_application(today, late):
    assert ("starts_on" in weighed(today=today).bound.errors) == late


# --- how much (F4, F5) ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "total", "fiscal", "own", "codes"),
    [
        ({}, "1000.00", "500.00", "500.00", []),
        ({}, "1000.02", "500.01", "500.01", ["F4"]),  # above the cap
        ({}, "100.00", "50.00", "50.00", []),
        ({}, "100.00", "50.01", "49.99", ["F4"]),  # above half
        (DEMO, "10000.00", "2000.00", "8000.00", []),
        (DEMO, "10000.05", "2000.01", "8000.04", ["F4"]),
        (DEMO, "9999.99", "2000.00", "7999.99", ["F4"]),  # above a fifth
        ({**DEMO, "build_kind": "new"}, "10000.00", "2000.00", "8000.00", []),
        ({**DEMO, "build_kind": "rebuilt"}, "5000.00", "1000.00", "4000.00", []),
        ({**DEMO, "build_kind": "rebuilt"}, "5001.00", "1000.01", "4000.99", ["F4"]),
        ({"highskill_level": "national"}, "1000.00", "500.00", "500.00", []),
        ({"highskill_level": "municipal"}, "600.02", "300.01", "300.01", ["F4"]),
        ({"highskill_level": "district"}, "200.00", "100.00", "100.00", []),
        ({"highskill_level": "district"}, "200.02", "100.01", "100.01", ["F4"]),
    ],
)
def test_each_line_has_its_cap_and_its_share(line, total, fiscal, own, codes):
    found = weighed({**money(total, fiscal, own), **line})

    assert blocked(found) == codes
    assert ("fiscal_request" in found.bound.errors) == bool(codes)


def test_a_refusal_of_a_share_names_both_figures():
    found = weighed(money("100.00", "50.01", "49.99"))

    assert said(found) == ["财政资金占总预算的 50.01%，超过该资金类别的上限 50.00%。"]


def test_money_nobody_but_the_office_brings_is_refused():
    found = weighed(money("100.00", "100.00", "0.00"))

    assert blocked(found) == ["F4", "F5"]


# --- a budget that agrees -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            {"total_budget": "1200.01"},
            [
                "四个来源合计 1,200.00 万元，与项目总预算 1,200.01 万元不一致。",
                "预算明细合计 1,200.00 万元，与项目总预算 1,200.01 万元不一致。",
            ],
        ),
        (
            {"self_funds": "299.99", "other_funds": "0.01"},
            [
                "预算明细中来源为学校自筹的各行合计，与学校自筹 299.99 万元不一致。",
                "预算明细中来源为其他资金的各行合计，与其他资金 0.01 万元不一致。",
            ],
        ),
        (
            rows("budget_lines", (1, {"source": "school"})),
            [
                "预算明细中来源为学校自筹的各行合计，与学校自筹 300.00 万元不一致。",
                "预算明细中来源为企业投入的各行合计，与企业投入 420.00 万元不一致。",
            ],
        ),
        (
            rows("budget_lines", (0, {"amount": "360.01"})),
            [
                "预算明细合计 1,200.01 万元，与项目总预算 1,200.00 万元不一致。",
                "预算明细中来源为财政资金的各行合计，与申请财政资金 480.00 万元不一致。",
            ],
        ),
        (
            rows("budget_lines", (4, {"year": 2030})),
            ["有预算明细的年度不在项目期 2026-12-01 至 2029-05-31 之内，请核对。"],
        ),
    ],
)
def test_a_budget_that_does_not_add_up_is_refused_with_the_figures(change, sentences):
    assert said(weighed(change)) == sentences


def test_the_budget_is_shown_by_year_and_source():
    years = weighed().bound.derived["budget_years"]

    assert [(row["year"], row["fiscal"], row["total"]) for row in years] == [
        (2027, "360.00", "1000.00"),
        (2028, "120.00", "200.00"),
    ]


# --- forbidden uses (F11) -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("item", "basis", "what"),
    [
        ("偿还银行贷款", "借款合同", "偿还债务"),
        ("实训设备", "用于归还贷款", "偿还债务"),
        ("债务重组", "协议", "偿还债务"),
        ("贷款利息", "利率×本金", "支付利息"),
        ("设备贴息", "银行测算", "支付利息"),
        ("对外投资", "董事会决议", "对外投资"),
        ("投资入股合作企业", "协议", "对外投资"),
        ("购买理财", "余额", "对外投资"),
        ("弥补上一项目缺口", "决算", "弥补其他项目资金缺口"),
        ("项目管理费", "总额5%", "提取管理费或者工作费"),
        ("日常工作经费", "定额", "提取管理费或者工作费"),
        ("Management fee", "5 %", "提取管理费或者工作费"),
        ("Debt repayment", "contract", "偿还债务"),
    ],
)
def test_a_forbidden_use_is_refused_with_its_words(item, basis, what):
    found = weighed(rows("budget_lines", (0, {"item": item, "basis": basis})))

    assert blocked(found) == ["F11"]
    assert any(f"“{item}”（{basis}）属于{what}" in sentence for sentence in said(found))
    assert set(found.bound.errors) == {"budget_lines.0.item"}


@pytest.mark.parametrize(
    ("item", "basis"),
    [
        ("实训室改造", "工程投资估算"),
        ("企业投入设备", "企业投资凭证"),
        ("教学管理系统", "合同价"),
        ("工作服", "人数×单价"),
        ("产业导师津贴", "40人×2万元"),
    ],
)
def test_ordinary_words_are_no_forbidden_use(item, basis):
    assert weighed(rows("budget_lines", (0, {"item": item, "basis": basis}))).bound.ok


def test_no_category_is_offered_for_a_forbidden_use():
    found = weighed(rows("budget_lines", (0, {"category": "debt"})))

    assert "budget_lines.0.category" in found.bound.errors


# --- goals (F9), plan, challenge (F10) ---------------------------------------------------------
@pytest.mark.parametrize(("weight", "codes"), [("20", []), ("19.99", ["F9"]), ("20.01", ["F9"])])
def test_the_weights_of_the_goals_sum_to_ninety(weight, codes):
    found = weighed(rows("goals", (0, {"weight": weight})))

    assert blocked(found) == codes
    assert ("goals" in found.bound.errors) == bool(codes)


@pytest.mark.parametrize(("place", "word"), [(6, "缺少满意度指标，至少需要一项。")])
def test_output_benefit_and_satisfaction_each_have_a_goal(place, word):
    found = weighed(rows("goals", (place, {"level1": "cost"})))

    assert blocked(found) == ["F9"]
    assert said(found) == [word]


def test_a_target_outside_the_project_is_refused():
    found = weighed(rows("goals", (0, {"year_targets": {"2030": "48"}})))

    assert said(found) == ["“新增实训工位”有分年度目标不在项目期内，请核对。"]


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        ("2027-08-28", True),  # 270 of 912 days: not yet three tenths
        ("2027-09-01", False),
        ("2028-08-30", False),
        ("2028-09-01", True),  # 640 of 912 days: past seven tenths
    ],
)
def test_one_milestone_stands_at_mid_term(day, refused):
    found = weighed(rows("milestones", (1, {"due_on": day})))

    assert ("milestones" in found.bound.errors) == refused


@pytest.mark.parametrize("code", ["milestones", "team", "goals"])
def test_milestones_team_and_goals_have_three_rows(code):
    assert code in weighed({code: BASE.answers[code][:2]}).bound.errors


def test_a_project_for_urgent_talent_names_its_challenge():
    found = weighed({"challenge_no": None}, sample=CHALLENGE, today="2026-09-18")

    assert blocked(found) == ["F10"]
    assert "challenge_no" in found.bound.errors


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"no_double_funding": False}, "no_double_funding"),
        ({"commitment": False}, "commitment"),
        ({"bank_account": "1234567"}, "bank_account"),
        ({"bank_account": "1" * 31}, "bank_account"),
        ({"project_name": "基地"}, "project_name"),
        ({"summary": "太短"}, "summary"),
        ({"partners": [PARTNER, PARTNER]}, "partners"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_place(change, place):
    assert place in weighed(change).bound.errors


def test_facility_items_ask_for_building_approvals():
    without = [row for row in BASE.answers["budget_lines"] if row["category"] != "facility"]

    assert "approval_docs" in {paper.code for paper in weighed().lacking([])}
    lacking = weighed({"budget_lines": without}).lacking([])
    assert "approval_docs" not in {paper.code for paper in lacking}
