"""A section as it is rendered: every kind goes out, is filled in and comes back."""

import re

import pytest
from django.http import QueryDict
from django.template import engines
from django.utils import translation

from forms import binding
from tests.forms.sample import (
    CODE,
    EVERY_KIND,
    GOOD,
    Browser,
    bind,
    check,
    choice,
    field,
    form_of,
    render,
)

WRONG = {
    "name": "字" * 30,
    "story": "<b>&amp;\n</textarea>" + "字" * 100,
    "staff": "许多",
    "factor": "1.2.3",
    "amount": "三百二十",
    "share": "170",
    "born": "昨天",
    "uscc": "91350100M000100Y4O",
    "phone": "12345",
    "mail": 'a"b@',
    "site": "http://",
    "term": {"from": "2025-01-01", "to": "去年"},
    "began": "25",
    "revenue": [{"year": "2025", "amount": "x", "audited": "true"}],
}


def typed_by(browser: Browser, **pressed: str) -> dict[str, object]:
    return binding.read(EVERY_KIND, EVERY_KIND.sections[0], browser.post(**pressed))


def test_every_kind_comes_back_as_it_went_out():
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, GOOD)))

    again = bind(EVERY_KIND, typed_by(page), submitted=True)

    assert again.errors == {}
    assert again.answers == GOOD


def test_an_empty_form_comes_back_empty():
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, {})))

    again = bind(EVERY_KIND, typed_by(page))

    assert again.errors == {}
    assert again.raw == {}


def test_wrong_typing_is_shown_again_beside_what_is_wrong_with_it():
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, WRONG)))

    again = bind(EVERY_KIND, typed_by(page))

    assert set(again.raw) == set(WRONG)
    assert again.raw["amount"] == "三百二十"
    assert again.raw["mail"] == 'a"b@'
    assert again.raw["story"] == WRONG["story"]
    assert again.raw["term"] == WRONG["term"]
    assert again.errors == bind(EVERY_KIND, WRONG).errors
    for sentences in again.errors.values():
        assert all(page.text.count(sentence) >= 2 for sentence in sentences)  # summary and field


def test_the_error_summary_leads_to_what_is_wrong():
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, WRONG)))
    links = [given["href"].removeprefix("#") for tag, given in page.elements if tag == "a"]

    assert len(links) == len(set(links)) == len(WRONG)
    assert {"q-uscc", "q-term-to", "q-revenue-0-amount"} <= set(links)
    for link in links:
        assert page.element(link)["aria-invalid"] == "true"
        for part in page.element(link)["aria-describedby"].split():
            assert part in page.ids()
    assert page.element("errors")["role"] == "alert"


def test_a_page_without_errors_has_no_summary():
    assert "errors" not in Browser(render(EVERY_KIND, bind(EVERY_KIND, GOOD))).ids()


@pytest.mark.parametrize("answers", [{}, GOOD, WRONG])
def test_the_page_is_sound(answers):
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, answers, submitted=True)))
    ids = page.ids()
    labelled = {given["for"] for tag, given in page.elements if tag == "label"}

    assert len(ids) == len(set(ids))
    assert labelled <= set(ids)
    for tag, given in page.elements:
        if tag in {"input", "select", "textarea"}:
            assert given["id"] in labelled or given.get("aria-label")
        assert "style" not in given
        assert not any(name.startswith("on") for name in given)
        for part in (given.get("aria-describedby") or "").split():
            assert part in ids


def test_what_is_typed_is_never_markup():
    html = render(EVERY_KIND, bind(EVERY_KIND, WRONG | {"name": "<script>"}))

    assert "<script" not in html
    assert html.count("</textarea>") == 1


def test_controls_help_the_keyboard_of_a_telephone():
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, {})))

    assert page.element("q-amount")["inputmode"] == "decimal"
    assert page.element("q-staff")["inputmode"] == "numeric"
    assert page.element("q-phone")["autocomplete"] == "tel"
    assert page.element("q-mail")["autocomplete"] == "email"
    assert page.element("q-amount")["aria-describedby"] == "q-amount-u"


def test_long_texts_are_counted():
    html = render(EVERY_KIND, bind(EVERY_KIND, {"story": "字" * 162}))

    assert re.search(r'counter-over" id="q-story-c" data-limit="100"', html)
    assert "<span data-count>162</span> / 100 characters" in html


