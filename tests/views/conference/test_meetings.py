"""The meeting as it goes: called, attended, resolved, minuted."""

import pytest
from django.http import HttpResponse

from tests import rows
from tests.views.public.addresses import at, browser, statements, text
from workflows import demo
from workflows.models import Ballot, Case, Item, Meeting, User
from workflows.stages import deliberation

pytestmark = pytest.mark.django_db
CALL = {"number": "2026-99", "title": "联席会议第九次会议", "held": "2026-12-01T09:30"}


def call(cast: demo.Cast, by: User, **changes: object) -> HttpResponse:
    people = {"convenor": cast.convenor.pk, "members": [user.pk for user, _ in cast.members]}
    return browser(by).post(at("meetings"), {**CALL, **people, **changes})


def attend(item: Item) -> list[User]:
    members = [each.user for each in item.meeting.members.select_related("user").order_by("pk")]
    deliberation.attend(item.meeting, users=members, by=item.meeting.convenor)
    return members


def resolve(item: Item, by: User, **given: str) -> HttpResponse:
    posted = {f"item-{item.pk}-{name}": value for name, value in given.items()}
    address = at("meeting_resolve", item.meeting.number, item.case.reference)
    return browser(by).post(address, posted)


# --- calling ------------------------------------------------------------------------------------
def test_an_officer_calls_a_meeting_with_its_members(cast: demo.Cast) -> None:
    page = call(cast, cast.officer)

    meeting = Meeting.objects.get(number=CALL["number"])
    assert page.status_code == 302
    assert page["Location"] == at("meeting", CALL["number"])
    assert meeting.members.count() == len(cast.members)
    assert meeting.held.isoformat() == "2026-12-01T01:30:00+00:00"


def test_members_keep_the_unit_they_spoke_for_last(item: Item, cast: demo.Cast) -> None:
    call(cast, cast.officer)

    units = dict(Meeting.objects.get(number=CALL["number"]).members.values_list("user", "unit"))

    assert units == {user.pk: unit for user, unit in cast.members}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Give the meeting a name"),
        ({"held": "tomorrow"}, "Give date and time"),
        ({"members": []}, "Tick at least one"),
        ({"number": "第三次"}, "Give a number of letters"),
    ],
)
def test_a_call_that_lacks_something_keeps_its_words(
    cast: demo.Cast, change: dict[str, object], sentence: str
) -> None:
    page = call(cast, cast.officer, **change)

    assert page.status_code == 422
    assert sentence in text(page)
    assert not Meeting.objects.filter(title=CALL["title"]).exists()


def test_a_number_is_given_once(cast: demo.Cast) -> None:
    call(cast, cast.officer)

    page = call(cast, cast.officer)

    assert page.status_code == 422
    assert "exists already" in text(page)


def test_a_member_cannot_call_a_meeting(cast: demo.Cast) -> None:
    member = cast.members[0][0]

    page = call(cast, member)

    assert page.status_code == 403
    assert "Call the meeting" not in text(browser(member).get(at("meetings")))
    assert not Meeting.objects.filter(number=CALL["number"]).exists()


def test_a_member_reads_their_own_meetings_only(item: Item, cast: demo.Cast) -> None:
    member = cast.members[0][0]
    others = [user.pk for user, _ in cast.members[1:]]
    call(cast, cast.officer, members=others)

    words = text(browser(member).get(at("meetings")))
    answer = browser(member).get(at("meeting", CALL["number"])).status_code

    assert item.meeting.title in words
    assert CALL["title"] not in words
    assert answer == 404


# --- holding ------------------------------------------------------------------------------------
def test_attendance_is_noted_by_the_convenor(item: Item) -> None:
    chairs = item.meeting.members.order_by("pk").values_list("pk", flat=True)[:3]

    page = browser(item.meeting.convenor).post(
        at("meeting_attend", item.meeting.number), {"member": [*chairs, "x"]}
    )

    assert page.status_code == 302
    assert item.meeting.members.filter(present=True).count() == 3


