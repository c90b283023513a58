"""How an organisation comes to an account: letters, evidence, and the window's answer."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.races import race
from tests.stages import accounts
from tests.stages.accounts import acting, again, company, filed, person, roles, window
from workflows import clock, jobs
from workflows.errors import (
    AlreadyMember,
    ConflictOfInterest,
    NotEntitled,
    ReasonMissing,
    RegistrationDecided,
    RegistrationWaits,
    TooManyRegistrations,
)
from workflows.models import (
    Appointment,
    Case,
    Event,
    Invitation,
    Membership,
    Message,
    Organisation,
    Partner,
    Registration,
    User,
)
from workflows.stages import invitations, law, membership, registration, vetting

pytestmark = pytest.mark.django_db


# --- an account for a person --------------------------------------------------------------------
def test_a_letter_opens_an_account_with_a_proven_address(mailoutbox):
    registration.knock("gu@example.com", language="en")
    jobs.run_due()
    token = mailoutbox[0].body.split("/account/join/")[1].split("/")[0]

    user = registration.open_account(
        invitations.invited(token), username="gu", name="顾念安", password=accounts.PASSWORD
    )

    assert (user.email, user.language) == ("gu@example.com", "en")
    assert again(user).check_password(accounts.PASSWORD)
    assert again(user).roles() == set()
    with pytest.raises(invitations.InvitationSpent):
        invitations.invited(token)


def test_whoever_has_an_account_gets_another_letter_and_nobody_else_sees_that(mailoutbox):
    person("gu")

    for address in ("gu@example.com", "stranger@example.com"):
        registration.knock(address, language="zh-hans")
    jobs.run_due()

    letters = {each.to[0]: each.body for each in mailoutbox}
    assert "/account/join/" not in letters["gu@example.com"]
    assert "/account/join/" in letters["stranger@example.com"]


def test_an_address_is_not_flooded(mailoutbox):
    for _ in range(5):
        registration.knock("gu@example.com", language="en")
    jobs.run_due()

    assert len(mailoutbox) == 3


def test_an_address_that_never_answers_is_forgotten():
    registration.knock("gone@example.com", language="en")

    with clock.at(clock.now() + registration.FORGOTTEN + registration.FORGOTTEN):
        registration.knock("gu@example.com", language="en")

    assert list(Invitation.objects.values_list("email", flat=True)) == ["gu@example.com"]


def test_what_is_no_address_gets_no_letter():
    with pytest.raises(ValidationError):
        registration.knock("nowhere", language="en")


# --- filing ---------------------------------------------------------------------------------------
def test_a_new_organisation_may_draft_and_nothing_else():
    founder = person("founder")

    asked = filed(founder)

    founder = again(founder)
    unit = asked.organisation
    law.acts_for(founder, Case(applicant=unit))
    with pytest.raises(NotEntitled):
        law.acts_for(founder, Case(applicant=unit), signing=True)
    assert founder.organisations() == [unit.pk]
    assert founder.vouched() == []
    assert unit.profile["org_name"] == "上海相向装备有限公司"


@pytest.mark.parametrize("wrong", ["91310115MAYY1A0105", "91310115MAYY1A1XX4", "MAYY1A010"])
def test_both_check_characters_of_the_code_are_right(wrong):
    with pytest.raises(ValidationError) as refusal:
        filed(person("founder"), uscc=wrong)

    assert list(refusal.value.message_dict) == ["uscc"]
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"licence": accounts.Proof()}, "licence"),
        ({"standing": accounts.as_agent(basis="owner")}, "basis"),
        ({"standing": accounts.as_agent(letter=accounts.Proof())}, "letter"),
        ({"standing": accounts.as_agent(valid_to=None)}, "valid_to"),
        ({"standing": accounts.as_agent(paper="")}, "paper_number"),
        (
            {"standing": accounts.as_agent(paper="identity_card", paper_number="1" * 18)},
            "paper_number",
        ),
    ],
)
def test_the_evidence_is_whole(given, field):
    with pytest.raises(ValidationError) as refusal:
        filed(person("founder"), **given)

    assert list(refusal.value.message_dict) == [field]


def test_nothing_of_a_known_organisation_is_given_before_the_window_answers():
    unit, newcomer = company(name="上海相向装备有限公司"), person("newcomer")

    filed(newcomer)

    assert again(newcomer).organisations() == []
    assert Organisation.objects.get() == unit


def test_the_owners_of_a_known_organisation_hear_that_somebody_asks(mailoutbox):
    unit = company()
    owner = acting(unit, "owner", "owner")

    filed(person("newcomer"))
    jobs.run_due()

    assert [each.to for each in mailoutbox] == [[owner.email]]


def test_an_organisation_that_a_stranger_registers_reads_no_joint_application():
    """Whoever claims a code sees nothing of a partnership before the window has looked."""
    founder = person("founder")
    unit = filed(founder).organisation
    case = accounts.rows.case()
    Partner.objects.create(
        case=case, organisation=unit, name=unit.name, role="enterprise", position=1,
        asked=clock.now(),
    )  # fmt: skip

    before = list(Case.objects.visible_to(again(founder)))
    vetting.confirm(Registration.objects.get(), by=window())

    assert before == []
    assert list(Case.objects.visible_to(again(founder))) == [case]


def test_whoever_manages_an_organisation_need_not_ask():
    owner = acting(company(), "owner", "owner")

    with pytest.raises(AlreadyMember):
        filed(owner)


def test_the_same_is_asked_once_until_it_is_answered():
    founder = person("founder")
    filed(founder)

    with pytest.raises(RegistrationWaits):
        filed(founder)


def test_one_person_asks_for_a_few_organisations_at_a_time():
    founder = person("founder")
    for _ in range(registration.WAITING):
        Registration.objects.create(
            kind="account", organisation=accounts.rows.organisation(), user=founder, name="某",
            basis="legal", filed=clock.now(),
        )  # fmt: skip

    with pytest.raises(TooManyRegistrations):
        filed(founder)


def test_the_window_of_the_district_hears_that_a_registration_waits(mailoutbox):
    ours, other, everywhere = window(), window("310104"), window("")
    founder = person("founder")

    asked = filed(founder)
    jobs.run_due()

    told = Message.objects.filter(kind="registration_waits")
    assert {each.recipient for each in told} == {ours, everywhere}
    assert {each.facts["organisation"] for each in told} == {asked.name}
    assert other not in {each.recipient for each in told}


# --- the window -----------------------------------------------------------------------------------
def test_x57_an_agent_with_a_passport_signs_once_the_window_has_confirmed(mailoutbox):
    agent = person("agent")
    asked = filed(agent)

    vetting.confirm(asked, by=window())
    jobs.run_due()

    agent, unit = again(agent), asked.organisation
    law.acts_for(agent, Case(applicant=unit), signing=True)
    assert roles(agent, unit) == ["owner", "signer"]
    assert agent.vouched() == [unit.pk, unit.pk]
    signer = agent.memberships.get(role="signer")
    assert (signer.paper, signer.paper_number) == ("passport", "E12345678")
    assert (signer.basis, signer.letter_name) == ("letter", "授权委托书.pdf")
    assert [each.to for each in mailoutbox] == [[agent.email]]


def test_a_new_power_of_attorney_takes_the_place_of_the_old_one():
    agent, desk = person("agent"), window()
    unit = filed(agent).organisation
    vetting.confirm(Registration.objects.get(), by=desk)
    last = accounts.in_a_year() + timedelta(days=365)
    again_ = membership.invite(
        unit, email=agent.email, role="signer", by=agent, basis="letter",
        letter=accounts.Proof("新授权.pdf", "c" * 64), valid_to=last,
    )  # fmt: skip

    asked = registration.ask_to_sign(again_, paper="passport", paper_number="E12345678", by=agent)
    vetting.confirm(asked, by=desk)

    held = Membership.objects.in_force().get(user=agent, role="signer")
    assert (held.letter_name, held.valid_to) == ("新授权.pdf", last)


def test_a_refusal_ends_what_was_given_and_says_why(mailoutbox):
    founder = person("founder")
    asked = filed(founder)

    vetting.refuse(asked, reason="执照照片无法辨认", by=window())
    jobs.run_due()

    asked.refresh_from_db()
    assert again(founder).organisations() == []
    assert (asked.confirmed, asked.reason, asked.paper_number) == (False, "执照照片无法辨认", "")
    assert "执照照片无法辨认" in mailoutbox[0].body


def test_after_a_refusal_better_evidence_is_confirmed_as_for_any_known_organisation():
    founder, desk = person("founder"), window()
    vetting.refuse(filed(founder), reason="执照照片无法辨认", by=desk)

    second = filed(founder)
    before = again(founder).organisations()
    vetting.confirm(second, by=desk)

    assert before == []
    assert roles(founder, second.organisation) == ["owner", "signer"]
    assert [each.provisional for each in again(founder).mandates] == [False, False]


def test_a_refusal_gives_its_reason():
    with pytest.raises(ReasonMissing):
        vetting.refuse(filed(person("founder")), reason=" ", by=window())


def test_the_window_answers_once():
    asked, desk = filed(person("founder")), window()
    vetting.confirm(asked, by=desk)

    with pytest.raises(RegistrationDecided):
        vetting.refuse(asked, reason="迟到", by=desk)


def test_a_window_answers_for_its_own_district_only():
    asked = filed(person("founder"))
    elsewhere, city = window("310106"), accounts.rows.person()
    Appointment.objects.create(user=city, role="case_officer", valid_from=accounts.SINCE)

    with pytest.raises(NotEntitled):
        vetting.confirm(asked, by=elsewhere)

    assert list(vetting.readable(elsewhere)) == []
    assert list(vetting.readable(city)) == [asked]
    assert list(vetting.readable(person("nobody"))) == []


def test_nobody_confirms_their_own_organisation():
    founder = person("founder")
    asked = filed(founder)
    Appointment.objects.create(user=founder, role="window", scope="", valid_from=accounts.SINCE)

    with pytest.raises(ConflictOfInterest):
        vetting.confirm(asked, by=again(founder))


def test_the_chain_tells_of_every_step_and_of_no_private_number():
    asked = filed(person("founder"))
    vetting.confirm(asked, by=window())

    events = list(Event.objects.filter(chain="sys:registrations").order_by("seq"))
    bodies = "".join(Event.objects.values_list("body", flat=True))

    assert [each.kind for each in events] == ["registration_filed", "registration_confirmed"]
    assert json.loads(events[0].body)["facts"]["letter"] == "b" * 64
    assert "E12345678" not in bodies
    assert User.objects.get(username="founder").email not in bodies


# --- at the same moment ---------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_double_click_registers_once():
    founder = person("founder")

    outcomes = race([lambda: filed(founder)] * 2)

    told = sorted(type(each).__name__ for each in outcomes)
    assert told == ["Registration", "RegistrationWaits"]
    assert Organisation.objects.count() == Registration.objects.count() == 1
    assert roles(founder, Organisation.objects.get()) == ["owner"]


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_answer_at_once_leave_one_answer():
    asked, desks = filed(person("founder")), [window(), window()]

    outcomes = race([
        lambda: vetting.confirm(asked, by=desks[0]),
        lambda: vetting.refuse(asked, reason="执照过期", by=desks[1]),
    ])  # fmt: skip

    told = [each for each in outcomes if each is not None]
    asked.refresh_from_db()
    granted = roles(asked.user, asked.organisation)
    assert [type(each) for each in told] == [RegistrationDecided]
    assert granted == (["owner", "signer"] if asked.confirmed else [])
