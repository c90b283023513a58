"""Pages of accounts in Chromium: accessible and within the frame of a phone, right and wrong."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.stages import accounts
from tests.stages.accounts import acting, again, company, filed, person, window
from tests.views.applicant.test_in_browser import Shelf, chromium, faults
from tests.views.public.addresses import at, browser
from workflows.models import Invitation, Membership
from workflows.stages import invitations, membership

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
Pages = dict[str, HttpResponse]


@pytest.fixture
def pages(office) -> Pages:
    """Every page once: as it is opened, with what was typed wrong, and empty."""
    unit = company(name="上海相向装备有限公司")
    owner, clerk = acting(unit, "owner", "owner", "signer"), acting(unit, "clerk", "clerk")
    agent, founder = person("agent"), person("founder")
    membership.invite(unit, email="newcomer@example.com", role="clerk", by=owner)
    stranger_door = at("join", invitations.token(Invitation.objects.latest("pk")))
    membership.invite(unit, email=agent.email, role="signer", by=owner, basis="legal")
    signer_door = at("join", invitations.token(Invitation.objects.latest("pk")))
    asked = filed(founder, uscc=accounts.OTHER_CODE)
    mandate = Membership.objects.get(user=clerk)
    desk = browser(window("310115"))
    return dict(
        [
            *opened(Client(), at("register"), stranger_door),
            *opened(browser(agent), signer_door, at("personal_data")),
            *opened(browser(again(founder)), at("organisations"), at("org_new")),
            *opened(
                browser(owner),
                at("org_members"),
                at("org_profile", unit.uscc),
                at("org_name", unit.uscc),
                at("org_invite", unit.uscc),
                at("org_hand_over", unit.uscc),
                at("member_remove", mandate.pk),
            ),
            *opened(desk, at("registrations"), at("registration", asked.pk)),
            wrong(Client(), at("register")),
            wrong(Client(), stranger_door),
            wrong(browser(agent), signer_door),
            wrong(browser(again(founder)), at("org_new")),
            wrong(browser(owner), at("org_invite", unit.uscc), email="nowhere", role="signer"),
            wrong(browser(owner), at("org_profile", unit.uscc), contact_phone="12"),
            wrong(desk, at("registration", asked.pk), do="refuse"),
        ]
    )


def opened(client: Client, *paths: str) -> Iterator[tuple[str, HttpResponse]]:
    """Pages as their readers open them."""
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200, path
        yield path, page


def wrong(client: Client, path: str, **typed: str) -> tuple[str, HttpResponse]:
    """A page with its form sent wrong, under an address of its own."""
    page = client.post(path, typed)
    assert page.status_code == 422, path
    return f"{path}?wrong", page


def test_pages_of_accounts_are_accessible_at_a_desk_and_on_a_phone(pages: Pages) -> None:
    shelf = Shelf(pages)

    with chromium(shelf) as page:
        found = [fault for path in pages for fault in faults(page, path)]

    assert found == []
    assert shelf.complaints == []
