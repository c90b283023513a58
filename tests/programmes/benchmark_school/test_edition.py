"""What the edition of benchmark schools asks, refuses and promises (domain 2.3, 3)."""

from collections import defaultdict
from decimal import Decimal

import pytest

from tests.programmes.benchmark_school.weighing import EDITION, PROCEDURE, figures, said, weighed

pytestmark = pytest.mark.once
INDEX = PROCEDURE.index
LEVELS = {
    "organisation": 8,
    "base": 16,
    "staff": 10,
    "cooperation": 38,
    "training": 6,
    "development": 22,
}


# --- the index ----------------------------------------------------------------------------------
def test_the_index_has_44_indicators_on_16_second_and_6_first_levels():
    codes = [one.code for one in INDEX.indicators]

    assert codes == [f"I{number:02d}" for number in range(1, 45)]
    assert len({one.level2.zh for one in INDEX.indicators}) == 16
    assert [level.code for level in INDEX.levels] == list(LEVELS)


def test_the_weights_sum_to_their_level_and_to_a_hundred():
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in INDEX.indicators:
        sums[one.level1] += one.weight

    assert sums == LEVELS
    assert sum(INDEX.weights.values()) == 100


@pytest.mark.parametrize(
    ("code", "weight", "unit", "kind"),
    [
        ("I01", 2, "", "yes_no"),
        ("I13", 3, "%", "percent"),
        ("I18", 2, "个", "count"),
        ("I24", 3, "课时", "amount"),
        ("I34", 2, "%", "percent"),
        ("I37", 4, "%", "percent"),
        ("I06", 2, "万元", "amount"),
    ],
)
def test_an_indicator_is_as_printed(code, weight, unit, kind):
    one = next(each for each in INDEX.indicators if each.code == code)

    assert (one.weight, one.unit, one.kind) == (weight, unit, kind)


def test_only_the_training_share_may_exceed_a_hundred():
    assert [one.code for one in INDEX.indicators if one.exceeds] == ["I34"]


def test_the_form_asks_for_the_indicators_of_the_index_by_their_names():
    column = EDITION.form.field("indicators").column("id")

    assert [choice.value for choice in column.choices] == list(INDEX.weights)
    for choice, one in zip(column.choices, INDEX.indicators, strict=True):
        assert choice.zh.startswith(f"{one.code} {one.zh}")
        assert choice.en.startswith(f"{one.code} {one.en}")


# --- choosing -----------------------------------------------------------------------------------
def test_groups_share_cut_and_ties_are_those_of_the_domain():
    chosen = PROCEDURE.selection

    assert [group.code for group in chosen.groups] == ["secondary", "higher", "undergraduate"]
    assert (chosen.minimum, chosen.pass_mark, chosen.share_percent) == (3, 60, 20)
    assert [tie.level for tie in chosen.ties] == ["cooperation", "development"]
    assert (chosen.by, chosen.reading, chosen.quota) == ("index", True, None)


def test_two_check_every_figure_and_seven_experts_read():
    assert (PROCEDURE.verification.size, PROCEDURE.verification.silence) == (2, "confirmed")
    assert (PROCEDURE.evaluation.size, PROCEDURE.evaluation.by) == (7, "expert")


def test_the_title_runs_three_years_but_no_longer_than_the_licence():
    grant = PROCEDURE.grant

    assert (grant.term_years, grant.term_ends_with) == (3, "licence_valid_to")
    assert grant.number.format(area="330600", year=2026, serial=7) == "CJRH-BG-330600-2026-0007"
    assert grant.type_code == EDITION.issuer.certificate_type == "11310000MBYY9D016P003"


def test_the_letter_of_marks_is_there_in_both_languages():
    letter = PROCEDURE.letters["marks_letter"]

    filled = letter.filled("en", defaultdict(str, group="Higher", score="85.03", participants=3))
    assert "85.03" in filled.paragraphs[1]
    assert "85.03" in letter.filled("zh-hans", defaultdict(str, score="85.03")).paragraphs[1]


