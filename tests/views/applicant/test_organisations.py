"""Pages of an organisation's account: people, invitations, registration, profile, names."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.stages import accounts
from tests.stages.accounts import acting, again, company, person, roles, window
from tests.views.applicant.drafts import PDF, sent
from tests.views.public.addresses import at, browser, statements, text
from workflows.models import Invitation, Organisation, Registration, User
from workflows.stages import invitations, registration

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
ACCOUNT = {
    "name": "顾念安",
    "username": "gu",
    "password": accounts.PASSWORD,
    "again": accounts.PASSWORD,
}


def paper(name: str) -> SimpleUploadedFile:
    """A paper as a browser sends it."""
    return SimpleUploadedFile(name, PDF, "application/pdf")


def told(**changes: object) -> dict[str, object]:
    """What an agent with a passport types into the registration (X57)."""
    given = {
        "uscc": " 9131 0115 MAYY1A0104 ",
        "name": "上海相向装备(集团)有限公司",
        "kind": "enterprise",
        "district": "310115",
        "licence": paper("营业执照.pdf"),
        "basis": "letter",
        "letter": paper("授权委托书.pdf"),
        "valid_to": "2027-09-06",
        "signs": "on",
        "paper": "passport",
        "paper_number": "e 1234 5678",
    }
    return given | changes


def join_address(client: Client) -> str:
    """Where the letter sent last leads."""
    return at("join", invitations.token(Invitation.objects.latest("pk")))


# --- the door -------------------------------------------------------------------------------------
def test_a_newcomer_registers_an_organisation_and_the_window_confirms(client: Client, office):
    """From the first letter to the right to sign; X57 with an agent and a passport."""
    asked = client.post(at("register"), {"email": "gu@example.com"})
    opened = client.post(join_address(client), ACCOUNT)
    filed = client.post(at("org_new"), told())
    held = Registration.objects.get()
    desk = browser(window())
    shown = text(desk.get(at("registration", held.pk)))
    licence = desk.get(at("registration_paper", held.pk, "licence"))
    desk.post(at("registration", held.pk), {"do": "confirm"})

    user = User.objects.get(username="gu")
    assert (asked.status_code, opened["Location"]) == (200, at("org_new"))
    assert (filed.status_code, filed["Location"]) == (303, at("organisations"))
    assert "E12345678" in shown
    assert licence.getvalue() == PDF
    assert held.organisation.name == "上海相向装备（集团）有限公司"
    assert roles(user, held.organisation) == ["owner", "signer"]


def test_the_answer_at_the_door_is_the_same_for_known_and_unknown_addresses(client: Client, db):
    person("gu")

    pages = [
        TOKEN.sub("", text(client.post(at("register"), {"email": each})).replace(each, ""))
        for each in ("gu@example.com", "xx@example.com")
    ]

    assert pages[0] == pages[1]


def test_the_door_is_knocked_at_a_few_times_a_minute(client: Client, db):
    answers = [client.post(at("register"), {"email": f"a{n}@example.com"}) for n in range(6)]

    assert [each.status_code for each in answers] == [200] * 5 + [429]


@pytest.mark.parametrize("given", [{}, {"email": "nowhere"}])
def test_what_is_no_address_is_said_at_the_field(client: Client, db, given):
    page = client.post(at("register"), given)

    assert page.status_code == 422
    assert "Error:" in text(page)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"again": "another-quiet-password"}, "again"),
        ({"password": "short", "again": "short"}, "__all__"),
        ({"username": "taken"}, "username"),
    ],
)
def test_an_account_is_opened_with_a_good_password_and_a_free_name(
    client: Client, db, change, field
):
    person("taken")
    registration.knock("gu@example.com", language="en")

    page = client.post(join_address(client), ACCOUNT | change)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert User.objects.count() == 1


def test_a_spent_address_opens_nothing(client: Client, db):
    registration.knock("gu@example.com", language="en")
    address = join_address(client)
    client.post(address, ACCOUNT)

    again_ = Client().get(address)

    assert again_.status_code == 410


# --- registering ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uscc": "91310115MAYY1A0105"}, "uscc"),
        ({"licence": ""}, "licence"),
        ({"licence": SimpleUploadedFile("执照.pdf", b"no pdf")}, "licence"),
        ({"basis": ""}, "basis"),
        ({"letter": ""}, "letter"),
        ({"valid_to": "2026-09-06"}, "valid_to"),
        ({"valid_to": "soon"}, "valid_to"),
        ({"paper": ""}, "paper_number"),
        ({"paper": "identity_card"}, "paper_number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_is_kept(office, change, field):
    client = browser(person("gu"))

    page = client.post(at("org_new"), told(**change))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert "上海相向装备(集团)有限公司" in text(page)
    assert not Registration.objects.exists()


def test_a_registration_in_waiting_is_not_filed_twice(office):
    client = browser(person("gu"))
    client.post(at("org_new"), told())

    second = client.post(at("org_new"), told())

    assert second.status_code == 409
    assert Registration.objects.count() == 1


def test_a_registrant_begins_a_draft_and_finds_the_members_page_quiet(office):
    user = person("gu")
    client = browser(user)
    client.post(at("org_new"), told())

    client = browser(again(user))
    page = text(client.get(at("org_members")))

    assert "with the window" in page
    assert at("org_invite", accounts.CODE) not in page
    assert client.get(at("apply")).status_code == 200
    assert client.get(at("org_invite", accounts.CODE)).status_code == 404


def test_whoever_has_no_organisation_begins_at_registering(client: Client, db):
    user = browser(person("gu"))

    assert user.get(at("desk"))["Location"] == at("organisations")
    assert at("org_new") in text(user.get(at("organisations")))


@pytest.mark.parametrize("name", ["workspace", "apply", "library", "certificates", "org_members"])
def test_no_page_of_applicants_ends_the_way_of_whoever_has_no_organisation(name: str, db):
    page = browser(person("gu")).get(at(name))

    assert (page.status_code, page["Location"]) == (303, at("organisations"))


@pytest.mark.parametrize("name", ["messages", "account_settings"])
def test_whoever_has_no_organisation_reads_the_pages_of_applicants(name: str, db):
    page = browser(person("gu")).get(at(name))

    assert "workflows/shell_applicant.html" in [each.name for each in page.templates]


def test_an_owner_alone_is_led_to_inviting_before_handing_over(db):
    unit = company()
    client = browser(acting(unit, "owner", "owner"))

    alone = text(client.get(at("org_hand_over", unit.uscc)))
    acting(unit, "clerk", "clerk")
    two = text(client.get(at("org_hand_over", unit.uscc)))

    assert "Nobody else acts for the organisation yet." in alone
    assert at("org_invite", unit.uscc) in alone
    assert "Nobody else acts" not in two
    assert "Hand over" in two


@pytest.mark.parametrize(
    ("chosen", "district"),
    [("", "310115"), ("elsewhere", ""), ("310104", "310104"), ("310999", None)],
)
def test_the_credit_code_tells_the_district_unless_another_is_chosen(office, chosen, district):
    answer = browser(person("gu")).post(at("org_new"), told(district=chosen))

    found = Organisation.objects.filter(uscc=accounts.CODE).values_list("district", flat=True)
    assert answer.status_code == (422 if district is None else 303)
    assert list(found) == ([] if district is None else [district])


def test_whoever_has_registered_finds_the_way_to_an_application(office):
    user = person("gu")
    client = browser(user)

    before = text(client.get(at("organisations")))
    client.post(at("org_new"), told())
    after = text(browser(again(user)).get(at("organisations")))

    assert at("apply") not in before
    assert at("apply") in after


def test_what_only_some_must_give_is_not_called_optional(office):
    words = text(browser(person("gu")).get(at("org_new")))

    assert words.count("optional") == 1  # the district


# --- profile and names --------------------------------------------------------------------------
def profile(client: Client, unit: Organisation, **typed: str) -> HttpResponse:
    """Send the profile's form after ``typed`` was typed into it."""
    address = at("org_profile", unit.uscc)
    return client.post(address, sent(client.get(address), **typed))


