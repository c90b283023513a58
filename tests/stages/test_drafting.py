"""Writing answers: section by section, by several people, and quietly every few seconds."""

from collections.abc import Callable
from typing import Any

import pytest

from forms import merging
from forms.schema import Section
from tests.stages.course import Course
from workflows.errors import AlreadySubmitted, NotEntitled, SectionTaken
from workflows.models import Case, User
from workflows.recording import acts
from workflows.stages import attaching, drafting, presence, submission

pytestmark = pytest.mark.django_db
Begin = Callable[[str], Course]


@pytest.fixture
def draft(begin: Begin) -> Course:
    """A draft whose answers are complete."""
    course = begin("P1-001")
    acts.fill(course.drive, course.drive.application.form)
    return course


def plan(case: Case) -> Section:
    """The section that asks for the three-year plan."""
    return next(each for each in case.rules.form.sections if each.code == "plan")


def types(
    course: Course, by: User, *, quietly: bool = True, before: Any = None, **typed: Any
) -> merging.Merged:
    """``by`` types into the plan, having ``before`` (the draft unless told) before them."""
    section = plan(course.case)
    seen = merging.marks(
        typed, merging.settled(section, course.case.draft if before is None else before)
    )
    _, merged = drafting.keep(
        course.case, section=section, typed=typed, seen=seen, by=by, quietly=quietly
    )
    return merged


def test_a_section_is_kept_right_or_wrong_and_the_others_stay(draft):
    before = draft.case.draft

    types(draft, draft.clerk, plan_from="２０２７", plan_investment="viel", plan_goals=" ")

    found = draft.case.draft
    assert (found["plan_from"], found["plan_investment"]) == (2027, "viel")
    assert "plan_goals" not in found
    others = before.keys() - {field.code for field in plan(draft.case).fields}
    assert {code: found[code] for code in others} == {code: before[code] for code in others}


def test_what_only_one_of_two_changed_is_put_together(draft):
    before = draft.case.draft
    types(draft, draft.signer, plan_investment="400")

    merged = types(
        draft,
        draft.clerk,
        before=before,
        plan_investment=before["plan_investment"],
        plan_from="2028",
    )

    assert (merged.clashes, merged.adopted) == ((), ("plan_investment",))
    assert (draft.case.draft["plan_investment"], draft.case.draft["plan_from"]) == ("400.00", 2028)


def test_what_both_changed_stays_as_the_first_left_it(draft):
    before = draft.case.draft
    types(draft, draft.signer, plan_investment="400")

    merged = types(draft, draft.clerk, before=before, plan_investment="500", plan_from="2028")

    assert merged.clashes == ("plan_investment",)
    assert (draft.case.draft["plan_investment"], draft.case.draft["plan_from"]) == ("400.00", 2028)


# --- the trail ------------------------------------------------------------------------------------
def test_quiet_saving_leaves_one_entry_in_ten_minutes(draft, standing_clock):
    standing_clock.pass_(minutes=11)
    entries = len(draft.kinds)

    for number in range(30):
        types(draft, draft.clerk, plan_investment=str(400 + number))
        standing_clock.pass_(seconds=20)

    assert draft.kinds[entries:] == ["draft_saved"]
    assert draft.case.draft_revision > 30
    types(draft, draft.clerk, plan_investment="300")
    assert draft.kinds[entries:] == ["draft_saved", "draft_saved"]


def test_another_person_another_act_or_a_pressed_button_leave_one_each(draft):
    entries = len(draft.kinds)

    types(draft, draft.signer, plan_investment="401")
    types(draft, draft.clerk, plan_investment="402")
    types(draft, draft.clerk, plan_investment="403", quietly=False)
    attaching.attach(
        draft.case, code="authorisation", name="a.pdf", data=acts.sample("授权"), by=draft.clerk
    )
    types(draft, draft.clerk, plan_investment="404")

    told = ["draft_saved", "draft_saved", "draft_saved", "file_attached", "draft_saved"]
    assert draft.kinds[entries:] == told


def test_quiet_saving_of_nothing_new_writes_nothing(draft):
    revision, entries = draft.case.draft_revision, len(draft.kinds)

    types(draft, draft.signer, plan_investment=draft.case.draft["plan_investment"])

    assert (draft.case.draft_revision, len(draft.kinds)) == (revision, entries)


def test_the_moment_of_the_last_saving_is_known_though_the_trail_is_silent(draft, standing_clock):
    types(draft, draft.clerk, plan_investment="401")
    standing_clock.pass_(minutes=5)

    types(draft, draft.clerk, plan_investment="402")

    assert draft.case.draft_saved == standing_clock.moment


# --- who may --------------------------------------------------------------------------------------
def test_nobody_writes_where_somebody_else_is_writing(draft):
    presence.hold(draft.case, section="plan", by=draft.signer)

    with pytest.raises(SectionTaken) as refused:
        types(draft, draft.clerk, plan_investment="401")

    assert refused.value.facts == {"name": str(draft.signer)}
    assert draft.case.draft["plan_investment"] != "401"


def test_strangers_keep_nothing_and_nothing_is_kept_after_filing(draft):
    stranger = draft.cast.window
    with pytest.raises(NotEntitled):
        types(draft, stranger, plan_investment="401")

    submission.submit(draft.case, by=draft.signer)

    with pytest.raises(AlreadySubmitted):
        types(draft, draft.clerk, plan_investment="401")
