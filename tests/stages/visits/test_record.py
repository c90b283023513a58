"""On-site checks: who is visited, who may go, and what two people sign."""

import hashlib
from datetime import timedelta

import pytest

from tests.stages.visits.deeds import (
    facts,
    marked,
    photographed,
    picture,
    record,
    visit,
)
from workflows import clock
from workflows.errors import (
    AccepterMayNotDecide,
    CaseSuspended,
    FileRefused,
    NotEntitled,
    PhotoMissing,
    ReasonMissing,
    SecondVisitor,
    StageClosed,
    VisitDay,
)
from workflows.models import Message, SiteVisit, User
from workflows.models.case import State
from workflows.stages import people, suspension, visits

pytestmark = pytest.mark.django_db


# --- photos ---------------------------------------------------------------------------------------
def test_the_same_photo_is_kept_once(visited):
    photographed(visited)
    photographed(visited, by=visited.cast.district)

    assert [photo["name"] for photo in visit(visited).photos] == ["现场.png"]
    assert visited.kinds.count("visit_photo_added") == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [("现场.exe", b"MZ"), ("现场.png", b"not a picture"), ("现场.pdf", b"%PDF-1.4")],
)
def test_what_is_no_picture_is_refused(visited, name, data):
    with pytest.raises(FileRefused):
        visits.add_photo(visited.case, name=name, data=data, by=visited.cast.officer)

    assert visit(visited).photos == []


def test_a_record_holds_no_more_photos_than_anybody_looks_at(visited, monkeypatch):
    monkeypatch.setattr(visits, "MOST_PHOTOS", 1)
    photographed(visited)

    with pytest.raises(FileRefused, match="1"):
        visits.add_photo(
            visited.case, name="另一张.png", data=picture("red"), by=visited.cast.officer
        )


def test_a_photo_can_be_taken_out_until_the_record_is_signed(visited):
    photographed(visited)
    (photo,) = visit(visited).photos

    visits.remove_photo(visited.case, sha256=photo["sha256"], by=visited.cast.officer)
    assert visit(visited).photos == []
    with pytest.raises(StageClosed):
        visits.remove_photo(visited.case, sha256=photo["sha256"], by=visited.cast.officer)

    photographed(visited)
    record(visited)
    with pytest.raises(StageClosed):
        visits.remove_photo(visited.case, sha256=photo["sha256"], by=visited.cast.officer)


# --- the record -----------------------------------------------------------------------------------
def test_both_sign_the_same_words_and_photos(visited):
    photographed(visited)
    record(visited, result="differences", differences=["工位少两个", " "])
    visits.sign_visit(visited.case, by=visited.cast.district)

    first, second = facts(visited, "visit_recorded"), facts(visited, "visit_signed")
    assert {key: first[key] for key in second} == second
    assert second["differences"] == ["工位少两个"]
    assert second["photos"] == [hashlib.sha256(picture()).hexdigest()]
    found = visit(visited)
    assert (found.first, found.second) == (visited.cast.officer, visited.cast.district)
    assert found.first_signed
    assert found.second_signed


@pytest.mark.parametrize("lacking", [{"note": " "}, {"place": ""}])
def test_a_record_needs_place_note_and_photo(visited, lacking):
    with pytest.raises(PhotoMissing):
        record(visited)

    photographed(visited)
    with pytest.raises(PhotoMissing):
        record(visited, **lacking)

    assert visit(visited).first is None


@pytest.mark.parametrize(
    ("result", "differences"), [("differences", []), ("differences", [" "]), ("confirmed", ["少"])]
)
def test_differences_are_listed_where_there_are_some(visited, result, differences):
    photographed(visited)

    with pytest.raises(ReasonMissing):
        record(visited, result=result, differences=differences)


@pytest.mark.parametrize("days", [-1, 1])
def test_nobody_was_there_before_the_order_nor_will_have_been(visited, days):
    photographed(visited)
    day = clock.local(visit(visited).ordered).date() + timedelta(days=days)

    with pytest.raises(VisitDay):
        record(visited, visited_on=day)


def test_it_takes_two(visited):
    photographed(visited)

    with pytest.raises(SecondVisitor):
        record(visited, second=visited.cast.officer)


@pytest.mark.parametrize("role", ["issuer", "window", "leader"])
def test_the_second_holds_an_office_that_visits(visited, role):
    photographed(visited)

    with pytest.raises(SecondVisitor):
        record(visited, second=getattr(visited.cast, role))


