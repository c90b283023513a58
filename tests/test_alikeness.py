"""How alike two files are: plain texts, names, what is shared, and what is worth a look (X2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.alikeness import Features, Ground, grounds, is_hit, name_percent, plain

ONE = Features(
    lead="A",
    name=plain("集成电路装备维护开放型实训基地建设"),
    site=plain("某路1号"),
    units=frozenset("AB"),
    items=frozenset({"平台", "真空系统", "洁净间", "耗材"}),
)
APART = Features(
    lead="C",
    name=plain("智能网联汽车硕士层次紧缺人才联合培养"),
    site=plain("另路2号"),
    units=frozenset("CD"),
    items=frozenset({"导师津贴", "计算平台"}),
)
names = st.text(alphabet="集成电路装备维护实训基地建设项目甲乙丙1a", max_size=20)


def hit(one: Features, other: Features) -> bool:
    """Whether the officer is shown the two."""
    return is_hit(one, other, grounds(one, other))


# --- texts ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("（A） 1号-楼", "a1号楼"),
        ("ＰＺ－2025/0219", "pz20250219"),
        ("「智造」", "智造"),
        ("  ", ""),
    ],
)
def test_a_plain_text_has_letters_and_digits_only(text, said):
    assert plain(text) == said


@given(names, names)
def test_names_are_as_alike_from_either_side(one, other):
    assert name_percent(one, other) == name_percent(other, one)
    assert 0 <= name_percent(one, other) <= 100


@given(names)
def test_a_name_is_wholly_like_itself(name):
    assert name_percent(name, name) == (100 if name else 0)


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        (
            "集成电路装备维护实训基地建设",
            "集成电路装备维护实训项目",
            100,
        ),  # the common words differ
        ("集成电路装备维护", "装备维护集成电路", 85),  # another order: six of seven pairs
        ("集成电路装备维护", "集成电路装备", 83),
        ("沧澜航空部件就业型协同育人基地", "云枢人工智能教学型协同育人基地", 0),
        ("实训基地建设", "实训基地建设", 100),
        ("实训基地建设", "协同育人平台", 0),  # nothing but common words: they count
        ("", "", 0),
    ],
)
def test_common_words_tell_no_project_apart(one, other, percent):
    assert name_percent(one, other) == percent


# --- grounds --------------------------------------------------------------------------------------
def test_two_files_that_share_nothing_have_no_grounds():
    assert grounds(ONE, APART) == []
    assert not hit(ONE, APART)


def test_everything_shared_is_said_with_its_share():
    other = replace(
        APART,
        name=plain("集成电路装备维护基地"),
        site=ONE.site,
        units=frozenset("BC"),
        vouchers=frozenset({"pz1"}),
        items=frozenset({"平台", "真空系统"}),
    )
    found = grounds(replace(ONE, vouchers=frozenset({"pz1", "pz2"})), other)

    assert found == [
        Ground("name", 100, (ONE.name, other.name)),
        Ground("site", 100, (ONE.site,)),
        Ground("units", 50, ("B",)),
        Ground("vouchers", 100, ("pz1",)),
        Ground("budget", 100, ("平台", "真空系统")),
    ]


# --- what is worth a look -------------------------------------------------------------------------
NEAR = plain("集成电路装备检测实训")  # six of fourteen pairs and more: similar, not the same


def test_the_near_name_of_these_tests_is_near():
    assert 50 <= name_percent(ONE.name, NEAR) < 80


@pytest.mark.parametrize(
    ("shared", "worth"),
    [
        ({"vouchers": frozenset({"pz1"})}, True),
        ({"name": plain("集成电路装备维护项目")}, True),
        ({"name": NEAR}, False),
        ({"name": NEAR, "units": frozenset("BC")}, True),
        ({"name": NEAR, "site": ONE.site}, True),
        ({"site": ONE.site}, False),
        ({"units": frozenset("BC")}, False),
        ({"site": ONE.site, "units": frozenset("BC")}, True),
        ({"site": ONE.site, "units": frozenset("AC"), "lead": "A"}, False),
        ({"items": frozenset({"平台", "真空系统"})}, False),  # two items are chance
        ({"items": frozenset({"平台", "真空系统", "洁净间"})}, True),
        ({"items": frozenset({"平台", "真空系统", "洁净间", *"一二三四"})}, True),  # of the shorter
    ],
)
def test_what_speaks_for_itself_and_what_needs_company(shared, worth):
    one = replace(ONE, vouchers=frozenset({"pz1"}))

    assert hit(one, replace(APART, **shared)) is worth
    assert hit(replace(APART, **shared), one) is worth


def test_less_than_half_of_a_budget_is_no_hit():
    mine = replace(ONE, items=frozenset("一二三四五六七"))
    other = replace(APART, items=frozenset("一二三甲乙丙丁"))

    assert [each.percent for each in grounds(mine, other)] == [42]
    assert not hit(mine, other)