def test_few_choices_are_buttons_and_many_a_list():
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, GOOD)))
    radios = [given for tag, given in page.elements if given.get("type") == "radio"]

    assert [given["name"] for given in radios] == ["agreed", "agreed", "size", "size"]
    assert ("area", "v7") in page.fields


# --- rows ---------------------------------------------------------------------------------------
def rows_after(answers: dict[str, object], **pressed: str) -> list[dict[str, str]]:
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, answers)))
    return typed_by(page, **pressed)["revenue"]


def test_a_row_is_added_and_stays_while_the_draft_is_saved_and_shown():
    rows = rows_after(GOOD, revenue__add="1")

    bound = bind(EVERY_KIND, GOOD | {"revenue": rows})

    assert rows[-1] == {}
    assert bound.raw["revenue"] == [*GOOD["revenue"], {}]
    assert bound.answers["revenue"] == GOOD["revenue"]
    assert "q-revenue-2-year" in Browser(render(EVERY_KIND, bound)).ids()


def test_a_row_is_added_to_the_empty_ones_a_page_shows():
    assert len(rows_after({}, revenue__add="1")) == 2
    assert len(bind(EVERY_KIND, {"revenue": rows_after({}, revenue__add="1")}).raw["revenue"]) == 2


def test_a_row_is_removed():
    assert rows_after(GOOD, revenue__remove__0="1") == [
        {"year": "2025", "amount": "2.50", "audited": "false"}
    ]


def test_the_last_row_is_removed():
    only = GOOD | {"revenue": GOOD["revenue"][:1]}

    assert rows_after(only, revenue__remove__0="1") == []


def test_empty_rows_are_dropped():
    assert rows_after(GOOD | {"revenue": [{}, {}]}) == []


def test_questions_the_page_did_not_show_are_not_read():
    assert binding.read(EVERY_KIND, EVERY_KIND.sections[0], QueryDict("name=甲")) == {"name": "甲"}


def test_the_pressed_table_is_known():
    section = EVERY_KIND.sections[0]

    assert binding.pressed(section, QueryDict("revenue-add=1")) == "revenue"
    assert binding.pressed(section, QueryDict("majors-remove-3=1")) == "majors"
    assert binding.pressed(section, QueryDict("go=next")) == ""


def test_enter_saves_and_does_not_remove_a_row():
    page = Browser(render(EVERY_KIND, bind(EVERY_KIND, GOOD)))
    first = next(given for tag, given in page.elements if tag == "button")

    assert "name" not in first
    assert first["type"] == "submit"


def test_a_table_of_fixed_rows_shows_them_all_and_no_buttons():
    form = form_of(field("t", "table", min_rows=3, max_rows=3, columns=[field("year", "year")]))

    page = Browser(render(form, bind(form, {"t": [{"year": 2024}]})))

    assert {"q-t-0-year", "q-t-1-year", "q-t-2-year"} <= set(page.ids())
    assert "t-add" not in str(page.elements)
    assert "t-remove" not in str(page.elements)


NAMED = form_of(
    field(
        "t",
        "table",
        min_rows=2,
        max_rows=2,
        each="id",
        columns=[
            field("id", "enum", choices=[choice("a"), choice("b")], required=True),
            field("n", "int", required=True),
        ],
    )
)


def test_rows_that_are_set_are_there_under_their_names_before_anyone_types():
    page = Browser(render(NAMED, bind(NAMED, {})))

    assert ("t-0-id", "a") in page.fields
    assert ("t-1-id", "b") in page.fields
    assert "Option b" in page.text
    assert page.element("q-t-1-n")["aria-label"] == "Option b, Q n"


def test_a_row_that_is_set_keeps_its_place_and_the_missing_ones_follow():
    page = Browser(render(NAMED, bind(NAMED, {"t": [{"id": "b", "n": 7}]})))

    assert page.fields == [("t-0-id", "b"), ("t-0-n", "7"), ("t-1-id", "a"), ("t-1-n", "")]


def test_what_is_wrong_with_the_name_of_a_row_is_said_at_the_row():
    bound = bind(NAMED, {"t": [{"id": "z", "n": 1}, {"id": "b", "n": 2}]})

    page = Browser(render(NAMED, bound))

    assert "q-t-0-id" in page.ids()
    assert "Choose one of the answers listed" in page.text


