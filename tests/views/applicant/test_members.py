"""The members of an organisation: invited, removed, handed over to, leaving."""

import pytest
from django.test import Client

from tests.stages import accounts
from tests.stages.accounts import acting, again, company, person, roles
from tests.views.applicant.drafts import PDF
from tests.views.applicant.test_organisations import ACCOUNT, join_address, paper
from tests.views.public.addresses import at, browser, statements, text
from workflows import store
from workflows.models import Membership, Organisation, Registration, User
from workflows.stages import membership

pytestmark = pytest.mark.django_db


def test_an_owner_invites_a_clerk_who_has_no_account_yet(client: Client, db):
    unit = company()
    owner = browser(acting(unit, "owner", "owner"))

    invited = owner.post(at("org_invite", unit.uscc), {"email": "gu@example.com", "role": "clerk"})
    address = join_address(client)
    client.post(address, ACCOUNT)
    accepted = client.post(address)

    assert invited["Location"] == at("org_members")
    assert accepted["Location"] == at("organisations")
    assert roles(User.objects.get(username="gu"), unit) == ["clerk"]


def test_an_invited_signer_says_who_they_are_and_waits(db):
    unit, agent = company(), person("agent")
    owner = browser(acting(unit, "owner", "owner"))
    owner.post(
        at("org_invite", unit.uscc),
        {
            "email": agent.email,
            "role": "signer",
            "basis": "letter",
            "letter": paper("授权.pdf"),
            "valid_to": "2027-01-31",
        },
    )
    client = browser(agent)
    address = join_address(client)

    wrong = client.post(address, {"paper": "identity_card", "paper_number": "1" * 18})
    right = client.post(address, {"paper": "identity_card", "paper_number": accounts.CARD})

    held = Registration.objects.get()
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert (held.kind, held.letter_name, held.decided) == ("signer", "授权.pdf", None)
    assert roles(agent, unit) == []


def test_a_signer_without_a_power_of_attorney_is_not_invited(db):
    unit = company()
    owner = browser(acting(unit, "owner", "owner"))

    page = owner.post(
        at("org_invite", unit.uscc),
        {"email": "s@example.com", "role": "signer", "basis": "letter"},
    )

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["letter"]


def test_an_invitation_for_somebody_else_is_not_taken(db):
    unit = company()
    owner = acting(unit, "owner", "owner")
    membership.invite(unit, email="gu@example.com", role="clerk", by=owner)
    client = browser(person("other"))

    page = client.post(join_address(client))

    assert page.status_code == 403
    assert Membership.objects.count() == 1


def test_members_are_removed_handed_over_to_and_leave(db):
    unit = company()
    first, second = acting(unit, "first", "owner"), acting(unit, "second", "clerk")
    third = acting(unit, "third", "clerk")
    client = browser(first)
    mandate = Membership.objects.get(user=third)

    removed = client.post(at("member_remove", mandate.pk))
    handed = client.post(at("org_hand_over", unit.uscc), {"to": second.pk})
    left = browser(again(first)).post(at("org_leave", unit.uscc))

    assert [each.status_code for each in (removed, handed, left)] == [303, 303, 303]
    assert left["Location"] == at("organisations")
    assert roles(second, unit) == ["clerk", "owner"]
    assert roles(first, unit) == roles(third, unit) == []


def test_the_last_owner_reads_why_leaving_is_refused(db):
    unit = company()
    client = browser(acting(unit, "owner", "owner"))

    page = client.post(at("org_leave", unit.uscc))

    assert page.status_code == 409
    assert "hand it over to somebody else first" in text(page)


def test_a_power_of_attorney_is_read_by_its_holder_and_the_owner(db):
    unit, agent = company(), person("agent")
    owner, clerk = acting(unit, "owner", "owner"), acting(unit, "clerk", "clerk")
    mandate = accounts.people.enrol(
        unit, user=agent, role="signer", by=None, basis="letter", letter_name="授权.pdf",
        letter_sha256=store.store().put(PDF),
    )  # fmt: skip

    answers = [
        browser(again(each)).get(at("member_letter", mandate.pk)).status_code
        for each in (owner, agent, clerk)
    ]

    assert answers == [200, 200, 404]


def test_the_members_page_costs_the_same_with_one_and_with_three_people(db):
    unit = company()
    client = browser(acting(unit, "owner", "owner"))
    alone = statements(client, at("org_members"))

    for name in ("a", "b"):
        acting(unit, name, "clerk")
        membership.invite(unit, email=f"{name}@x.com", role="clerk", by=again(owner_of(unit)))

    assert statements(client, at("org_members")) == alone


def owner_of(unit: Organisation) -> User:
    """The owner of ``unit``."""
    return Membership.objects.get(organisation=unit, role="owner").user
