from decimal import Decimal

import pytest

from forms import binding
from forms.expressions import BadExpression, Failed
from forms.papers import papers
from tests.forms.sample import TODAY, bind, check, field, form_of

CLAIM = form_of(
    field("claim", "bool", required=True),
    field("partner", "text", show="claim", required="claim"),
    field(
        "invested",
        "table",
        show="claim",
        columns=[field("year", "year"), field("amount", "money", unit="万元")],
    ),
    field(
        "total",
        "money",
        unit="万元",
        show="claim",
        derived="sum(invested.filter(r, r.year > this_year - 3).map(r, r.amount))",
    ),
    field("met", "int", derived="(claim && total >= 100 * wan ? 1 : 0) + size(conditions)"),
)
ROWS = [
    {"year": 2025, "amount": "99.5"},
    {"year": 2026, "amount": "0.75"},
    {"year": 2020, "amount": "500"},
]


def test_conditional_questions_are_shown_when_their_condition_holds():
    assert bind(CLAIM, {}).shown == {"claim", "met"}
    assert bind(CLAIM, {"claim": "true"}).shown == {"claim", "partner", "invested", "total", "met"}


def test_derived_values_are_worked_out_from_shown_answers():
    bound = bind(CLAIM, {"claim": True, "invested": ROWS}, extra={"conditions": ["C1"]})

    assert bound.derived == {"total": "100.25", "met": 2}
    assert bound.values["total"] == 100_250_000


def test_hidden_answers_stay_in_the_draft_and_count_for_nothing():
    bound = bind(CLAIM, {"claim": False, "partner": "甲", "invested": ROWS}, submitted=True)

    assert bound.ok
    assert bound.answers == {"claim": False}
    assert bound.derived == {"met": 0}
    assert bound.raw["partner"] == "甲"
    assert len(bound.raw["invested"]) == 3


def test_a_draft_leaves_open_what_rests_on_unanswered_questions():
    assert bind(CLAIM, {"claim": True}).derived == {}
    assert bind(CLAIM, {"claim": True, "partner": "甲"}, submitted=True).derived == {
        "total": "0.00",
        "met": 0,
    }


def test_a_draft_demands_nothing_and_a_submission_what_is_required():
    assert bind(CLAIM, {}).ok
    assert bind(CLAIM, {}, submitted=True).missing == ["claim"]

    bound = bind(CLAIM, {"claim": True}, submitted=True)

    assert bound.missing == ["partner"]
    assert bound.errors == {"partner": ["Enter “Q partner”"]}
    assert not bound.ok


def test_wrong_typing_is_kept_and_seen_as_unanswered():
    form = form_of(field("a", "int"), field("b", "int", derived="a + 1"))

    bound = bind(form, {"a": "twelve"})

    assert bound.raw == {"a": "twelve"}
    assert bound.values["a"] == 0
    assert bound.derived == {}


def test_what_rests_on_wrong_typing_is_not_worked_out():
    form = form_of(field("a", "int"), field("b", "int", derived="a + 1"))

    assert bind(form, {"a": "twelve"}, submitted=True).derived == {}
    assert bind(form, {}, submitted=True).derived == {"b": 1}


def test_answers_a_form_does_not_ask_are_dropped():
    bound = bind(CLAIM, {"claim": True, "else": 1, "met": 99})

    assert bound.raw == {"claim": True}


CHECKED = form_of(
    field("staff", "int", required=True),
    field(
        "skilled",
        "int",
        checks=[
            check("skilled > staff", "{skilled} skilled of {staff}, floor {rule.floor}, {today}")
        ],
    ),
    field(
        "ratio",
        "percent",
        derived="percent(skilled, staff)",
        checks=[check("ratio < 50.0", "only {ratio}%", "warning")],
    ),
    field("big", "bool"),
    field("leader", "bool", checks=[check("!big && !leader", "neither", "warning")]),
)


def test_a_check_speaks_with_the_answers_in_its_sentence():
    bound = bind(CHECKED, {"staff": 1000, "skilled": 1200})

    assert bound.errors == {"skilled": ["1,200 skilled of 1,000, floor 1.5, 2026-11-21"]}
    assert bound.answers["skilled"] == 1200


def test_warnings_do_not_stand_in_the_way():
    bound = bind(CHECKED, {"staff": 10, "skilled": 1, "big": True}, submitted=True)

    assert bound.warnings == {"ratio": ["only 10.00%"]}
    assert bound.ok


def test_a_draft_asks_a_check_once_everything_it_looks_at_is_answered():
    assert bind(CHECKED, {"skilled": 5}).errors == {}
    assert bind(CHECKED, {"skilled": 5}).warnings == {}
    assert bind(CHECKED, {"big": False}).warnings == {}
    assert bind(CHECKED, {"big": False, "leader": False}).warnings == {"leader": ["neither"]}


