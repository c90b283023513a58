from forms.inspection import inspect
from tests.forms.sample import check, field, form_of


def faults(*fields, **more):
    return [(fault.where, fault.reason) for fault in inspect(form_of(*fields, **more))]


def test_a_sound_form_has_no_faults():
    row = field("a", "int", checks=[check("row.a > n", "{a} of {n} by {rule.floor}")])

    assert (
        faults(field("n", "int", required="today > ''"), field("t", "table", columns=[row])) == []
    )


def test_every_expression_is_compiled_and_named():
    paper = {"code": "p", "zh": "p", "en": "p", "required": "x1", "show": "x2"}

    found = faults(
        field("a", "int", show="x3", required="x4", checks=[check("x5")]),
        field("b", "int", derived="x6"),
        field("t", "table", columns=[field("c", "int", checks=[check("row.c > x7")])]),
        attachments=[paper],
    )

    assert {where for where, _reason in found} == {
        "a.show",
        "a.required",
        "a.checks[0].when",
        "b.derived",
        "t.c.checks[0].when",
        "p.required",
        "p.show",
    }


def test_circles_are_found():
    ((where, reason),) = faults(field("a", "int", show="b > 1"), field("b", "int", derived="a + 1"))

    assert where == "sections"
    assert "depend on each other" in reason


def test_row_is_known_in_columns_only():
    assert faults(field("a", "int", show="row.x > 1"))[0][0] == "a.show"


def test_placeholders_nobody_can_fill_are_found():
    cell = field("c", "int", checks=[check("row.c > 1", "{c} {nobody}")])

    assert faults(
        field("a", "int", checks=[check("a > 1", "{b}")]), field("t", "table", columns=[cell])
    ) == [
        ("a.checks[0]", "has placeholders for nothing: b"),
        ("t.c.checks[0]", "has placeholders for nothing: nobody"),
    ]
