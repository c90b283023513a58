"""A member's ballot: one screen, one vote, and nothing at all once recused."""

from decimal import Decimal

import pytest
from django.http import HttpResponse

from tests.views.public.addresses import at, browser, statements, text
from workflows import demo
from workflows.models import Ballot, Item, Seat, User
from workflows.stages import deliberation, suspension

pytestmark = pytest.mark.django_db
HOLDER = "上海澄曜半导体装备有限公司"


@pytest.fixture
def member(item: Item) -> User:
    """A member who is present, as all are."""
    members = [each.user for each in item.meeting.members.select_related("user").order_by("pk")]
    deliberation.attend(item.meeting, users=members, by=item.meeting.convenor)
    return members[0]


def page_of(item: Item) -> str:
    return at("commission_item", item.meeting.number, item.case.reference)


def vote(item: Item, by: User, **given: str) -> HttpResponse:
    return browser(by).post(at("vote", item.meeting.number, item.case.reference), given)


def test_one_screen_holds_conditions_opinions_marks_and_proposal(item: Item, member: User) -> None:
    words = text(browser(member).get(page_of(item)))

    assert HOLDER in words
    assert "88.50" in words
    assert "Range 9.00" in words
    assert "Proposed: Certified" in words
    assert "No objection" in words
    assert "Cast the vote" in words


def test_marks_far_from_the_others_are_pointed_out(item: Item, member: User) -> None:
    assert "Far from the others" not in text(browser(member).get(page_of(item)))
    seat = item.case.seats.order_by("-total").last()
    Seat.objects.filter(pk=seat.pk).update(total=Decimal("60.00"))

    words = text(browser(member).get(page_of(item)))

    assert "Far from the others: 60.00" in words


def test_experts_are_not_named_to_the_conference(item: Item, member: User, cast: demo.Cast) -> None:
    words = text(browser(member).get(page_of(item)))

    assert [expert.name for expert in cast.experts if expert.name in words] == []


def test_a_vote_is_cast_once_and_its_count_waits_for_the_resolution(
    item: Item, member: User
) -> None:
    page = vote(item, member, choice="agree")
    after = text(browser(member).get(page_of(item)))
    again = vote(item, member, choice="disagree", reason="改主意")

    assert page.status_code == 302
    assert "The count is shown once the item is resolved." in after
    assert "Result of the vote" not in after
    assert again.status_code == 409
    assert list(Ballot.objects.values_list("choice", flat=True)) == ["agree"]


@pytest.mark.parametrize("choice", ["disagree", "recused"])
def test_disagreement_and_recusal_need_words(item: Item, member: User, choice: str) -> None:
    page = vote(item, member, choice=choice, reason=" ")

    assert page.status_code == 422
    assert "Please give the reason." in text(page)
    assert not Ballot.objects.exists()


def test_recusal_hides_the_case_before_anything_else_loads(item: Item, member: User) -> None:
    vote(item, member, choice="recused", reason="其股东")

    words = text(browser(member).get(page_of(item)))

    assert "You are recused from this item" in words
    assert HOLDER not in words


def test_whoever_is_not_present_cannot_vote(item: Item) -> None:
    absent = item.meeting.members.select_related("user").first().user

    seen = text(browser(absent).get(page_of(item)))
    page = vote(item, absent, choice="agree")

    assert "You are not noted as present" in seen
    assert page.status_code == 403


def test_nobody_votes_on_a_suspended_item(item: Item, member: User, cast: demo.Cast) -> None:
    suspension.suspend(item.case, ground="litigation", reason="诉讼", by=cast.leader)

    words = text(browser(member).get(page_of(item)))

    assert "This case stands still." in words
    assert "Cast the vote" not in words
    assert vote(item, member, choice="agree").status_code == 409


def test_the_result_is_shown_once_the_convenor_has_counted(item: Item, member: User) -> None:
    for each in item.meeting.members.select_related("user"):
        choice = "disagree" if each.user == member else "agree"
        deliberation.vote(item.case, choice=choice, reason="见发言", by=each.user)
    deliberation.resolve(item.case, by=item.meeting.convenor)

    words = text(browser(member).get(page_of(item)))

    assert "Result of the vote" in words
    assert "6 agree, 1 against, 0 abstain; 5 needed to pass" in words
    assert "Cast the vote" not in words


@pytest.mark.broken_books
def test_a_member_of_another_meeting_finds_nothing(item: Item, cast: demo.Cast) -> None:
    stranger = cast.convenor
    assert browser(stranger).get(page_of(item)).status_code == 200  # the convenor presides
    item.meeting.members.filter(user=cast.members[0][0]).delete()

    answer = browser(cast.members[0][0]).get(page_of(item)).status_code

    assert answer == 404


def test_the_agenda_costs_the_same_at_one_and_at_three_items(item: Item, member: User) -> None:
    client = browser(member)
    at_one = statements(client, at("commission"))
    for number in ("x-1", "x-2"):
        meeting = deliberation.convene(
            number=number,
            title=f"第 {number} 次会议",
            held=item.meeting.held,
            members=[(member, "")],
            convenor=item.meeting.convenor,
            by=item.meeting.convenor,
        )
        Item.objects.create(meeting=meeting, case=item.case, position=1, result="passed")

    assert text(client.get(at("commission"))).count(HOLDER) == 3
    assert statements(client, at("commission")) == at_one <= 8
