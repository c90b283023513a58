"""One writer a section: a place is held, given up, asked for, handed over."""

import pytest

from tests.stages.course import Course
from workflows.errors import NotEntitled, SectionTaken
from workflows.models import Presence, User
from workflows.stages import presence

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(begin) -> Course:
    """A draft just begun."""
    return begin("P1-001")


def hold(course: Course, by: User, section: str = "plan") -> None:
    """``by`` shows a sign of life in a section."""
    presence.hold(course.case, section=section, by=by)


def holder(course: Course) -> User:
    """Who writes the plan."""
    return Presence.objects.get(section="plan").user


def seen_by(course: Course, user: User) -> list[str]:
    """The sections ``user`` finds taken."""
    return list(presence.elsewhere(course.case, user))


def test_a_section_has_one_writer_and_others_have_theirs(draft):
    hold(draft, draft.clerk)
    hold(draft, draft.signer, "basics")

    with pytest.raises(SectionTaken):
        hold(draft, draft.signer)

    assert holder(draft) == draft.clerk
    assert (seen_by(draft, draft.signer), seen_by(draft, draft.clerk)) == (["plan"], ["basics"])


def test_a_section_that_was_left_is_free(draft):
    hold(draft, draft.clerk)

    presence.leave(draft.case, section="plan", by=draft.signer)
    assert seen_by(draft, draft.signer) == ["plan"]
    presence.leave(draft.case, section="plan", by=draft.clerk)

    hold(draft, draft.signer)
    assert holder(draft) == draft.signer


def test_two_minutes_without_a_sign_of_life_give_it_up(draft, standing_clock):
    hold(draft, draft.clerk)
    standing_clock.pass_(minutes=2)
    assert seen_by(draft, draft.signer) == ["plan"]

    standing_clock.pass_(seconds=1)

    assert seen_by(draft, draft.signer) == []
    hold(draft, draft.signer)
    with pytest.raises(SectionTaken):
        hold(draft, draft.clerk)


def test_signs_of_life_keep_it(draft, standing_clock):
    for _ in range(10):
        hold(draft, draft.clerk)
        standing_clock.pass_(seconds=110)

    assert seen_by(draft, draft.signer) == ["plan"]


def test_a_request_without_an_answer_is_granted_after_a_minute(draft, standing_clock):
    hold(draft, draft.clerk)
    presence.ask(draft.case, section="plan", by=draft.signer)
    for _ in range(3):  # the page is open, but nobody sits there
        standing_clock.pass_(seconds=19)
        hold(draft, draft.clerk)
        with pytest.raises(SectionTaken):
            hold(draft, draft.signer)

    standing_clock.pass_(seconds=3)

    hold(draft, draft.signer)
    assert holder(draft) == draft.signer
    with pytest.raises(SectionTaken):
        hold(draft, draft.clerk)


def test_the_writer_is_told_and_hands_over(draft, standing_clock):
    hold(draft, draft.clerk)
    presence.ask(draft.case, section="plan", by=draft.signer)
    place = Presence.objects.get()
    assert place.asker(standing_clock.moment) == draft.signer

    presence.answer(draft.case, section="plan", grant=True, by=draft.clerk)

    place.refresh_from_db()
    assert (holder(draft), place.asked_by) == (draft.signer, None)


def test_the_writer_goes_on_and_the_request_is_over(draft, standing_clock):
    hold(draft, draft.clerk)
    presence.ask(draft.case, section="plan", by=draft.signer)

    presence.answer(draft.case, section="plan", grant=False, by=draft.clerk)

    standing_clock.pass_(seconds=61)
    with pytest.raises(SectionTaken):
        hold(draft, draft.signer)


def test_only_the_writer_answers(draft):
    hold(draft, draft.clerk)
    presence.ask(draft.case, section="plan", by=draft.signer)

    presence.answer(draft.case, section="plan", grant=True, by=draft.signer)

    assert holder(draft) == draft.clerk


def test_a_request_that_is_not_followed_up_lapses(draft, standing_clock):
    hold(draft, draft.clerk)
    presence.ask(draft.case, section="plan", by=draft.signer)

    standing_clock.pass_(seconds=100)
    hold(draft, draft.clerk)
    standing_clock.pass_(seconds=21)

    with pytest.raises(SectionTaken):
        hold(draft, draft.signer)


def test_strangers_neither_hold_nor_ask(draft):
    stranger = draft.cast.window
    hold(draft, draft.clerk)

    for act in (presence.hold, presence.ask):
        with pytest.raises(NotEntitled):
            act(draft.case, section="plan", by=stranger)
    presence.leave(draft.case, section="plan", by=stranger)
    presence.answer(draft.case, section="plan", grant=True, by=stranger)

    assert holder(draft) == draft.clerk