def test_an_item_without_quorum_stays_open_and_says_why(item: Item) -> None:
    page = resolve(item, item.meeting.convenor, result="count")

    assert page.status_code == 409
    assert "5 are needed for a vote" in text(page)
    assert Item.objects.get(pk=item.pk).result == ""


def test_an_item_with_votes_missing_stays_open_and_says_how_many(item: Item) -> None:
    members = attend(item)
    deliberation.vote(item.case, choice="agree", reason="", by=members[0])

    page = resolve(item, item.meeting.convenor, result="count")

    assert page.status_code == 409
    assert "6 members present have not voted yet" in text(page)


def test_counting_passes_the_item_and_the_minutes_close_the_meeting(item: Item) -> None:
    for member in attend(item):
        deliberation.vote(item.case, choice="agree", reason="", by=member)
    convenor = browser(item.meeting.convenor)
    minutes = at("meeting_minutes", item.meeting.number)

    counted = resolve(item, item.meeting.convenor, result="count")
    empty = convenor.post(minutes, {"minutes": " "})
    signed = convenor.post(minutes, {"minutes": "一致同意。"})
    again = convenor.post(minutes, {"minutes": "改一改。"})

    meeting = Meeting.objects.get(pk=item.meeting.pk)
    assert (counted.status_code, empty.status_code) == (302, 422)
    assert (signed.status_code, again.status_code) == (302, 409)
    assert Item.objects.get(pk=item.pk).result == "passed"
    assert meeting.minutes == "一致同意。"
    assert "一致同意。" in text(convenor.get(at("meeting", meeting.number)))


@pytest.mark.parametrize("result", ["deferred", "sent_back"])
def test_sending_an_item_away_needs_words(item: Item, result: str) -> None:
    without = resolve(item, item.meeting.convenor, result=result)
    with_words = resolve(item, item.meeting.convenor, result=result, questions="请补充核查。")

    assert (without.status_code, with_words.status_code) == (422, 302)
    assert Item.objects.get(pk=item.pk).result == result
    assert Case.objects.get(pk=item.case_id).state == Case.State.PROPOSAL


def test_only_the_convenor_resolves_and_signs(item: Item, cast: demo.Cast) -> None:
    minutes = at("meeting_minutes", item.meeting.number)

    answers = [
        resolve(item, cast.officer, result="count").status_code,
        resolve(item, cast.members[0][0], result="count").status_code,
        browser(cast.officer).post(minutes, {"minutes": "。"}).status_code,
        browser(cast.auditor).get(at("meeting", item.meeting.number)).status_code,
    ]

    assert answers == [403, 403, 403, 403]


def test_a_meeting_costs_the_same_at_one_and_at_three_resolved_items(item: Item) -> None:
    members = attend(item)
    for member in members:
        deliberation.vote(item.case, choice="agree", reason="见发言", by=member)
    resolve(item, item.meeting.convenor, result="count")
    client, page = browser(item.meeting.convenor), at("meeting", item.meeting.number)
    at_one = statements(client, page)
    for position in (2, 3):
        _resolved_likewise(item, position)

    told = text(client.get(page))

    assert told.count("7 agree") == 3
    assert statements(client, page) == at_one


def _resolved_likewise(item: Item, position: int) -> None:
    """Another case on the same agenda with the same votes."""
    known = Item.objects.get(pk=item.pk)
    facts = {
        "round": known.case.round,
        "edition": known.case.edition,
        "programme_key": known.case.programme_key,
        "procedure_key": known.case.procedure_key,
    }
    other = Item.objects.create(
        meeting=known.meeting,
        case=rows.case(**facts),
        position=position,
        result=known.result,
        tally=known.tally,
    )
    Ballot.objects.bulk_create(
        Ballot(item=other, member=ballot.member, choice=ballot.choice, cast=ballot.cast)
        for ballot in known.ballots.all()
    )


def test_the_list_costs_the_same_at_one_and_at_three_meetings(item: Item, cast: demo.Cast) -> None:
    client = browser(cast.leader)
    at_one = statements(client, at("meetings"))
    call(cast, cast.officer, number="2026-97")
    call(cast, cast.officer, number="2026-98")

    assert statements(client, at("meetings")) == at_one <= 8
