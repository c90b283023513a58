"""Addresses of the English pages, whose words are the ones in the source."""

from html import unescape

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from workflows.models import User


def at(name: str, *args: object) -> str:
    """Return the English address of a page."""
    with override("en"):
        return reverse(name, args=args)


def text(response: HttpResponse) -> str:
    """Return a page as readers read it, quotes and all."""
    return unescape(response.content.decode())


def browser(person: User) -> Client:
    """Return a browser in which ``person`` has signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def statements(client: Client, address: str) -> int:
    """Count the statements a page takes once the calendar has been read."""
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)
