"""How texts and questions become tokens."""

import pytest

from workflows.search import snippet
from workflows.search_words import Phrase, endings, joined, phrases, spelled, tokens


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("恒越精密", "恒越 越精 精密 密"),
        ("人", "人"),
        ("与CNC机床共3台", "与 cnc 机床 床共 共 3 台"),
        ("ＧＢ／Ｔ ３２１００－２０１５", "gb t 32100 2015"),
        ("校企合作，产教融合", "校企 企合 合作 作 产教 教融 融合 合"),
        ("snake_case a--b", "snake case a b"),
        ("", ""),
        ("，。！", ""),
    ],
)
def test_han_stands_in_pairs_and_everything_else_whole(text: str, said: str):
    assert spelled(text) == said
    assert " ".join(token.text for token in tokens(text)) == said


def test_every_token_knows_where_it_stands_even_where_a_sign_becomes_two():
    text = "共㎡２台"

    found = [(token.text, text[token.start : token.end]) for token in tokens(text)]

    assert found == [("共", "共"), ("m22", "㎡２"), ("台", "台")]


@pytest.mark.parametrize(
    ("asked", "phrase"),
    [
        ("恒越精密", Phrase(("恒越", "越精", "精密"))),
        ("恒越", Phrase(("恒越",))),
        ("恒", Phrase(("恒",), unfinished=True)),
        ("CNC机床", Phrase(("cnc", "机床"))),
        ("机床CNC", Phrase(("机床", "床", "cnc"), unfinished=True)),
        ("heng", Phrase(("heng",), unfinished=True)),
        ("a", Phrase(("a",))),
        ("315", Phrase(("315",))),
        ("2026", Phrase(("2026",))),
        ("31510", Phrase(("31510",), unfinished=True)),
        ("PD-2026-00123", Phrase(("pd", "2026", "00123"), unfinished=True)),
    ],
)
def test_a_word_asks_for_its_tokens_one_after_the_other(asked: str, phrase: Phrase):
    assert phrases(asked) == [phrase]


def test_every_word_is_asked_for_once_and_full_width_spaces_part_them():
    assert [phrase.tokens for phrase in phrases("恒越　专利 恒越")] == [("恒越",), ("专利",)]


@pytest.mark.parametrize("asked", ["", "  ", "“”", '"', "*", "--", "\x00", "()", "|&!:"])
def test_what_no_token_can_say_asks_for_nothing(asked: str):
    assert phrases(asked) == []


def test_a_number_is_found_from_any_of_its_characters_on():
    assert endings("MA1-2b") == "ma12b a12b"


def test_a_word_that_a_page_breaks_in_two_is_whole_again():
    assert joined("产业\n学 院 in\nShanghai") == "产业学院 in\nShanghai"


# --- snippets -------------------------------------------------------------------------------------
def shown(text: str, asked: str) -> str:
    return "".join(
        f"[{each.text}]" if each.hit else each.text for each in snippet(text, phrases(asked))
    )


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("上海恒越精密机械有限公司", "恒越精密", "上海[恒越精密]机械有限公司"),
        ("上海恒越精密", "恒越 越精", "上海[恒越][精]密"),
        ("甲\n上海恒越，恒越\n乙", "恒越", "上海[恒越]，[恒越]"),
        ("ＧＢ／Ｔ ３２１００", "gb/t 32100", "[ＧＢ／Ｔ] [３２１００]"),
        ("与人工智能", "人", "与[人]工智能"),
        ("CJRH-2026-0001 91310115MAYY1A0104", "1a0104", "CJRH-2026-0001 91310115MAYY[1A0104]"),
        ("CJRH-2026-0001 91310115MAYY1A0104", "6-0001", "CJRH-202[6-0001] 91310115MAYY1A0104"),
        ("甲" * 50 + "恒越" + "乙" * 200, "恒越", "…" + "甲" * 36 + "[恒越]" + "乙" * 102 + "…"),
        ("没有", "恒越", "没有"),
    ],
)
def test_a_snippet_is_the_line_of_the_first_hit_with_every_hit_marked(
    text: str, asked: str, marked: str
):
    assert shown(text, asked) == marked
