"""What is done and read in these tests."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from tests.views.desk.people import desk
from workflows.models import Case, User
from workflows.stages import (
    deliberation,
)

WAITING = [
    "acceptance",
    "district_review",
    "P1-001:sheet",
    "P1-001:proposal",
    "P1-001:ballot",
    "notice",
]


TABS = ["answers", "files", "opinions", "marks", "papers", "timeline"]


def file(user: User, case: Case, **asked: str) -> HttpResponse:
    return desk(user).get(reverse("case_file", args=[case.reference]), asked)


def act(user: User, case: Case, do: str, **given: Any) -> HttpResponse:
    return desk(user).post(reverse("case_act", args=[case.reference]), {"do": do, **given})


def state(case: Case) -> str:
    return str(Case.objects.get(pk=case.pk).state)


def _attend(meeting: Any, users: list[User], by: User) -> None:
    deliberation.attend(meeting, users=users, by=by)


def _recuse(case: Case, member: User) -> None:
    deliberation.vote(case, choice="recused", reason="亲属在该企业任职。", by=member)