def test_the_district_of_another_place_does_not_visit(visited):
    stranger = User.objects.create(username="elsewhere", name="外区初审员")
    elsewhere = visited.also(stranger, "district_reviewer", scope="310104")
    photographed(visited)

    with pytest.raises(NotEntitled):
        record(visited, by=elsewhere)
    with pytest.raises(SecondVisitor):
        record(visited, second=elsewhere)


def test_whoever_accepted_the_case_does_not_visit_it(visited):
    person = visited.also(visited.cast.window, "case_officer")

    with pytest.raises(AccepterMayNotDecide):
        photographed(visited, by=person)


def test_the_second_is_told_and_has_the_task(visited):
    photographed(visited)

    record(visited)
    visited.timers()

    assert visited.task("visit").owner == visited.cast.district
    told = Message.objects.get(case=visited.case, kind="visit_to_sign")
    assert told.recipient == visited.cast.district


def test_only_the_second_named_signs(visited):
    photographed(visited)
    record(visited)

    for other in (visited.cast.officer, visited.cast.agency):
        with pytest.raises(NotEntitled):
            visits.sign_visit(visited.case, by=other)


def test_nobody_signs_what_is_not_written_and_nobody_signs_twice(visited):
    with pytest.raises(StageClosed):
        visits.sign_visit(visited.case, by=visited.cast.district)

    photographed(visited)
    record(visited)
    visits.sign_visit(visited.case, by=visited.cast.district)
    with pytest.raises(StageClosed):
        visits.sign_visit(visited.case, by=visited.cast.district)
    with pytest.raises(StageClosed):
        record(visited)


def test_a_second_who_left_the_office_does_not_sign(visited):
    photographed(visited)
    record(visited)
    for office in visited.cast.district.appointments.in_force():
        people.dismiss(office, by=None)
    person = User.objects.get(pk=visited.cast.district.pk)

    with pytest.raises(NotEntitled):
        visits.sign_visit(visited.case, by=person)


@pytest.mark.parametrize("who", ["officer", "district"])
def test_either_of_the_two_takes_the_record_back_and_it_is_written_anew(visited, who):
    photographed(visited)
    record(visited)

    visits.reopen_visit(visited.case, reason="面积写错", by=getattr(visited.cast, who))

    assert visit(visited).first_signed is None
    assert visited.task("visit").owner == visited.cast.officer
    record(visited, note="已更正面积。")
    visits.sign_visit(visited.case, by=visited.cast.district)
    assert visit(visited).note == "已更正面积。"
    assert visited.kinds[-4:] == [
        "visit_recorded", "visit_reopened", "visit_recorded", "visit_signed",
    ]  # fmt: skip


def test_taking_back_needs_a_reason_and_one_of_the_two(visited):
    photographed(visited)
    record(visited)

    with pytest.raises(ReasonMissing):
        visits.reopen_visit(visited.case, reason=" ", by=visited.cast.officer)
    with pytest.raises(NotEntitled):
        visits.reopen_visit(visited.case, reason="错", by=visited.cast.agency)


def test_x13_a_record_whose_second_left_the_office_is_taken_up_by_another(visited):
    photographed(visited)
    record(visited)
    with pytest.raises(NotEntitled):
        visits.reopen_visit(visited.case, reason="人员离任", by=visited.cast.agency)
    for office in visited.cast.district.appointments.in_force():
        people.dismiss(office, by=None)

    with pytest.raises(NotEntitled):
        visits.reopen_visit(visited.case, reason="人员离任", by=visited.cast.issuer)
    visits.reopen_visit(visited.case, reason="人员离任", by=visited.cast.agency)

    assert visited.task("visit").owner == visited.cast.agency
    record(visited, second=visited.cast.agency)
    visits.sign_visit(visited.case, by=visited.cast.agency)
    assert visited.state == State.PROPOSAL


def test_nothing_is_recorded_while_the_case_stands_still(visited):
    suspension.suspend(visited.case, ground="litigation", reason="诉讼", by=visited.cast.leader)

    with pytest.raises(CaseSuspended):
        photographed(visited)


def test_a_procedure_without_visits_orders_none(certification):
    marked(certification, 76)

    assert certification.state == State.PROPOSAL
    assert not SiteVisit.objects.exists()
