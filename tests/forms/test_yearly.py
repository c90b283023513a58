"""Values by year: typed in one line, kept by year, seen as a map by expressions."""

import pytest
from django.http import QueryDict

from forms import expressions
from forms.fields import kind_of
from forms.schema import Field, Form, Section

pytestmark = pytest.mark.once
FIELD = Field(code="targets", kind="yearly", zh="分年度目标", en="Targets by year")
KIND = kind_of(FIELD)


@pytest.mark.parametrize(
    "typed",
    [
        "2027: 24; 2028: 48.5",
        "2028：48.5；2027：24",
        "２０２７年：２４；2028 = 48.50",
        "2027: 24\n2028: 48.5\n",
        {"2028": "48.5", "2027": 24},
        {2027: "24", 2028: "48.5"},
    ],
)
def test_a_number_for_each_year_is_understood_however_it_is_written(typed):
    assert KIND.clean(FIELD, typed).value == {"2027": "24", "2028": "48.5"}


@pytest.mark.parametrize(
    "typed",
    [
        "24",
        "2027",
        "2027: viele",
        "2027: 24; 2027: 25",
        "27: 24",
        "2027: 24, 2028: 48",
        {"x": 1},
        7,
    ],
)
def test_anything_else_is_refused_with_an_example(typed):
    cleaned = KIND.clean(FIELD, typed)

    assert cleaned.value is None
    assert "2027: 24; 2028: 48" in cleaned.errors[""][0] or "number" in cleaned.errors[""][0]


def test_nothing_typed_is_no_answer():
    assert KIND.clean(FIELD, "  ").value is None
    assert KIND.clean(FIELD, {}).value is None


def test_an_answer_comes_back_the_way_it_is_typed():
    assert KIND.retyped(FIELD, {"2027": "24", "2028": "48.5"}) == "2027: 24; 2028: 48.5"
    assert KIND.retyped(FIELD, "2027 24") == "2027 24"


def test_thousands_are_set_apart_for_readers():
    assert KIND.shown(FIELD, {"2028": "9000"}, "en") == "2028: 9,000"


def test_expressions_see_a_map_by_year():
    form = Form(sections=(Section(code="a", zh="a", en="a", fields=(FIELD,)),))
    values = expressions.values_for(form, {"targets": {"2027": "24"}}, {})

    compiled = expressions.compile(
        "targets.exists(y, int(y) < 2028 && targets[y] > 23.0)", {"targets"}
    )
    assert compiled.evaluate(values) is True
    assert compiled.evaluate(expressions.values_for(form, {}, {})) is False


def test_a_column_of_a_table_takes_values_by_year():
    table = Field(code="goals", kind="table", zh="目标", en="Goals", columns=(FIELD,))
    posted = QueryDict("goals-0-targets=2027%3A+24")

    typed = kind_of(table).read(table, "goals", posted)

    assert kind_of(table).clean(table, typed).value == [{"targets": {"2027": "24"}}]
