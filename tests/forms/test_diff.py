from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from forms.diff import changes
from tests.forms.sample import EVERY_KIND, GOOD, choice, field, form_of

FORM = form_of(
    field("goals", "longtext"),
    field("pay", "money", unit="万元"),
    field("size", "enum", choices=[choice("large"), choice("small")]),
    field("rows", "table", columns=[field("year", "year"), field("sum", "money")]),
)


def pieces(side):
    return [(piece.text, piece.changed) for piece in side]


def test_the_same_answers_have_no_changes():
    assert changes(EVERY_KIND, GOOD, GOOD) == []


def test_a_change_shows_both_answers_as_a_reader_sees_them():
    (change,) = changes(FORM, {"pay": "1000.00"}, {"pay": "2000.00"}, "en")

    assert (change.code, change.section, change.label, change.kind) == (
        "pay",
        "only",
        "Q pay",
        "changed",
    )
    assert pieces(change.before) == [("1,000.00 ten thousand yuan", True)]
    assert pieces(change.after) == [("2,000.00 ten thousand yuan", True)]


def test_answers_come_and_go():
    added, removed = changes(FORM, {"pay": "1.00"}, {"size": "large"}, "zh-hans")[::-1]

    assert (added.kind, pieces(added.before), pieces(added.after)) == (
        "added",
        [],
        [("选large", True)],
    )
    assert removed.kind == "removed"


def test_long_texts_are_compared_word_by_word():
    (change,) = changes(FORM, {"goals": "三年内建成2个基地"}, {"goals": "三年内建成12个示范基地"})

    assert pieces(change.before) == [
        ("三年内建成", False),
        ("2", True),
        ("个", False),
        ("基地", False),
    ]
    assert pieces(change.after) == [
        ("三年内建成", False),
        ("12", True),
        ("个", False),
        ("示范", True),
        ("基地", False),
    ]


def test_very_long_texts_are_compared_by_sentence():
    before = "甲乙丙丁。" * 600
    after = before.replace("甲", "子", 1)

    (change,) = changes(FORM, {"goals": before}, {"goals": after})

    assert ("甲乙丙丁。", True) in pieces(change.before)
    assert ("子乙丙丁。", True) in pieces(change.after)


def test_tables_are_compared_row_by_row():
    old = [{"year": 2024, "sum": "1.00"}, {"year": 2025, "sum": "2.00"}]

    (change,) = changes(FORM, {"rows": old}, {"rows": [*old, {"year": 2026}]})

    assert pieces(change.before) == [("2024 · 1.00\n2025 · 2.00\n", False)]
    assert pieces(change.after) == [("2024 · 1.00\n2025 · 2.00\n", False), ("2026 · —\n", True)]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_of_each_side_make_up_its_answer(before, after):
    for change in changes(FORM, {"goals": before}, {"goals": after}):
        assert "".join(piece.text for piece in change.before) == before
        assert "".join(piece.text for piece in change.after) == after


def test_changes_are_shown():
    template = engines["django"].from_string(
        "{% load forms_tags %}{% show_changes it 'Version 1' 'Version 2' %}"
    )

    html = template.render(
        {"it": changes(FORM, {"goals": "<甲>乙"}, {"goals": "<甲>丙", "pay": "1.00"}, "en")}
    )

    assert "<del>乙</del>" in html
    assert "<ins>丙</ins>" in html
    assert "&lt;甲&gt;" in html
    assert "not answered" in html
    assert "Nothing changed" in template.render({"it": []})