def test_a_profile_is_kept_and_wrong_answers_stay_on_the_page(office):
    unit = company()
    client = browser(acting(unit, "clerk", "clerk"))

    kept = profile(client, unit, legal_rep="林知行", contact_phone="13800000000")
    wrong = profile(client, unit, contact_phone="12", address="上海市浦东新区示例路1号")

    unit.refresh_from_db()
    assert (kept.status_code, wrong.status_code) == (303, 422)
    assert unit.profile["legal_rep"] == "林知行"
    assert "address" not in unit.profile
    assert "上海市浦东新区示例路1号" in text(wrong)


def test_a_new_name_goes_through_the_window(office):
    unit = company(name="上海相向装备有限公司")
    client = browser(acting(unit, "owner", "owner"))

    client.post(
        at("org_name", unit.uscc), {"name": "上海同行装备有限公司", "licence": paper("新执照.pdf")}
    )
    desk = browser(window())
    shown = text(desk.get(at("registration", Registration.objects.get().pk)))
    desk.post(at("registration", Registration.objects.get().pk), {"do": "confirm"})

    assert "The name differs" in shown
    assert "Former names" in text(client.get(at("org_profile", unit.uscc)))
    assert Organisation.objects.get(pk=unit.pk).name == "上海同行装备有限公司"


# --- the window -----------------------------------------------------------------------------------
def test_a_refusal_needs_a_reason(office):
    filed = accounts.filed(person("gu"))
    desk = browser(window())

    silent = desk.post(at("registration", filed.pk), {"do": "refuse"})
    said = desk.post(at("registration", filed.pk), {"do": "refuse", "reason": "执照过期"})

    assert (silent.status_code, said.status_code) == (422, 303)
    assert "执照过期" in text(desk.get(at("registration", filed.pk)))
    assert "E12345678" not in text(desk.get(at("registration", filed.pk)))


def test_the_list_costs_the_same_with_one_and_with_three_registrations(office):
    desk = browser(window())
    accounts.filed(person("a"))
    one = statements(desk, at("registrations"))

    for name in ("b", "c"):
        accounts.filed(person(name))

    assert statements(desk, at("registrations")) == one


# --- personal data --------------------------------------------------------------------------------
def test_x59_somebody_asks_for_deletion_and_reads_the_answer(db):
    unit = company()
    client = browser(acting(unit, "clerk", "clerk"))

    answer = client.post(at("personal_data"), follow=True)

    assert "Nothing can be deleted yet" in text(answer)
    assert "article 47" in text(answer)


def test_x59_an_account_that_acts_for_nobody_is_closed(db):
    user = person("gone")
    client = browser(user)

    answer = client.post(at("personal_data"))

    assert answer["Location"] == at("account_inactive")
    assert (again(user).email, again(user).is_active) == ("", False)
    assert client.get(at("personal_data")).status_code == 302