def test_a_full_table_takes_no_more_rows():
    form = form_of(field("t", "table", max_rows=2, columns=[field("year", "year")]))

    assert "t-add" in render(form, bind(form, {"t": [{"year": 2024}]}))
    assert "t-add" not in render(form, bind(form, {"t": [{"year": 2024}, {"year": 2025}]}))


def test_narrow_tables_stack_on_telephones_and_wide_ones_are_cards():
    html = render(EVERY_KIND, bind(EVERY_KIND, GOOD))

    assert html.count("table-stack") == 1
    assert 'data-th="Q amount (ten thousand yuan)"' in html
    assert Browser(html).element("q-majors-0-school")["name"] == "majors-0-school"


# --- conditions ---------------------------------------------------------------------------------
CLAIM = form_of(
    field("claim", "bool"),
    field("partner", "text", show="claim"),
    field(
        "ratio",
        "percent",
        unit="%",
        derived="percent(a, 8)",
        checks=[check("ratio < 50.0", "low", "warning")],
    ),
    field("a", "int", required=True, hint={"zh": "提示", "en": "Count everyone"}, example="12"),
)


def test_conditional_questions_appear_under_the_one_they_follow():
    assert "q-partner" not in Browser(render(CLAIM, bind(CLAIM, {}))).ids()

    html = render(CLAIM, bind(CLAIM, {"claim": True}))

    assert (
        html.index('id="q-claim"') < html.index('class="conditional') < html.index('id="q-partner"')
    )


def test_derived_values_are_read_only():
    page = Browser(render(CLAIM, bind(CLAIM, {"a": 1})))

    assert "12.50 %" in " ".join(page.text.split())
    assert "low" in page.text
    assert all(name != "ratio" for name, _value in page.fields)
    assert "to be worked out" in render(CLAIM, bind(CLAIM, {}))


def test_hints_and_examples_are_read_with_the_control():
    page = Browser(render(CLAIM, bind(CLAIM, {})))

    assert page.element("q-a")["aria-describedby"] == "q-a-h"
    assert "Count everyone Example: 12" in page.text
    assert page.text.count("optional") == 1


# --- transcript ---------------------------------------------------------------------------------
def test_the_transcript_has_the_questions_as_shown_in_either_language():
    form = form_of(
        field("uscc", "uscc"),
        field("pay", "money", unit="万元"),
        field("size", "enum", choices=[choice("large")]),
        field("sure", "bool"),
        field("until", "date"),
        field("left", "text"),
        field("gone", "text", show="!sure"),
        field("t", "table", columns=[field("year", "year"), field("sum", "money", unit="万元")]),
    )
    answers = {
        "uscc": CODE,
        "pay": "14620",
        "size": "large",
        "sure": True,
        "until": "长期",
        "t": [{"year": 2025, "sum": "1234.5"}, {"year": 2026}],
    }

    english = binding.transcript(form, bind(form, answers), "en")
    with translation.override("en"):
        chinese = binding.transcript(form, bind(form, answers), "zh-hans")

    section = english["sections"][0]
    assert (english["language"], section["code"], section["title"]) == ("en", "only", "Part")
    assert [(q["question"], q["answer"], q["unit"]) for q in section["questions"][:6]] == [
        ("Q uscc", CODE, ""),
        ("Q pay", "14,620.00", "ten thousand yuan"),
        ("Q size", "Option large", ""),
        ("Q sure", "yes", ""),
        ("Q until", "no end date", ""),
        ("Q left", "", ""),
    ]
    table = section["questions"][6]
    assert [column["title"] for column in table["columns"]] == ["Q year", "Q sum"]
    assert table["rows"] == [["2025", "1,234.50"], ["2026", ""]]
    assert chinese["sections"][0]["questions"][2] == {
        "code": "size",
        "question": "问size",
        "unit": "",
        "answer": "选large",
    }


def test_a_transcript_is_shown():
    template = "{% load forms_tags %}{% show_transcript it %}"
    it = binding.transcript(EVERY_KIND, bind(EVERY_KIND, GOOD | {"name": "<i>"}), "en")
    html = engines["django"].from_string(template).render({"it": it})

    assert "&lt;i&gt;" in html
    assert "第一段<br>第二段" in html
    assert "1.00" in html
    assert "滨江学院" in html
