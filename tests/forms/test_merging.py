"""Two people's answers to one section: nothing anybody typed is lost, nothing is overwritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forms import merging

WORDS = some.one_of(some.none(), some.sampled_from(["甲", "乙", "丙"]))
CODES = ("name", "year", "goals")
ANSWERS = some.fixed_dictionaries({}, optional=dict.fromkeys(CODES, WORDS))


@pytest.mark.parametrize(
    ("before", "mine", "theirs", "changes", "clashes", "adopted"),
    [
        ("甲", "甲", "甲", {}, (), ()),
        ("甲", "乙", "甲", {"name": "乙"}, (), ()),
        ("甲", "甲", "乙", {}, (), ("name",)),
        ("甲", "乙", "乙", {}, (), ()),
        ("甲", "乙", "丙", {}, ("name",), ()),
        ("甲", None, "甲", {"name": None}, (), ()),
        ("甲", "甲", None, {}, (), ("name",)),
        ("甲", None, "丙", {}, ("name",), ()),
        (None, "乙", None, {"name": "乙"}, (), ()),
    ],
)
def test_each_question_is_judged_by_what_its_reader_had_before_them(
    before: object, mine: object, theirs: object, changes: object, clashes: object, adopted: object
) -> None:
    seen = merging.marks(["name"], {"name": before})

    found = merging.merge({"name": mine}, {"name": theirs}, seen)

    assert (found.changes, found.clashes, found.adopted) == (changes, clashes, adopted)


@given(before=ANSWERS, mine=ANSWERS, theirs=ANSWERS)
def test_no_answer_is_overwritten_unseen(
    before: dict[str, object], mine: dict[str, object], theirs: dict[str, object]
) -> None:
    seen = merging.marks(CODES, before)

    found = merging.merge(mine, theirs, seen)
    draft = found.over(theirs)

    for code in CODES:
        changed = theirs.get(code) != before.get(code)
        if changed or code not in mine:
            assert draft.get(code) == theirs.get(code)
        else:
            assert draft.get(code) == mine[code]
    lost = {code for code in mine if mine[code] not in (draft.get(code), before.get(code))}
    assert lost == set(found.clashes)


@given(before=ANSWERS, mine=ANSWERS)
def test_sending_twice_changes_nothing_more(
    before: dict[str, object], mine: dict[str, object]
) -> None:
    seen = merging.marks(CODES, before)
    once = merging.merge(mine, before, seen)

    twice = merging.merge(mine, once.over(before), seen)

    assert (twice.changes, twice.clashes, once.clashes) == ({}, (), ())


def test_a_question_that_was_not_on_the_page_had_no_answer_there() -> None:
    new = merging.merge({"name": "乙"}, {}, {})
    given_meanwhile = merging.merge({"name": "乙"}, {"name": "甲"}, {})

    assert (new.changes, new.clashes) == ({"name": "乙"}, ())
    assert (given_meanwhile.changes, given_meanwhile.clashes) == ({}, ("name",))


def test_marks_travel_as_text_and_whatever_is_none_is_passed_over() -> None:
    marks = merging.marks(["plan_from", "c1_mode"], {"plan_from": 2027})

    text = merging.written(marks)

    assert merging.read_marks(text) == marks
    assert merging.read_marks(f"{text} x= =1 plan_from=zz '\"><script> \x00") == marks
