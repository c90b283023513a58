"""Pages of joint applications: the lead asks, partners read and answer, the office judges."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.stages import jointly
from tests.stages.course import plain_papers
from tests.stages.jointly import FIRM, FUNDING, JOINT, OTHER_SCHOOL, SCHOOL, TRAITS
from workflows import demo
from workflows.models import Case, Likeness, Partner, User
from workflows.recording import acts
from workflows.stages import acceptance, attaching, partners, substitution

pytestmark = pytest.mark.django_db
PAPER = "business_licence"
CONFIRMED = {"do": "confirm", "promise": "on", "factor": demo.PASSWORD}


@pytest.fixture(autouse=True)
def _today(office, standing_clock, monkeypatch):
    """Time stands still, and papers cost nothing."""
    plain_papers(monkeypatch)


@pytest.fixture
def draft() -> Case:
    """A complete draft with one school as partner."""
    jointly.unit(SCHOOL)
    call = jointly.call(joint=JOINT, funding=FUNDING, traits=TRAITS, one_per="project_name")
    return jointly.drafted(call, partners=[SCHOOL], project_name="集成电路实训")


@pytest.fixture
def accepted(draft) -> Case:
    """The application, confirmed, filed and accepted."""
    partners.confirm(draft, by=signer(SCHOOL))
    filed = jointly.filed(draft)
    acceptance.accept(filed, by=demo.cast(filed.district).window)
    return jointly.fresh(filed)


def signer(row: dict[str, str]) -> User:
    """Who signs for a partner."""
    return demo.signer(jointly.unit(row))


def browser(user: User) -> Client:
    """The browser of ``user``."""
    made = Client()
    made.force_login(user)
    return made


def words(page: Any) -> str:
    """What a page says."""
    return str(page.content.decode())


# --- the lead -------------------------------------------------------------------------------------
def test_the_lead_sees_who_has_confirmed_and_asks_the_others(draft):
    lead = browser(demo.clerk(draft.applicant))
    address = reverse("case_partners", args=[draft.reference])

    before = lead.get(address)
    asked = lead.post(address, {"do": "ask"})
    overview = words(lead.get(reverse("case", args=[draft.reference])))

    assert [row["mark"][0] for row in before.context["partners"]] == [""]
    assert (asked.status_code, Partner.objects.get().asked is not None) == (303, True)
    assert [row["mark"][0] for row in lead.get(address).context["partners"]] == ["warn"]
    assert address in overview


def test_the_signing_page_names_who_has_not_confirmed(draft):
    lead = browser(demo.signer(draft.applicant))
    address = reverse("case_submit", args=[draft.reference])

    waiting = lead.get(address)
    pressed = lead.post(address, {"promise": "on", "lacking": "on", "factor": demo.PASSWORD})
    partners.confirm(draft, by=signer(SCHOOL))
    filed = lead.post(address, {"promise": "on", "lacking": "on", "factor": demo.PASSWORD})

    assert [each.name for each in waiting.context["found"].unconfirmed] == [SCHOOL["org_name"]]
    assert SCHOOL["org_name"] in waiting.content.decode()
    assert pressed.status_code == 409
    assert filed.status_code == 303


def test_a_partner_without_people_is_told_to_the_lead(draft):
    jointly.saved(draft, partners=[SCHOOL, FIRM])

    page = browser(demo.clerk(draft.applicant)).get(
        reverse("case_partners", args=[draft.reference])
    )

    assert [row["unstaffed"] for row in page.context["partners"]] == [False, True]


def test_an_application_of_one_has_no_page_of_partners():
    case = jointly.drafted(jointly.call())
    page = reverse("case_partners", args=[case.reference])

    assert browser(demo.clerk(case.applicant)).get(page).status_code == 404


def test_the_lead_names_a_substitute(accepted):
    gone = substitution.leave(accepted, reason="停办", by=signer(SCHOOL))
    lead = browser(demo.signer(accepted.applicant))
    address = reverse("case_partners", args=[accepted.reference])
    told = {"do": "substitute", "place": str(gone.pk), "name": "某校"}

    wrong = lead.post(address, told | {"uscc": "12310000MBYY2B020F"})
    named = lead.post(address, told | {"uscc": " 12310000mbyy2b020e "})
    again = lead.post(address, told | {"uscc": FIRM["uscc"]})

    assert (wrong.status_code, named.status_code, again.status_code) == (422, 303, 404)
    assert list(wrong.context["form"].errors) == ["uscc"]
    assert Partner.objects.get(replaces=gone).organisation.uscc == OTHER_SCHOOL["uscc"]


# --- a partner ------------------------------------------------------------------------------------
def test_a_partner_finds_nothing_before_it_is_asked(draft):
    school = browser(signer(SCHOOL))
    address = reverse("partnership", args=[draft.reference])

    before = school.get(address).status_code
    partners.ask(draft, by=demo.clerk(draft.applicant))

    assert (before, school.get(address).status_code) == (404, 200)
    assert browser(signer(FIRM)).get(address).status_code == 404


def test_a_partner_reads_the_whole_draft_with_its_papers(draft):
    file = attaching.attach(
        draft, code=PAPER, name="执照.pdf", data=_pdf(), by=demo.clerk(draft.applicant)
    )
    partners.ask(draft, by=demo.clerk(draft.applicant))
    clerk = browser(demo.clerk(jointly.unit(SCHOOL)))
    paper = reverse("partnership_file", args=[draft.reference, PAPER, file.sha256])

    page = clerk.get(reverse("partnership", args=[draft.reference]))
    sent = clerk.get(paper)

    assert "集成电路实训" in words(page)
    assert paper in words(page)
    assert sent.content == _pdf()
    assert browser(signer(FIRM)).get(paper).status_code == 404
    assert 'name="do"' not in words(page)  # a clerk reads; the signer answers


def _pdf() -> bytes:
    return acts.sample("执照")


def test_a_partner_edits_nothing_on_the_leads_pages(draft):
    partners.ask(draft, by=demo.clerk(draft.applicant))
    school = browser(signer(SCHOOL))
    names = ("case", "case_files", "case_check", "case_submit", "case_partners", "case_discard")

    answers = {name: school.get(reverse(name, args=[draft.reference])) for name in names}

    assert {page.status_code for page in answers.values()} == {404}


def test_a_signer_confirms_once_it_has_said_that_it_read(draft):
    partners.ask(draft, by=demo.clerk(draft.applicant))
    school = browser(signer(SCHOOL))
    address = reverse("partnership", args=[draft.reference])
    waiting = words(school.get(reverse("workspace")))

    unread = school.post(address, {"do": "confirm", "factor": demo.PASSWORD})
    unsigned = school.post(address, {"do": "confirm", "promise": "on"})
    said = school.post(address, CONFIRMED)

    assert address in waiting
    assert [page.status_code for page in (unread, unsigned, said)] == [422, 422, 303]
    assert partners.unconfirmed(jointly.fresh(draft)) == []
    assert address not in words(school.get(reverse("workspace")))
    assert draft.reference in words(school.get(reverse("partnerships")))


def test_a_signer_refuses_with_a_reason_the_lead_reads(draft):
    partners.ask(draft, by=demo.clerk(draft.applicant))
    address = reverse("partnership", args=[draft.reference])

    silent = browser(signer(SCHOOL)).post(address, {"do": "refuse", "reason": " "})
    said = browser(signer(SCHOOL)).post(address, {"do": "refuse", "reason": "预算不符"})

    assert (silent.status_code, said.status_code) == (422, 303)
    lead = browser(demo.clerk(draft.applicant))
    assert "预算不符" in words(lead.get(reverse("case_partners", args=[draft.reference])))


def test_the_list_of_partnerships_asks_the_database_as_often_for_three_as_for_one(draft):
    school, address = browser(signer(SCHOOL)), reverse("partnerships")
    partners.ask(draft, by=demo.clerk(draft.applicant))
    school.get(address)
    with CaptureQueriesContext(connection) as one:
        school.get(address)
    for index in (1, 2):
        more = jointly.drafted(draft.round, jointly.applicant(index), partners=[SCHOOL])
        partners.ask(more, by=demo.clerk(more.applicant))

    with CaptureQueriesContext(connection) as three:
        page = school.get(address)

    assert len(page.context["rows"]) == 3
    assert len(three) == len(one)


def test_a_clerk_of_a_partner_gives_no_word(draft):
    partners.ask(draft, by=demo.clerk(draft.applicant))
    clerk = browser(demo.clerk(jointly.unit(SCHOOL)))

    page = clerk.post(
        reverse("partnership", args=[draft.reference]), {"do": "confirm", "promise": "on"}
    )

    assert page.status_code == 403


def test_a_partner_leaves_and_reads_no_further(accepted):
    school = browser(signer(SCHOOL))
    address = reverse("partnership", args=[accepted.reference])

    filed = words(school.get(address))
    left = school.post(address, {"do": "leave", "reason": "停办"})

    assert "集成电路实训" in filed
    assert (left.status_code, left["Location"]) == (303, reverse("partnerships"))
    assert school.get(address).status_code == 404


@pytest.mark.parametrize("do", ["", "steal"])
def test_an_answer_nobody_knows_is_not_there(draft, do):
    partners.ask(draft, by=demo.clerk(draft.applicant))
    address = reverse("partnership", args=[draft.reference])

    assert browser(signer(SCHOOL)).post(address, {"do": do}).status_code == 404


# --- the office -----------------------------------------------------------------------------------
@pytest.fixture
def pair(accepted) -> Likeness:
    """Another application that looks like the accepted one."""
    jointly.unit(OTHER_SCHOOL)
    case = jointly.drafted(
        accepted.round,
        jointly.applicant(1),
        partners=[OTHER_SCHOOL],
        project_name="集成电路实训项目",
    )
    partners.confirm(case, by=signer(OTHER_SCHOOL))
    return jointly.filed(case).likenesses.get()


def officer() -> User:
    """A case officer."""
    return demo.cast("310110").officer


def test_x2_the_officer_reads_why_two_files_look_alike_and_judges(pair):
    desk = browser(officer())
    file = reverse("case_file", args=[pair.case.reference])
    act = reverse("case_act", args=[pair.case.reference])
    told = {"do": "judge_likeness", "other": str(pair.pk), "decision": "different"}

    page = words(desk.get(f"{file}?tab=likeness"))
    form = words(desk.get(f"{file}?do=judge_likeness"))
    silent = desk.post(act, told)
    judged = desk.post(act, told | {"text": "设备不同"})

    assert pair.other.reference in page
    assert "100 %" in page
    assert pair.other.reference in form
    assert (silent.status_code, judged.status_code) == (422, 303)
    pair.refresh_from_db()
    assert (pair.verdict, pair.text) == ("different", "设备不同")
    other = words(desk.get(reverse("case_file", args=[pair.other.reference]) + "?tab=likeness"))
    assert pair.case.reference in other
    assert "设备不同" in other


def test_x2_nobody_else_at_the_desk_learns_of_other_files(pair):
    window = browser(demo.cast(pair.case.district).window)
    file = reverse("case_file", args=[pair.case.reference])

    page = window.get(f"{file}?tab=likeness")
    trails = [words(each.get(f"{file}?tab=timeline")) for each in (window, browser(officer()))]

    assert page.context["tab"] == "answers"
    assert pair.other.reference not in words(page)
    assert [pair.other.reference in trail for trail in trails] == [False, True]


def test_x36_the_officer_records_that_a_partner_left_and_approves_its_substitute(accepted):
    desk = browser(officer())
    act = reverse("case_act", args=[accepted.reference])
    school = Partner.objects.get()

    left = desk.post(act, {"do": "partner_leaves", "partner": str(school.pk), "reason": "停办"})
    substitute = substitution.replace(
        accepted, leaving=school, organisation=jointly.unit(OTHER_SCHOOL), role="school",
        by=demo.signer(accepted.applicant),
    )  # fmt: skip
    early = desk.post(act, {"do": "approve_substitute", "substitute": str(substitute.pk)})
    partners.confirm(accepted, by=signer(OTHER_SCHOOL))
    approved = desk.post(act, {"do": "approve_substitute", "substitute": str(substitute.pk)})
    tab = words(desk.get(reverse("case_file", args=[accepted.reference]) + "?tab=partners"))

    assert (left.status_code, early.status_code, approved.status_code) == (303, 422, 303)
    assert [each.name for each in partners.active(accepted)] == [OTHER_SCHOOL["org_name"]]
    assert "停办" in tab
