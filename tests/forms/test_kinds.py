"""What each kind of question accepts, refuses and says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields import KINDS
from tests.forms.sample import EVERY_KIND, GOOD, bind, choice, field, form_of


def answer(kind: str, typed: object, **more: object) -> object:
    bound = bind(form_of(field("a", kind, **more)), {"a": typed})
    assert bound.errors == {}
    return bound.answers.get("a")


def error(kind: str, typed: object, **more: object) -> str:
    bound = bind(form_of(field("a", kind, **more)), {"a": typed})
    assert "a" not in bound.answers
    assert bound.raw["a"] == typed
    (sentence,) = bound.errors["a"]
    return sentence


def lacking(kind: str, typed: object, **more: object) -> dict[str, list[str]]:
    return bind(form_of(field("a", kind, **more)), {"a": typed}, submitted=True).errors


def test_the_sample_has_every_kind():
    assert {asked.kind for asked in EVERY_KIND.fields()} == set(KINDS)


def test_good_answers_of_every_kind_stay_as_they_are():
    bound = bind(EVERY_KIND, GOOD, submitted=True)

    assert bound.ok
    assert bound.answers == GOOD


@pytest.mark.parametrize("nothing", ["", "   ", "　", None, [], {}])
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"enum", "table"}))
def test_nothing_typed_is_no_answer(kind, nothing):
    assert answer(kind, nothing) is None


# --- text ---------------------------------------------------------------------------------------
def test_text_is_trimmed_and_put_on_one_line():
    assert answer("text", "  甲\n 公司\t一部 ") == "甲 公司 一部"


def test_long_text_keeps_its_paragraphs():
    assert answer("longtext", "第一段  \r\n\r\n第二段\r\n") == "第一段\n\n第二段"


def test_brackets_become_full_width_where_names_are_written_so():
    assert answer("text", "甲(上海)公司", full_width_brackets=True) == "甲（上海）公司"
    assert answer("text", "f(x)") == "f(x)"


def test_invisible_and_turning_characters_are_dropped():
    assert answer("text", "a\u202eb\x00c\ufeff\ud800") == "abc"


def test_letters_are_composed():
    assert answer("text", "e\u0301") == "é"


def test_a_text_too_long_says_by_how_much():
    assert error("longtext", "字" * 1062, max_length=1000) == (
        "“Q a” is 62 characters too long; the limit is 1000"
    )
    assert error("text", "字" * 501).startswith("“Q a” is 1 character too long")


def test_a_text_too_short_may_be_saved_and_not_submitted():
    assert answer("longtext", "字" * 20, min_length=200) == "字" * 20
    assert lacking("longtext", "字" * 20, min_length=200) == {
        "a": ["“Q a” is 180 characters short; write at least 200"]
    }


def test_a_pattern_takes_full_width_and_small_letters():
    assert answer("text", "３１０１１５", pattern=r"\d{6}") == "310115"
    assert answer("text", "c3562", pattern=r"[A-T]\d{2,4}") == "C3562"
    assert error("text", "31011", pattern=r"\d{6}", example="310115") == (
        "“Q a” has the wrong form; you typed “31011”. Example: 310115"
    )
    assert error("text", "x", pattern=r"\d") == "“Q a” has the wrong form; you typed “x”"


# --- numbers ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("320", "320.00"),
        ("３２０．５", "320.50"),
        ("1,234.5", "1234.50"),
        ("１，２３４．５", "1234.50"),
        (" 1 234 ", "1234.00"),
        ("1　234", "1234.00"),
        ("320万元", "320.00"),
        ("320 万元", "320.00"),
        ("-3", "-3.00"),
        ("－3", "-3.00"),
        ("+3", "3.00"),
        (48210.5, "48210.50"),
        (7, "7.00"),
        ("0.10", "0.10"),
        ("0.100", "0.10"),
    ],
)
def test_money_is_typed_in_many_ways(typed, stored):
    assert answer("money", typed, unit="万元") == stored


@pytest.mark.parametrize(
    "typed", ["三百二十", "1e5", "12,34", "1.2.3", ".", "--3", "nan", "inf", True, [1], "x" * 99]
)
def test_what_is_no_number_is_quoted_with_an_example(typed):
    sentence = error("money", typed, unit="万元")

    assert sentence.startswith("“Q a” should be a number; you typed “")
    assert sentence.endswith("Example: 320.00")
    assert str(typed)[:40] in sentence


def test_the_examples_of_the_form_win():
    assert error("money", "x", example="18.50").endswith("Example: 18.50")


def test_numbers_keep_to_their_limits():
    assert error("percent", "170", maximum=100) == "“Q a” should be at most 100; you typed “170”"
    assert error("int", "0", minimum=1) == "“Q a” should be at least 1; you typed “0”"
    assert error("money", "1.234") == "“Q a” takes at most 2 decimal places; you typed “1.234”"
    assert "1,000,000,000,000" in error("money", "9" * 60)
    assert "at most" in error("decimal", "-" + "9" * 60)


def test_whole_numbers_are_whole():
    assert answer("int", "１２，３４５") == 12345
    assert answer("int", 12.0) == 12
    assert error("int", "12.5") == "“Q a” should be a whole number; you typed “12.5”. Example: 12"


def test_decimals_lose_closing_zeros_and_percentages_their_sign():
    assert answer("decimal", "6.50") == "6.5"
    assert answer("decimal", "600") == "600"
    assert answer("percent", "68.5％") == "68.50"


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_every_amount_survives_typing_with_thousands_and_full_width(amount):
    wide = f"{amount:,}".translate(
        {ord(a): ord(b) for a, b in zip("0123456789,.", "０１２３４５６７８９，．", strict=True)}
    )

    assert Decimal(answer("money", f"{amount:,}")) == amount
    assert Decimal(answer("money", wide)) == amount


@given(st.text())
@pytest.mark.parametrize(
    "kind", ["money", "int", "percent", "decimal", "year", "date", "phone", "email", "url"]
)
def test_nothing_typed_breaks_a_kind(kind, typed):
    bound = bind(form_of(field("a", kind)), {"a": typed})

    assert ("a" in bound.errors) + ("a" in bound.answers) + (typed.strip() == "") >= 1


# --- dates --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        "2024-03-08",
        "2024-3-8",
        "2024/3/8",
        "2024.3.8",
        "2024年3月8日",
        "20240308",
        "２０２４年３月８日",
        " 2024 - 03 - 08",
    ],
)
def test_a_day_is_typed_in_many_ways(typed):
    assert answer("date", typed) == "2024-03-08"


def test_a_licence_without_end_ends_on_the_last_day_there_is():
    assert answer("date", "长期") == "9999-12-31"
    assert answer("date", "9999-12-31") == "9999-12-31"


def test_days_no_calendar_has_are_refused():
    assert error("date", "2023-02-29") == (
        "“Q a”: there is no such day as “2023-02-29”. Example: 2024-03-18"
    )
    assert error("date", "去年").startswith("“Q a” should be a date; you typed “去年”")
    assert "lies too far back" in error("date", "0024-03-08")


def test_years_have_four_digits():
    assert answer("year", "２０２５年") == 2025
    assert (
        error("year", "25")
        == "“Q a” should be a year of four digits; you typed “25”. Example: 2025"
    )
    assert error("year", "2019", minimum=2020) == "“Q a” should be at least 2020; you typed “2019”"


def test_a_period_has_two_days_in_order():
    assert answer("period", {"from": "2024年1月1日", "to": ""}) == {"from": "2024-01-01"}
    assert lacking("period", {"from": "2024-1-1"}) == {"a.to": ["Enter the last day of “Q a”"]}

    bound = bind(form_of(field("a", "period")), {"a": {"from": "2025-01-01", "to": "2024-01-01"}})

    assert bound.errors == {"a.to": ["“Q a” ends before it begins"]}
    assert bound.raw == {"a": {"from": "2025-01-01", "to": "2024-01-01"}}


# --- choices ------------------------------------------------------------------------------------
def test_only_the_answers_listed_can_be_chosen():
    choices = [choice("large"), choice("small")]

    assert answer("enum", "large", choices=choices) == "large"
    assert error("enum", "huge", choices=choices) == "Choose one of the answers listed for “Q a”"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("true", True), ("false", False), ("是", True), ("否", False), (False, False)],
)
def test_yes_and_no(typed, stored):
    assert answer("bool", typed) is stored


def test_an_answer_that_must_be_yes_says_why_when_it_is_no():
    form = form_of(
        field("a", "bool", must_be=True, refusal={"zh": "须承诺", "en": "You must promise"})
    )

    assert bind(form, {"a": "false"}).errors == {"a": ["You must promise"]}
    assert bind(form, {"a": "false"}).answers == {"a": False}
    assert bind(form, {"a": "true"}).errors == {}


# --- contact ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 0000 0101", "13800000101"),
        ("１３８００００００１０１"[:11], "13800000010"),
        ("+86 138-0000-0101", "13800000101"),
        ("021-12345678", "021-12345678"),
        ("(021) 1234 5678", "021-12345678"),
        ("（0575）1234567", "0575-1234567"),
        ("010—12345678", "010-12345678"),
    ],
)
def test_telephone_numbers_are_written_one_way(typed, stored):
    assert answer("phone", typed) == stored


@pytest.mark.parametrize("typed", ["12345", "12800000000", "1380000010", "12345678", "021-123456"])
def test_numbers_no_telephone_has_are_refused(typed):
    assert f"you typed “{typed}”. Example: 13800000000" in error("phone", typed)


def test_mail_and_web_addresses():
    assert answer("email", " HR＠Example.COM ") == "HR@example.com"
    assert answer("url", "example.com/report") == "https://example.com/report"
    assert "should be an e-mail address" in error("email", "a@b")
    assert "should be an e-mail address" in error("email", "a" * 250 + "@b.com")
    assert "should be a web address" in error("url", "javascript://alert(1)")


# --- tables -------------------------------------------------------------------------------------
TABLE = {
    "columns": [
        field("year", "year", required=True),
        field("amount", "money", minimum=0),
        field("note", "text", min_length=3),
    ]
}


def test_empty_rows_do_not_count():
    assert answer("table", [{"year": "2024", "amount": ""}, {}, {"year": " "}], **TABLE) == [
        {"year": 2024}
    ]


def test_a_wrong_cell_is_named_by_row_and_column_and_keeps_the_others():
    typed = [{"year": "2024", "amount": "1"}, {"year": "二〇二五", "amount": "x"}]

    bound = bind(form_of(field("a", "table", **TABLE)), {"a": typed})

    assert set(bound.errors) == {"a.1.year", "a.1.amount"}
    assert bound.raw["a"] == typed
    assert "a" not in bound.answers


def test_a_table_to_submit_has_its_rows_and_cells():
    assert lacking("table", [{"amount": "1", "note": "x"}], min_rows=2, **TABLE) == {
        "a": ["“Q a” needs at least 2 rows"],
        "a.0.year": ["Enter “Q year”"],
        "a.0.note": ["“Q note” is 2 characters short; write at least 3"],
    }


def test_a_table_takes_no_more_rows_than_it_has():
    rows = [{"year": 2020 + n} for n in range(3)]

    assert error("table", rows, max_rows=2, **TABLE) == "“Q a” takes at most 2 rows"
    assert "at most 200 rows" in error("table", [{"year": 2020}] * 201, **TABLE)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"enum", "table"}))
@pytest.mark.parametrize("odd", [{"a": 1}, [1, 2], [{"x": 1}], True, 10**400, 1.5])
def test_an_answer_of_an_impossible_shape_is_an_error_and_never_a_fault(kind, odd):
    bound = bind(form_of(field("a", kind)), {"a": odd})

    assert bound.errors or bound.answers or bound.raw
