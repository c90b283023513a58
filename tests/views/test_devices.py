"""A sign-in on a device the account was not used on before is told to whoever it belongs to."""

import pytest
from django.test import Client
from django.urls import reverse

from workflows import jobs
from workflows.models import Message, User

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-and-quiet-password"


@pytest.fixture(autouse=True)
def _in_the_house(settings) -> None:
    settings.HENG_CHANNELS = {}


@pytest.fixture
def person() -> User:
    """Someone with an account."""
    return account("gu")


def account(username: str) -> User:
    """An account that nobody has used yet."""
    user = User(username=username, name="顾念安")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(browser: Client, username: str = "gu", address: str = "203.0.113.9") -> None:
    """Sign in, and let the message be written."""
    told = {"login": username, "password": PASSWORD}
    answer = browser.post(reverse("account_login"), told, REMOTE_ADDR=address)
    assert answer.status_code == 302
    jobs.run_due()


def told(person: User) -> list[str]:
    """The addresses of sign-ins the person was told of."""
    found = Message.objects.filter(recipient=person, kind="new_device").order_by("pk")
    return list(found.values_list("facts__place", flat=True))


def test_the_first_sign_in_of_an_account_is_no_news(person):
    sign_in(Client())

    assert told(person) == []


def test_another_device_is_told_of_once(person, standing_clock):
    sign_in(Client())
    another = Client()

    sign_in(another)
    another.cookies.pop("sessionid")
    standing_clock.pass_(days=30)
    sign_in(another, address="198.51.100.1")

    assert told(person) == ["203.0.113.9"]


def test_a_device_two_people_share_is_known_to_both(person):
    colleague, shared = account("ann"), Client()
    sign_in(Client()), sign_in(Client(), "ann")

    for username in ("gu", "ann", "gu", "ann"):
        shared.cookies.pop("sessionid", None)
        sign_in(shared, username)

    assert (len(told(person)), len(told(colleague))) == (1, 1)


def test_a_forged_list_of_devices_counts_for_nothing(person):
    sign_in(Client())
    forger = Client()
    forger.cookies["devices"] = f"{person.pk}:forged"

    sign_in(forger)

    assert told(person) == ["203.0.113.9"]
