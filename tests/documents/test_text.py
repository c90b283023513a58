import pytest

from workflows.documents.text import clean


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  东澜 海工\u3000装备 ", "东澜 海工 装备"),
        ("公\u200b司\ufeff\u2060", "公司"),
        ("\u202e111\u2066MA\u2069", "111MA"),
        ("e\u0301tude", "étude"),
        ("一\r\n二\r三\n", "一\n二\n三"),
        ("a\x00\x07b\x1b[31m", "ab[31m"),
        ("\ue000私用", "私用"),
    ],
)
def test_unseen_characters_are_taken_out_and_the_rest_is_normal(text, printed):
    assert clean(text, 100) == printed


def test_text_is_cut_at_its_limit():
    assert clean("一二三 四五", 4) == "一二三"
