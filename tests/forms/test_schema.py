import pytest
from django.utils import translation
from pydantic import ValidationError

from forms.schema import Form, Text
from tests.forms.sample import choice, field, form_of


def test_a_text_speaks_the_readers_language():
    text = Text(zh="衡", en="Heng")

    with translation.override("zh-hans"):
        assert str(text) == "衡"
    with translation.override("en"):
        assert str(text) == "Heng"


def test_a_form_gives_its_fields_and_names():
    form = form_of(field("a", "text"), field("b", "int"))

    assert [asked.code for asked in form.fields()] == ["a", "b"]
    assert form.field("b").kind == "int"
    assert {"a", "b", "wan", "today", "rule", "record"} < form.names()


def test_a_form_survives_a_round_trip_through_json():
    form = form_of(field("a", "enum", choices=[choice("x")]), field("m", "money", minimum="0.5"))

    again = Form.model_validate_json(form.model_dump_json())

    assert again == form
    assert hash(again) == hash(form)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (field("a", "enum"), "choices belong"),
        (field("a", "text", choices=[choice("x")]), "choices belong"),
        (field("a", "table"), "columns belong"),
        (field("a", "text", must_be=True), "must_be belongs"),
        (field("a", "bool", must_be=True), "go together"),
        (field("a", "int", derived="1", required=True), "cannot be required"),
        (field("a", "int", minimum=3, maximum=2), "minimum is above"),
        (field("a", "text", min_length=3, max_length=2), "min_length is above"),
        (field("a", "text", pattern="("), "does not compile"),
        (field("a", "enum", choices=[choice("x"), choice("x")]), "more than once: x"),
        (field("a", "table", columns=[field("p", "period")]), "neither a table nor a period"),
        (field("a", "table", columns=[field("p", "int", required="x")]), "true or false"),
        (field("a", "table", columns=[field("n", "int")], each="n"), "column of kind enum"),
        (field("today", "date"), "something else in expressions: today"),
        (field("Bad", "date"), "String should match pattern"),
        (field("a", "colour"), "Input should be"),
        ({**field("a", "text"), "size": 3}, "Extra inputs are not permitted"),
        (field("a", "text", unit="人", show=" "), "at least 1 character"),
    ],
)
def test_a_form_that_does_not_hold_together_is_refused(wrong, reason):
    with pytest.raises(ValidationError, match=reason):
        form_of(wrong)


def test_a_question_asked_twice_is_refused():
    with pytest.raises(ValidationError, match="used more than once: a"):
        form_of(field("a", "text"), field("a", "int"))


def test_nothing_in_a_form_can_be_changed():
    form = form_of(field("a", "text"))

    with pytest.raises(ValidationError, match="frozen"):
        form.sections[0].fields[0].code = "b"
