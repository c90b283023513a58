"""Asking for one's personal data to be deleted (X59)."""

from datetime import date, datetime

import pytest

from tests import rows
from tests.stages import accounts
from tests.stages.accounts import acting, again, company, person
from workflows import clock, jobs
from workflows.models import ErasureRequest, Event, Invitation, Membership, Organisation, User
from workflows.stages import erasure, membership, people, reminders, vetting

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]


def gone(username: str = "gone", **ground: str) -> User:
    """Somebody whose only mandate has ended."""
    unit, user = company(), person(username)
    mandate = people.enrol(unit, user=user, role="signer", by=None, **ground)
    people.release(mandate, by=None)
    return again(user)


def test_x59_whoever_acts_for_nobody_any_more_is_blanked_at_once():
    user = gone(paper="passport", paper_number="E12345678")

    answer = erasure.ask(user)

    fresh = again(user)
    assert (fresh.email, fresh.is_active, fresh.name) == ("", False, "王敏")
    assert Membership.objects.get(user=user).paper_number == ""
    assert answer.blanked == ["account", "papers"]
    assert answer.kept == ["mandates"]


def test_x59_what_was_signed_is_kept_and_its_signer_named():
    user = gone(paper="passport", paper_number="E12345678")
    rows.step(rows.case(), "submitted", kind="submitted", by=user)

    answer = erasure.ask(user)

    assert Membership.objects.get(user=user).paper_number == "E12345678"
    assert answer.kept == ["acts", "mandates"]
    assert Event.objects.filter(actor=user).exclude(case=None).count() == 1


@pytest.mark.parametrize("act", ["withdrawn", "supplement_answered", "task_book_signed"])
def test_x59_whatever_was_signed_keeps_its_signer_provable(act: str):
    user = gone(paper="passport", paper_number="E12345678")
    rows.step(rows.case(), "submitted", kind=act, by=user)

    erasure.ask(user)

    assert Membership.objects.get(user=user).paper_number == "E12345678"


def test_x59_a_mandate_that_ran_out_is_noticed_in_the_morning(standing_clock):
    """Nobody ends it by an act that could carry the wish out."""
    unit, user = company(), person("until_friday")
    mandate = people.enrol(unit, user=user, role="clerk", by=None)
    Membership.objects.filter(pk=mandate.pk).update(valid_to=date(2026, 9, 11))
    erasure.ask(again(user))
    reminders.arm()

    standing_clock.move_to(datetime(2026, 9, 11, 9, tzinfo=clock.LOCAL))
    jobs.run_due()
    before = again(user).email
    standing_clock.move_to(datetime(2026, 9, 12, 9, tzinfo=clock.LOCAL))
    jobs.run_due()

    assert before  # the last day counts to its end
    assert (again(user).email, again(user).is_active) == ("", False)


def test_x59_a_wish_is_carried_out_when_the_last_office_ends():
    user = person("official")
    office = people.appoint(user, role="window", by=None)
    erasure.ask(again(user))
    before = again(user).email

    people.dismiss(office, by=None)

    assert (before, again(user).email) == ("official@example.com", "")


def test_x59_a_wish_is_carried_out_when_the_window_gives_no_mandate():
    founder = person("founder")
    asked = accounts.filed(founder)
    erasure.ask(again(founder))

    vetting.refuse(asked, reason="执照照片无法辨认", by=accounts.window())

    assert again(founder).email == ""


def test_x59_while_a_mandate_is_in_force_the_wish_is_recorded_and_carried_out_later():
    unit = company()
    acting(unit, "first", "owner")
    user = acting(unit, "second", "clerk")

    answer = erasure.ask(user)
    before = again(user).email
    membership.leave(unit, by=user)

    answer.refresh_from_db()
    assert before == "second@example.com"
    assert again(user).email == ""
    assert answer.blanked == ["account"]


def test_x59_the_contact_person_of_a_profile_is_forgotten():
    user = gone()
    Organisation.objects.update(
        profile={"contact_name": "顾念安", "contact_email": "Gone@example.com", "address": "某路"}
    )
    Invitation.objects.create(
        email="gone@example.com", role="clerk", basis="owner", language="en",
        sent=accounts.clock.now(),
    )  # fmt: skip

    answer = erasure.ask(user)

    assert Organisation.objects.get().profile == {"address": "某路"}
    assert Invitation.objects.get().email == ""
    assert answer.blanked == ["account", "contact", "letters"]


def test_x59_a_wish_is_recorded_on_a_chain_without_private_data():
    user = gone()

    erasure.ask(user)

    told = Event.objects.filter(chain="sys:people").order_by("seq")
    assert [each.kind for each in told] == ["erasure_asked", "erased"]
    assert "gone@example.com" not in "".join(each.body for each in told)


def test_whoever_asked_for_nothing_loses_nothing():
    unit = company()
    acting(unit, "first", "owner")
    user = acting(unit, "second", "clerk")

    membership.leave(unit, by=user)

    assert again(user).email == "second@example.com"
    assert not ErasureRequest.objects.exists()