# --- the form -----------------------------------------------------------------------------------
def test_a_whole_form_is_accepted():
    found = weighed()

    assert said(found) == []
    assert found.eligible


@pytest.mark.parametrize(
    ("changes", "about", "sentence"),
    [
        (figures(I12="100.5"), "I12 ", "是百分比，应在 0 到 100 之间；您填的是 100.5。"),
        (figures(I05="9.5"), "I05 ", "是数量，应填整数；您填的是 9.5。"),
        (figures(I01="2"), "I01 ", "只填 1（设有）或 0（未设）；您填的是 2。"),
        (figures(I24={"evidence_file": None}), "I24 ", "的数值大于 0，请填写佐证文件名。"),
        ({"graduates_direct": 4000}, "直接就业毕业生数", "4,000 不能多于毕业生数 3,105。"),
        ({"data_year": 2024}, "统计年度全批统一", "您填的是 2024。"),
        ({"group": "secondary"}, "中职组面向", "请按学校类型选择组别。"),
    ],
)
def test_what_cannot_be_is_refused_with_its_sentence(changes, about, sentence):
    (found,) = said(weighed(changes))

    assert found.startswith(about)
    assert found.endswith(sentence)


def test_a_count_below_nothing_is_refused():
    assert len(said(weighed(figures(I24="-1")))) == 1


def test_the_training_share_may_exceed_a_hundred_and_hours_need_not_be_whole():
    assert said(weighed(figures(I34="180.4", I24="6840.5"))) == []


def test_every_indicator_has_one_row():
    rows = figures()["indicators"]

    lacking = weighed({"indicators": rows[:43]})
    twice = weighed({"indicators": [*rows[:43], rows[0]]})

    assert len(said(lacking)) == 1
    assert (
        said(twice)
        == ["I01 设有负责学生实习、实训的责任处室（有填1，无填0） 填了不止一行，每项指标只填一行。"]
        * 2
    )
    assert {"S6"} == {rule.code for rule in lacking.blocks} == {rule.code for rule in twice.blocks}


def test_an_indicator_that_does_not_apply_needs_no_evidence_and_its_value_only_warns():
    found = weighed(figures(I32={"not_applicable": True, "evidence_file": None}))

    assert said(found) == []
    (warned,) = found.bound.warnings["indicators.31.value"]
    assert warned.endswith("标为不适用，所填数值 86.4 不计分。")


# --- eligibility --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "record", "blocks"),
    [
        ({"org_kind": "enterprise"}, {}, ["S1"]),
        ({"licence_valid_to": "2026-10-07"}, {}, ["S1"]),
        ({"organisation_setup": None}, {}, ["S2"]),
        ({"annual_report_url": None}, {}, ["S3"]),
        ({}, {"banned_until": "2026-10-08"}, ["S5"]),
        ({}, {"banned_until": "2026-10-07"}, []),
        ({"licence_valid_to": "2027-06-29"}, {}, []),
    ],
)
def test_who_may_apply(changes, record, blocks):
    assert [rule.code for rule in weighed(changes, record=record).blocks] == blocks


def test_a_licence_that_ends_within_the_term_is_only_warned_about():
    found = weighed({"licence_valid_to": "2027-06-29"})

    assert "licence_valid_to" in found.bound.warnings
    assert said(found) == []


def test_the_target_of_dual_qualified_teachers_is_shown_and_does_not_block():
    below, at = weighed(figures(I12="89.9")), weighed(figures(I12="90"))

    assert "S8" in [rule.code for rule in below.notes]
    assert "S8" not in [rule.code for rule in at.notes]
    assert below.eligible


def test_a_university_is_told_that_it_has_no_index_of_its_own():
    found = weighed({"org_kind": "undergraduate", "group": "undergraduate"})

    assert found.eligible
    assert len(found.bound.warnings["group"]) == 1


def test_nobody_is_asked_for_departments():
    assert weighed().departments() == []
