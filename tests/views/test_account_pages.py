"""Every page of the account wears our frame and speaks our words."""

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from workflows.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-and-quiet-password"
OPEN = {
    "account_login": "account/login.html",
    "account_signup": "account/signup_closed.html",
    "account_inactive": "account/account_inactive.html",
    "account_reset_password": "account/password_reset.html",
    "account_reset_password_done": "account/password_reset_done.html",
    "account_reset_password_from_key_done": "account/password_reset_from_key_done.html",
}
OWN = {
    "account_logout": "account/logout.html",
    "account_change_password": "account/password_change.html",
    "account_reauthenticate": "account/reauthenticate.html",
    "usersessions_list": "usersessions/usersession_list.html",
    "mfa_index": "mfa/index.html",
    "mfa_activate_totp": "mfa/totp/activate_form.html",
}
SECOND = {
    "mfa_deactivate_totp": "mfa/totp/deactivate_form.html",
    "mfa_reauthenticate": "mfa/reauthenticate.html",
    "mfa_view_recovery_codes": "mfa/recovery_codes/index.html",
    "mfa_generate_recovery_codes": "mfa/recovery_codes/generate.html",
    "mfa_index": "mfa/index.html",
}


@pytest.fixture
def person() -> User:
    """Someone with a password."""
    user = User(username="zhou", name="周敏", email="zhou@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def known(client: Client, person: User) -> Client:
    """A browser whose user has signed in and given the password again."""
    client.post(reverse("account_login"), {"login": "zhou", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def framed(response: HttpResponse, template: str) -> bool:
    """Tell whether a page came from our template, whole and with one heading."""
    html = response.content.decode()
    whole = (html.count("<main "), html.count("<h1"), html.count("</html>")) == (1, 1, 1)
    return whole and template in [used.name for used in response.templates]


@pytest.mark.parametrize(("name", "template"), OPEN.items())
def test_a_visitor_meets_our_page(client: Client, name: str, template: str) -> None:
    assert framed(client.get(reverse(name)), template)


@pytest.mark.parametrize(("name", "template"), OWN.items())
def test_a_person_manages_the_account_on_our_pages(known: Client, name: str, template: str) -> None:
    assert framed(known.get(reverse(name)), template)


def test_a_worn_out_link_says_so(client: Client) -> None:
    address = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "a-b"})

    assert framed(client.get(address), "account/password_reset_from_key.html")


def test_a_wrong_password_keeps_the_name_and_says_what_is_wrong(
    client: Client, person: User
) -> None:
    response = client.post(reverse("account_login"), {"login": "zhou", "password": "wrong"})

    html = response.content.decode()
    assert 'id="errors"' in html
    assert 'value="zhou"' in html
    assert re.search(r"<title>(错误：|Error:) ", html)


def secret(html: str) -> str:
    """Read the key that the page shows beside the QR code."""
    return re.search(r'<code class="break">(\w+)</code>', html)[1]


@pytest.fixture
def doubly_known(known: Client) -> Client:
    """A browser whose user has set up the second step, through the pages."""
    shown = known.get(reverse("mfa_activate_totp")).content.decode()
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret(shown), counter))
    known.post(reverse("mfa_activate_totp"), {"code": code})
    return known


@pytest.mark.parametrize(("name", "template"), SECOND.items())
def test_the_second_step_is_managed_on_our_pages(
    doubly_known: Client, name: str, template: str
) -> None:
    assert framed(doubly_known.get(reverse(name)), template)


def test_signing_in_asks_for_the_second_step(doubly_known: Client) -> None:
    doubly_known.post(reverse("account_logout"))

    response = doubly_known.post(
        reverse("account_login"), {"login": "zhou", "password": PASSWORD}, follow=True
    )

    assert framed(response, "mfa/authenticate.html")
