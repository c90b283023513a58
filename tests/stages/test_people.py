"""Accounts, offices and mandates, and the trail they leave."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tests import rows
from workflows import audit, clock
from workflows.models import Appointment, Event, Membership, Task, User
from workflows.stages import desk, people

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-and-quiet-password"
DAY = timedelta(days=1)


def trail() -> list[tuple[str, dict[str, object]]]:
    """What the chain of roles tells: kinds and facts."""
    events = Event.objects.filter(chain="sys:roles").order_by("seq")
    return [(event.kind, json.loads(event.body)["facts"]) for event in events]


def fresh(user: User) -> User:
    """The same person, read again."""
    return User.objects.get(pk=user.pk)


def test_an_account_is_opened_with_a_password_that_works():
    user = people.register("lin.zhixing", name="林知行", password=PASSWORD, by=None)

    assert fresh(user).check_password(PASSWORD)
    assert trail() == [("registered", {"username": "lin.zhixing", "name": "林知行"})]


@pytest.mark.parametrize("password", ["short", "password12345", "lin.zhixing.1"])
def test_a_weak_password_opens_nothing(password):
    with pytest.raises(ValidationError):
        people.register("lin.zhixing", name="林知行", password=password, by=None)

    assert not User.objects.exists()


def test_a_username_is_given_once():
    people.register("lin.zhixing", name="林知行", password=PASSWORD, by=None)

    with pytest.raises(ValidationError):
        people.register("lin.zhixing", name="林致行", password=PASSWORD, by=None)


def test_an_office_begins_on_the_day_it_is_given():
    leader, user = rows.person(), rows.person(username="wang")

    office = people.appoint(user, role="window", scope="310115", by=leader)

    assert fresh(user).candidacies() == ["window:310115"]
    assert trail() == [
        (
            "appointed",
            {
                "username": "wang",
                "role": "window",
                "scope": "310115",
                "valid_from": clock.today().isoformat(),
                "valid_to": "",
            },
        )
    ]
    assert office.valid_to is None


def test_an_office_is_held_on_its_first_and_last_day_and_no_other():
    user = rows.person()
    first, last = date(2026, 3, 1), date(2026, 6, 30)

    people.appoint(user, role="auditor", by=None, valid_from=first, valid_to=last)

    held = {
        day: Appointment.objects.in_force(day).exists()
        for day in (first - DAY, first, last, last + DAY)
    }
    assert list(held.values()) == [False, True, True, False]


@pytest.mark.parametrize(
    "office",
    [
        {"role": "emperor"},
        {"role": "window", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)},
        {"role": "issuer"},  # held already
        {"role": "issuer", "valid_from": date(2020, 1, 1), "valid_to": date(2026, 2, 1)},
    ],
)
def test_an_office_that_makes_no_sense_is_refused(office):
    user = rows.person()
    people.appoint(user, role="issuer", by=None, valid_from=date(2026, 1, 1))

    with pytest.raises(ValidationError):
        people.appoint(user, by=None, **office)

    assert user.appointments.count() == 1


def test_an_office_may_be_given_again_after_it_ended():
    user = rows.person()
    people.appoint(
        user, role="issuer", by=None, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31)
    )

    people.appoint(user, role="issuer", by=None, valid_from=date(2026, 1, 1))

    assert user.appointments.count() == 2


def test_a_dismissed_person_holds_nothing_from_this_moment():
    user = rows.person()
    office = people.appoint(user, role="seal_keeper", by=None)

    people.dismiss(office, by=None)

    assert fresh(user).roles() == set()
    assert [kind for kind, _ in trail()] == ["appointed", "dismissed"]


def test_what_a_dismissed_person_had_claimed_goes_back_to_the_queue(carry):
    case = carry("P1-001", until="acceptance")
    task = Task.objects.get(case=case, node="acceptance")
    office = Appointment.objects.get(user__username="window", scope=case.district)
    desk.claim(task, by=office.user)

    people.dismiss(office, by=None)

    task.refresh_from_db()
    assert (task.owner, task.status) == (None, "NEW")
    assert Event.objects.filter(case=case).latest("seq").kind == "given_back"


def test_a_mandate_lets_a_person_act_for_an_organisation():
    user, company = rows.person(), rows.organisation()

    mandate = people.enrol(company, user=user, role="signer", by=None)

    assert fresh(user).roles() == {"applicant_signer"}
    assert fresh(user).organisations() == [company.pk]
    people.release(mandate, by=None)
    assert fresh(user).roles() == set()
    assert [kind for kind, _ in trail()] == ["enrolled", "released"]


def test_a_mandate_is_held_once():
    user, company = rows.person(), rows.organisation()
    people.enrol(company, user=user, role="clerk", by=None)

    with pytest.raises(ValidationError):
        people.enrol(company, user=user, role="clerk", by=None, valid_from=date(2020, 1, 1))


def test_the_chain_of_roles_verifies():
    user = rows.person()
    office = people.appoint(user, role="issuer", by=user)
    people.dismiss(office, by=user)

    assert list(audit.verify()) == []


# --- the command --------------------------------------------------------------------------------
def create_person(monkeypatch: pytest.MonkeyPatch, *words: str, password: str = PASSWORD) -> str:
    """Run the command with the password on a pipe."""
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    out = StringIO()
    call_command("create_person", *words, stdout=out)
    return out.getvalue()


def test_the_command_opens_an_account_with_an_office(monkeypatch):
    printed = create_person(
        monkeypatch, "wang", "王敏", "--role", "department_reviewer", "--scope", "tax"
    )

    user = User.objects.get(username="wang")
    assert printed == "wang may sign in\n"
    assert user.check_password(PASSWORD)
    assert user.candidacies() == ["department_reviewer:tax"]


def test_the_command_opens_an_account_with_a_mandate(monkeypatch):
    company = rows.organisation(uscc="91310115MAYY1A0104")

    create_person(monkeypatch, "gu", "顾念安", "--role", "clerk", "--organisation", company.uscc)

    assert Membership.objects.get().organisation == company


@pytest.mark.parametrize(
    "words",
    [
        ("gu", "顾念安", "--role", "clerk"),
        ("gu", "顾念安", "--role", "clerk", "--organisation", "91310115MAYY1A0104"),
        ("gu gu", "顾念安"),
    ],
)
def test_the_command_opens_nothing_when_a_word_is_wrong(monkeypatch, words):
    with pytest.raises(CommandError):
        create_person(monkeypatch, *words)

    assert not User.objects.exists()


def test_the_command_knows_no_default_password(monkeypatch):
    with pytest.raises(CommandError):
        create_person(monkeypatch, "gu", "顾念安", password="")


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Let someone type ``answers`` when asked for passwords."""
    typed = iter(answers)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(
        "workflows.management.commands.create_person.getpass", lambda prompt: next(typed)
    )


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_command_asks_at_a_terminal_and_takes_what_is_typed_twice(monkeypatch):
    at_a_terminal(monkeypatch, PASSWORD, PASSWORD)

    call_command("create_person", "gu", "顾念安", stdout=StringIO())

    assert User.objects.get().check_password(PASSWORD)
    assert User.objects.get().roles() == set()


def test_the_command_takes_no_password_that_was_typed_in_two_ways(monkeypatch):
    at_a_terminal(monkeypatch, PASSWORD, "another-quiet-password")

    with pytest.raises(CommandError, match="differ"):
        call_command("create_person", "gu", "顾念安")

    assert not User.objects.exists()


# --- letting go -----------------------------------------------------------------------------------
def test_the_command_ends_an_office_at_once():
    user = rows.person(username="wang")
    people.appoint(user, role="window", scope="310115", by=None)

    call_command("dismiss", "wang", "window", "--scope", "310115", stdout=StringIO())

    assert fresh(user).candidacies() == []
    assert trail()[-1][0] == "dismissed"


@pytest.mark.parametrize("words", [("wang", "leader"), ("nobody", "window", "--scope", "310115")])
def test_the_command_ends_no_office_that_is_not_held(words):
    people.appoint(rows.person(username="wang"), role="window", scope="310115", by=None)

    with pytest.raises(CommandError, match="does not hold"):
        call_command("dismiss", *words)

    assert User.objects.get(username="wang").candidacies() == ["window:310115"]