def test_a_submission_asks_checks_on_optional_questions_left_open():
    assert bind(CHECKED, {"staff": 9, "skilled": 9}, submitted=True).warnings == {
        "leader": ["neither"]
    }


def test_a_check_is_silent_about_what_is_wrong_or_missing_already():
    assert set(bind(CHECKED, {"staff": "x", "skilled": 5}, submitted=True).errors) == {"staff"}
    assert set(bind(CHECKED, {"skilled": 5}, submitted=True).errors) == {"staff"}


def test_a_check_of_a_column_speaks_about_its_row():
    to = field(
        "until",
        "date",
        checks=[check("row.until <= years_after(row.since, 1)", "{since} to {until}")],
    )
    form = form_of(field("deals", "table", columns=[field("since", "date"), to]))
    rows = [
        {"since": "2024-01-01", "until": "2026-01-01"},
        {"since": "2024-01-01", "until": "2025-01-01"},
    ]

    assert bind(form, {"deals": rows}).errors == {"deals.1.until": ["2024-01-01 to 2025-01-01"]}


def two_sections():
    form = form_of(field("a", "int", required=True))
    second = {
        "code": "second",
        "zh": "二",
        "en": "Two",
        "show": "a > 1",
        "fields": [field("b", "int", required=True, checks=[check("a > 5")])],
    }
    return type(form).model_validate(
        {"sections": [*form.model_dump(mode="json")["sections"], second]}
    )


def test_a_section_is_judged_by_itself():
    form = two_sections()

    assert bind(form, {"a": 2}, section=form.section("only"), submitted=True).ok
    assert bind(form, {"a": "x"}, section=form.section("second")).errors == {}
    assert bind(form, {"a": 2}, section=form.section("second"), submitted=True).missing == ["b"]
    assert bind(form, {"b": 1}, section=form.section("second"), submitted=True).errors == {}


def test_a_section_whose_condition_fails_is_hidden_whole():
    form = two_sections()

    assert bind(form, {"a": 1}, submitted=True).ok
    assert bind(form, {"a": 2}, submitted=True).missing == ["b"]
    assert bind(form, {"a": 9, "b": 1}, submitted=True).errors == {"b": ["no"]}


def test_derived_values_find_each_other_in_any_order():
    form = form_of(
        field("c", "int", derived="b + 1"), field("b", "int", derived="a + 1"), field("a", "int")
    )

    assert bind(form, {"a": 1}).derived == {"b": 2, "c": 3}


def test_derived_values_that_go_in_a_circle_are_refused():
    form = form_of(field("c", "int", derived="b + 1"), field("b", "int", derived="c + 1"))

    with pytest.raises(BadExpression, match="depend on each other"):
        bind(form, {})


def test_rules_that_cannot_be_evaluated_stop_a_submission_and_no_draft():
    form = form_of(
        field(
            "rows", "table", columns=[field("year", "year")], checks=[check("rows[1].year > 2020")]
        ),
        field("a", "int", required="rows[5].year == 1"),
        field("b", "int", derived="rows[7].year"),
        field("c", "int", show="rows[8].year == 1"),
    )
    answers = {"rows": [{"year": 2020}]}

    assert set(bind(form, answers).failures) == {"rows", "b", "c"}
    with pytest.raises(Failed, match="rows"):
        bind(form, answers, submitted=True)


def test_the_context_carries_settings_procedure_record_and_day():
    given = binding.context({"floor": Decimal("1.5")}, "entry", {"since": TODAY}, TODAY, ("C1",))

    assert given == {
        "wan": 1_000_000,
        "today": "2026-11-21",
        "this_year": 2026,
        "rule": {"floor": 1.5},
        "procedure": "entry",
        "record": {"since": "2026-11-21"},
        "conditions": ["C1"],
    }


def test_papers_are_asked_for_as_the_answers_require():
    def paper(code: str, **more: object) -> dict[str, object]:
        return {"code": code, "zh": code, "en": code, **more}

    form = form_of(
        field("agent", "bool"),
        attachments=[
            paper("licence", required=True),
            paper("mandate", required="agent", show="agent"),
            paper("photo"),
            paper("odd", required="record.unknown"),
        ],
    )

    def asked(**answers: object) -> list[tuple[str, bool]]:
        return [(paper.attachment.code, paper.required) for paper in papers(bind(form, answers))]

    assert asked() == [("licence", True), ("photo", False), ("odd", True)]
    assert asked(agent=True)[1] == ("mandate", True)
