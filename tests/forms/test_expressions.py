from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.expressions import BadExpression, Failed, compile, plain, values_for
from tests.forms.sample import field, form_of

FORM = form_of(
    field("amount", "money", unit="万元"),
    field("yuan", "money", unit="元"),
    field("share", "percent"),
    field("staff", "int"),
    field("born", "date"),
    field("sure", "bool"),
    field("term", "period"),
    field(
        "rows",
        "table",
        columns=[field("year", "year"), field("sum_", "money"), field("who", "text")],
    ),
)


def result(source: str, **answers: object) -> object:
    values = values_for(FORM, answers, {"wan": 1_000_000, "today": "2026-11-21"})
    return compile(source, FORM.names()).evaluate(values)


def test_money_is_integer_fen_in_its_own_unit():
    assert result("amount", amount="418.40") == 418_400_000
    assert result("amount >= 100 * wan", amount="99.99") is False
    assert result("yuan", yuan="418.40") == 41_840


def test_an_unanswered_question_is_the_empty_of_its_type():
    assert result("amount == 0 && staff == 0 && share == 0.0 && born == '' && !sure && rows == []")
    assert result("term.from") == ""
    assert result("rows[0].year == 0 && rows[0].sum_ == 0 && rows[0].who == ''", rows=[{}])


def test_dates_compare_as_days():
    assert result("years_after(born, 3) <= today", born="2023-11-21") is True
    assert result("years_after(born, 3) <= today", born="2023-11-22") is False


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("years_after('2024-02-29', 1)", "2025-02-28"),
        ("years_after('2024-02-29', 4)", "2028-02-29"),
        ("years_before('2026-11-21', 3)", "2023-11-21"),
        ("months_after('2026-12-01', 36)", "2029-12-01"),
        ("months_after('2027-01-31', 1)", "2027-02-28"),
        ("months_after('2028-03-31', -1)", "2028-02-29"),
        ("months_after('', 36)", ""),
        ("days_between('2026-12-01', '2029-05-31')", 912),
        ("days_between('', '2029-05-31')", 0),
        ("years_after('', 3)", ""),
        ("years_after('9999-12-31', 1)", "9999-12-31"),
        ("year_of('2025-03-18')", 2025),
        ("year_of('')", 0),
        ("sum([1, 2, 3])", 6),
        ("sum([])", 0),
        ("percent(3186, 146200)", 2.18),
        ("percent(1, 8)", 12.5),
        ("percent(5, 0)", 0.0),
        ("percent(25, 20000)", 0.13),  # 0.125 rounds half up
        ("length('产教融合')", 4),
        ("min(3, 2)", 2),
        ("max(1.5, 0.5)", 1.5),
        ("completion([{'target': 10.0, 'actual': 5.0}, {'target': 4.0, 'actual': 9.0}])", 0.75),
        ("completion([])", 0.0),
        ("completion([{'target': 0.0, 'actual': 5.0}])", 0.0),
    ],
)
def test_the_functions_of_the_house(source, expected):
    assert result(source) == expected


@given(part=st.integers(0, 10**15), whole=st.integers(1, 10**15))
def test_percent_is_rounded_half_up_to_two_places(part, whole):
    given_percent = Decimal(
        str(
            compile("percent(staff, amount)", FORM.names()).evaluate(
                {"staff": part, "amount": whole}
            )
        )
    )

    assert abs(given_percent - Decimal(part) * 100 / Decimal(whole)) <= max(
        Decimal("0.005"), given_percent / 10**14
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("staff >", "does not parse"),
        ("stafff > 1", "names the form does not have: stafff"),
        ("total(rows)", "functions that do not exist: total"),
        ("rows.map(r, r.year) == r", "uses r outside the brackets that bind it"),
        ("__import__('os')", "functions that do not exist"),
        ("cel.bind(x, 1, x)", "names the form does not have"),
        ("'a.map(z, 1)' == '' && z", "names the form does not have: z"),
    ],
)
def test_a_wrong_expression_is_refused_with_its_reason(source, reason):
    with pytest.raises(BadExpression, match=reason):
        compile(source, FORM.names())


def test_macros_bind_names_of_their_own():
    source = "rows.filter(r, r.year >= 2024).map(r, r.sum_)"

    assert result(
        source, rows=[{"year": 2024, "sum_": "1.00"}, {"year": 2023, "sum_": "2.00"}]
    ) == [1_000_000]
    assert compile(source, FORM.names()).names == {"rows"}


def test_an_expression_that_cannot_be_evaluated_says_which():
    with pytest.raises(Failed, match="rows"):
        result("rows[0].year > 2020")


def test_settings_and_facts_reach_expressions_in_types_cel_knows():
    assert plain({"a": Decimal("1.5"), "b": date(2026, 1, 2), "c": (1, "x"), "d": {"e": True}}) == {
        "a": 1.5,
        "b": "2026-01-02",
        "c": [1, "x"],
        "d": {"e": True},
    }
