"""The people of an organisation: invited, joined, handed over to, gone."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.races import race
from tests.stages import accounts
from tests.stages.accounts import acting, again, company, person, roles
from workflows import clock, jobs
from workflows.errors import (
    AlreadyMember,
    InvitationElsewhere,
    InvitationSpent,
    LastOwner,
    NotConfirmedYet,
    NotEntitled,
    NotMember,
    RegistrationWaits,
)
from workflows.models import Event, Membership
from workflows.stages import invitations, membership, registration, vetting

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    """What the chain of roles tells, in order, mandates given at the start left out."""
    events = Event.objects.filter(chain="sys:roles").order_by("seq")
    return [kind for (kind,) in events.values_list("kind") if kind != "enrolled"]


# --- who manages ----------------------------------------------------------------------------------
def test_an_owner_manages_people_and_signs_nothing_by_that():
    unit = company()
    owner, clerk = acting(unit, "owner", "owner"), acting(unit, "clerk", "clerk")

    assert membership.manages(owner, unit)
    assert not membership.manages(clerk, unit)
    assert owner.roles() == {"applicant_owner"}


def test_without_an_owner_the_signers_manage():
    unit = company()
    signer = acting(unit, "signer", "signer")

    assert membership.manages(signer, unit)


def test_with_an_owner_the_signers_do_not():
    unit = company()
    acting(unit, "owner", "owner")
    signer = acting(unit, "signer", "signer")

    with pytest.raises(NotEntitled):
        membership.invite(unit, email="new@example.com", role="clerk", by=signer)


# --- joining --------------------------------------------------------------------------------------
def test_a_clerk_is_invited_by_letter_and_joins(mailoutbox):
    unit = company()
    owner, newcomer = acting(unit, "owner", "owner"), person("newcomer")

    membership.invite(unit, email="Newcomer@example.com", role="clerk", by=owner)
    jobs.run_due()
    sent = mailoutbox[0]
    invitation = invitations.invited(sent.body.split("/account/join/")[1].split("/")[0])
    membership.join(invitation, by=newcomer)

    assert sent.to == ["Newcomer@example.com"]
    assert unit.name in sent.subject
    assert roles(newcomer, unit) == ["clerk"]
    assert kinds() == ["invited"]


def test_an_invitation_is_used_once():
    unit = company()
    owner, newcomer = acting(unit, "owner", "owner"), person("newcomer")
    invitation = membership.invite(unit, email=newcomer.email, role="clerk", by=owner)
    membership.join(invitation, by=newcomer)

    with pytest.raises(InvitationSpent):
        membership.join(invitation, by=newcomer)


def test_an_invitation_is_for_the_address_it_was_sent_to():
    unit = company()
    owner, other = acting(unit, "owner", "owner"), person("other")
    invitation = membership.invite(unit, email="newcomer@example.com", role="clerk", by=owner)

    with pytest.raises(InvitationElsewhere):
        membership.join(invitation, by=other)

    assert roles(other, unit) == []


def test_an_invitation_lasts_seven_days():
    unit = company()
    owner = acting(unit, "owner", "owner")
    invitation = membership.invite(unit, email="newcomer@example.com", role="clerk", by=owner)
    token = invitations.token(invitation)

    with clock.at(invitation.sent + timedelta(days=7)), pytest.raises(InvitationSpent):
        invitations.invited(token)

    assert invitations.invited(token) == invitation


def test_an_invitation_is_withdrawn():
    unit = company()
    owner = acting(unit, "owner", "owner")
    invitation = membership.invite(unit, email="newcomer@example.com", role="clerk", by=owner)

    membership.withdraw(invitation, by=owner)

    with pytest.raises(InvitationSpent):
        invitations.invited(invitations.token(invitation))
    with pytest.raises(InvitationSpent):
        membership.withdraw(invitation, by=owner)


@pytest.mark.parametrize("token", ["", "12", "MTI:forged", "x" * 300])
def test_no_invitation_can_be_made_up(token):
    with pytest.raises(InvitationSpent):
        invitations.invited(token)


def test_whoever_holds_the_mandate_is_not_given_it_twice():
    unit = company()
    owner, clerk = acting(unit, "owner", "owner"), acting(unit, "clerk", "clerk")
    invitation = membership.invite(unit, email=clerk.email, role="clerk", by=owner)

    with pytest.raises(AlreadyMember):
        membership.join(invitation, by=clerk)

    assert invitations.standing(invitation)


# --- powers of attorney ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "basis"),
        ({"basis": "letter"}, "letter"),
        ({"basis": "letter", "letter": accounts.LETTER}, "valid_to"),
        ({"basis": "legal", "valid_to": clock.today() - timedelta(days=1)}, "valid_to"),
    ],
)
def test_a_signer_stands_on_a_ground_of_their_own(wrong, field):
    unit = company()
    owner = acting(unit, "owner", "owner")

    with pytest.raises(ValidationError) as refusal:
        membership.invite(unit, email="s@example.com", role="signer", by=owner, **wrong)

    assert list(refusal.value.message_dict) == [field]


def test_a_signer_signs_only_after_the_window_has_seen_the_power_of_attorney():
    unit = company()
    owner, agent = acting(unit, "owner", "owner"), person("agent")
    last = accounts.in_a_year()
    invitation = membership.invite(
        unit,
        email=agent.email,
        role="signer",
        by=owner,
        basis="letter",
        letter=accounts.LETTER,
        valid_to=last,
    )

    with pytest.raises(NotEntitled):
        membership.join(invitation, by=agent)
    asked = registration.ask_to_sign(
        invitation, paper="identity_card", paper_number=accounts.CARD, by=agent
    )
    before = roles(agent, unit)
    vetting.confirm(asked, by=accounts.window())

    assert before == []
    mandate = Membership.objects.get(user=agent)
    assert (mandate.role, mandate.basis, mandate.valid_to) == ("signer", "letter", last)
    assert (mandate.letter_sha256, mandate.paper_number) == ("b" * 64, accounts.CARD)


def test_a_power_of_attorney_ends_with_its_last_day():
    unit, agent = company(), person("agent")
    accounts.people.enrol(
        unit, user=agent, role="signer", by=None, valid_from=accounts.SINCE,
        valid_to=clock.today(), basis="letter",
    )  # fmt: skip

    with clock.at(clock.now() + timedelta(days=1)):
        tomorrow = again(agent).roles()

    assert again(agent).roles() == {"applicant_signer"}
    assert tomorrow == set()


def test_x58_one_sign_in_acts_for_several_organisations_each_on_its_own_ground():
    first, second = company(), company(uscc=accounts.OTHER_CODE)
    agent = person("agent")
    for unit, name, last in ((first, "甲.pdf", None), (second, "乙.pdf", accounts.in_a_year())):
        accounts.people.enrol(
            unit, user=agent, role="signer", by=None, basis="letter", letter_name=name,
            letter_sha256=f"{unit.pk:064}", valid_to=last,
        )  # fmt: skip

    with clock.at(clock.now() + timedelta(days=400)):
        later = again(agent).organisations()

    assert sorted(again(agent).organisations()) == [first.pk, second.pk]
    assert later == [first.pk]
    letters = Membership.objects.filter(user=agent).values_list("letter_name", flat=True)
    assert sorted(letters) == ["乙.pdf", "甲.pdf"]


# --- going ----------------------------------------------------------------------------------------
def test_an_account_is_handed_over(mailoutbox):
    unit = company()
    owner, clerk = acting(unit, "owner", "owner"), acting(unit, "clerk", "clerk")

    membership.hand_over(unit, to=clerk, by=owner)
    jobs.run_due()

    assert roles(owner, unit) == ["clerk"]
    assert roles(clerk, unit) == ["clerk", "owner"]
    assert [each.to for each in mailoutbox] == [[clerk.email]]
    assert " " not in mailoutbox[0].extra_headers["Message-ID"]


def test_an_account_is_handed_to_and_fro_on_one_day():
    unit = company()
    owner, clerk = acting(unit, "owner", "owner"), acting(unit, "clerk", "clerk")

    for heir, giver in ((clerk, owner), (owner, clerk), (clerk, owner)):
        membership.hand_over(unit, to=heir, by=giver)

    assert roles(clerk, unit) == ["clerk", "owner"]
    assert roles(owner, unit) == ["clerk"]


def test_an_account_is_handed_to_nobody_outside():
    unit = company()
    owner, stranger = acting(unit, "owner", "owner"), person("stranger")

    with pytest.raises(NotMember):
        membership.hand_over(unit, to=stranger, by=owner)


def test_the_last_owner_cannot_leave():
    unit = company()
    owner = acting(unit, "owner", "owner")
    acting(unit, "clerk", "clerk")

    with pytest.raises(LastOwner):
        membership.leave(unit, by=owner)

    assert roles(owner, unit) == ["owner"]


def test_one_of_two_owners_leaves_at_once_with_every_mandate():
    unit = company()
    acting(unit, "first", "owner")
    second = acting(unit, "second", "owner", "signer")

    membership.leave(unit, by=second)

    assert roles(second, unit) == []
    assert kinds() == ["released", "released"]


def test_a_member_is_removed_and_told(mailoutbox):
    unit = company()
    owner, clerk = acting(unit, "owner", "owner"), acting(unit, "clerk", "clerk")

    membership.remove(Membership.objects.get(user=clerk), by=owner)
    jobs.run_due()

    assert roles(clerk, unit) == []
    assert [each.to for each in mailoutbox] == [[clerk.email]]


def test_the_last_owner_is_not_removed_either():
    unit = company()
    owner = acting(unit, "owner", "owner")

    with pytest.raises(LastOwner):
        membership.remove(Membership.objects.get(user=owner), by=owner)


def test_nobody_removes_people_of_another_organisation():
    unit, other = company(), company(uscc=accounts.OTHER_CODE)
    owner, clerk = acting(unit, "owner", "owner"), acting(other, "clerk", "clerk")

    with pytest.raises(NotEntitled):
        membership.remove(Membership.objects.get(user=clerk), by=owner)


def test_nobody_is_invited_before_the_window_has_confirmed_the_organisation():
    founder = person("founder")
    unit = accounts.filed(founder).organisation

    with pytest.raises(NotConfirmedYet):
        membership.invite(unit, email="new@example.com", role="clerk", by=founder)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one_behind():
    unit = company()
    owners = [acting(unit, "first", "owner"), acting(unit, "second", "owner")]

    outcomes = race([lambda each=each: membership.leave(unit, by=each) for each in owners])

    assert sorted(type(each).__name__ for each in outcomes) == ["LastOwner", "NoneType"]
    held = Membership.objects.in_force().filter(organisation=unit, role="owner")
    assert held.count() == 1


def test_the_window_is_asked_about_a_signer_once():
    unit = company()
    owner, agent = acting(unit, "owner", "owner"), person("agent")
    first, second = (
        membership.invite(unit, email=agent.email, role="signer", by=owner, basis="legal")
        for _ in range(2)
    )
    registration.ask_to_sign(first, paper="passport", paper_number="E12345678", by=agent)

    with pytest.raises(RegistrationWaits):
        registration.ask_to_sign(second, paper="passport", paper_number="E12345678", by=agent)
