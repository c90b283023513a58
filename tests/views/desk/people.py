"""Readers of the desk: signed in, asking for pages, pressing buttons."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from workflows.models import Task, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def desk(user: User) -> Client:
    """A browser in which ``user`` has signed in."""
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def claimed(task: Task, user: User) -> Client:
    """The browser of ``user``, who has taken ``task``."""
    browser = desk(user)
    assert browser.post(reverse("task_claim", args=[task.pk])).status_code == 303
    return browser


def decide(browser: Client, task: Task, do: str, **given: Any) -> HttpResponse:
    """Send a decision on ``task``."""
    names = {name.replace("__", "-"): value for name, value in given.items()}
    return browser.post(reverse("task_decide", args=[task.pk]), {"do": do, **names})


def words(response: HttpResponse) -> str:
    """What a page says, without its mark-up."""
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(response: HttpResponse) -> list[str]:
    """The names in the list of tasks, from the top."""
    return [row.name for row in response.context["list"].rows]
