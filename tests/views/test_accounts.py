"""Signing in and out, the lock after too many tries, and each role's first page."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from tests import rows
from workflows.models import Appointment, Membership, User
from workflows.views.accounts import ClosedSignup

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-and-quiet-password"
SINCE = date(2020, 1, 1)


@pytest.fixture
def person() -> User:
    """Someone with an account, an address and a password."""
    user = User(username="window", name="程可欣", email="window@example.com")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, login: str = "window", password: str = PASSWORD):
    """Post the form a visitor sees."""
    return client.post(reverse("account_login"), {"login": login, "password": password})


@pytest.mark.parametrize("login", ["window", "window@example.com"])
def test_a_person_signs_in_by_name_or_by_address(client, person, login):
    answer = sign_in(client, login)

    assert (answer.status_code, answer["Location"]) == (302, reverse("desk"))
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_form_asks_for_either_name_of_the_account(client):
    form = client.get(reverse("account_login")).context["form"]

    assert str(form["login"].label) == "用户名或邮箱"
    assert "placeholder" not in form["login"].field.widget.attrs


def test_a_wrong_password_signs_nobody_in(client, person):
    answer = sign_in(client, password="wrong")

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_deactivated_person_cannot_sign_in(client, person):
    User.objects.update(is_active=False)

    answer = sign_in(client)

    assert answer["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("spelling", ["window", "Window", " WINDOW ", "window@example.com"])
def test_five_wrong_passwords_lock_the_account_however_its_name_is_spelt(
    client, person, settings, spelling
):
    settings.AXES_ENABLED, settings.AXES_COOLOFF_TIME = True, 37 / 60
    answers = [sign_in(client, password="wrong") for _ in range(5)]

    right = sign_in(client, spelling)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert right.status_code == 429
    assert "429.html" in [template.name for template in right.templates]
    assert "37" in right.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_lock_ends_after_half_an_hour(client, person, settings, time_machine):
    settings.AXES_ENABLED = True
    time_machine.move_to("2026-11-23 09:00+08:00")
    for _ in range(5):
        sign_in(client, password="wrong")

    time_machine.move_to("2026-11-23 09:31+08:00")

    assert sign_in(client).status_code == 302


def test_the_lock_of_one_account_leaves_the_others_open(client, person, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        sign_in(client, "somebody-else", "wrong")

    assert sign_in(client).status_code == 302


def test_a_right_password_forgives_the_wrong_ones_before_it(client, person, settings):
    settings.AXES_ENABLED = True
    for _ in range(2):
        for _ in range(4):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == 302
        client.logout()


def test_a_person_signs_out(client, person):
    client.force_login(person)

    client.post(reverse("account_logout"))

    assert "_auth_user_id" not in client.session


def test_nobody_opens_an_account_for_themselves(client, rf):
    before = User.objects.count()

    page = client.get(reverse("account_signup"))
    client.post(
        reverse("account_signup"),
        {"username": "me", "email": "me@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert next(template.name for template in page.templates) == "account/signup_closed.html"
    assert User.objects.count() == before
    assert ClosedSignup().is_open_for_signup(rf.get("/")) is False


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("window", "tasks"),
        ("district_reviewer", "tasks"),
        ("department_reviewer", "tasks"),
        ("case_officer", "tasks"),
        ("issuer", "tasks"),
        ("seal_keeper", "tasks"),
        ("expert", "evaluations"),
        ("checker", "evaluations"),
        ("auditor", "audit"),
    ],
)
def test_an_officer_begins_where_their_work_is(client, person, role, page):
    Appointment.objects.create(user=person, role=role, valid_from=SINCE)
    client.force_login(person)

    assert client.get(reverse("desk"))["Location"] == reverse(page)


def test_an_applicant_begins_in_the_workspace(client, person):
    Membership.objects.create(
        user=person, organisation=rows.organisation(), role="clerk", valid_from=SINCE
    )
    client.force_login(person)

    assert client.get(reverse("desk"))["Location"] == reverse("workspace")


def test_a_person_without_any_role_begins_where_organisations_are_registered(client, person):
    client.force_login(person)

    assert client.get(reverse("desk"))["Location"] == reverse("organisations")


def test_a_visitor_has_no_desk_before_signing_in(client):
    answer = client.get(reverse("desk"))

    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('desk')}"
    assert AnonymousUser().is_authenticated is False


PAGES = [
    "account_reauthenticate",
    "account_change_password",
    "usersessions_list",
    "mfa_index",
    "mfa_activate_totp",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_account_page_is_ours_and_opens(client, person, page):
    sign_in(client)

    answer = client.get(reverse(page), follow=True)

    assert answer.status_code == 200
    assert "workflows/base.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize("page", PAGES)
def test_account_pages_belong_to_whoever_has_signed_in(client, page):
    assert client.get(reverse(page))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("page", ["account_login", "account_reset_password", "account_inactive"])
def test_the_pages_before_signing_in_open_for_a_visitor(client, page):
    answer = client.get(reverse(page))

    assert answer.status_code == 200
    assert "workflows/base.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize(
    "page", ["account_email", "account_set_password", "mfa_add_webauthn", "account_verify_phone"]
)
def test_pages_without_a_template_of_ours_are_not_served(page):
    with pytest.raises(NoReverseMatch):
        reverse(page)


def test_a_password_is_changed_by_whoever_knows_the_old_one(client, person):
    client.force_login(person)

    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another-quiet-password",
            "password2": "another-quiet-password",
        },
    )

    person.refresh_from_db()
    assert person.check_password("another-quiet-password")


def test_a_lost_password_is_set_anew_through_a_letter(client, person, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "window@example.com"})
    (letter,) = mailoutbox
    link = next(word for word in letter.body.split() if "/password/lost/" in word)

    form = client.get(link, follow=True)
    client.post(
        form.redirect_chain[-1][0],
        {"password1": "another-quiet-password", "password2": "another-quiet-password"},
    )

    person.refresh_from_db()
    assert person.check_password("another-quiet-password")
