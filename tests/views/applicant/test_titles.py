"""Titles, members and messages: one's own, at a constant price."""

from datetime import date

import pytest

from tests.views.public.addresses import at, browser, statements, text
from workflows import demo
from workflows.models import Case, Membership, Message, User
from workflows.stages import people, register

pytestmark = pytest.mark.django_db


def import_titles(case: Case, count: int) -> None:
    """Enter ``count`` titles from before this system."""
    officer = demo.cast(case.district).officer
    for serial in range(1, count + 1):
        register.import_title(
            case.applicant,
            programme_key=case.programme_key,
            kind="pool_entry",
            title="产教融合型企业（培育）",
            number=f"沪产教培库〔2020〕{serial:04d}号",
            granted=date(2020, 5, serial),
            by=officer,
        )


# --- titles --------------------------------------------------------------------------------------
def test_a_title_shows_its_number_term_paper_and_duties(delivered: Case) -> None:
    title = delivered.titles.select_related("document").get()

    words = text(browser(demo.clerk(delivered.applicant)).get(at("certificates")))

    assert title.number in words
    assert at("paper", title.document.code) in words
    assert at("certificate_check", title.document.code) in words
    assert "Publish and file the annual report for the past year" in words
    assert "Accept the full re-evaluation every three years" not in words


def test_a_title_from_before_has_no_paper_here(draft: Case) -> None:
    import_titles(draft, 1)

    words = text(browser(demo.clerk(draft.applicant)).get(at("certificates")))

    assert "沪产教培库〔2020〕0001号" in words
    assert "Granted before this system" in words


def test_titles_of_others_are_not_there(delivered: Case, stranger: User) -> None:
    words = text(browser(stranger).get(at("certificates")))

    assert delivered.titles.get().number not in words
    assert "Certificates appear here once they are granted" in words


def test_three_titles_cost_what_one_costs(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    import_titles(draft, 1)
    one = statements(clerk, at("certificates"))

    import_titles(draft, 3)

    assert statements(clerk, at("certificates")) == one


# --- members -------------------------------------------------------------------------------------
def test_members_are_listed_with_what_they_may_and_until_when(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    former = User.objects.create(username="former", name="离职的人")
    mandate = people.enrol(
        draft.applicant,
        user=former,
        role=Membership.Role.CLERK,
        by=None,
        valid_from=date(2020, 1, 1),
        valid_to=date(2021, 12, 31),
    )

    words = text(clerk.get(at("org_members")))

    row = words.split(mandate.user.name)[1].split("</tr>")[0]
    assert "2020-01-01 to 2021-12-31" in row
    assert "not in force" in row
    assert demo.signer(draft.applicant).name in words


def test_members_of_others_are_not_there(draft: Case, stranger: User) -> None:
    words = text(browser(stranger).get(at("org_members")))

    assert stranger.name in words
    assert demo.signer(draft.applicant).name not in words


def test_five_members_cost_what_two_cost(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    two = statements(clerk, at("org_members"))
    for number in range(3):
        user = User.objects.create(username=f"colleague{number}", name=f"同事{number}")
        people.enrol(draft.applicant, user=user, role=Membership.Role.CLERK, by=None)

    assert statements(clerk, at("org_members")) == two


# --- messages ------------------------------------------------------------------------------------
def tell(case: Case, person: User, kind: str = "received", count: int = 1) -> None:
    """Let ``person`` have ``count`` messages about ``case``."""
    Message.objects.bulk_create(
        Message(
            recipient=person,
            case=case,
            kind=kind,
            facts={"reference": case.reference, "due": "2026-09-14"},
            key=f"{case.pk}:{person.pk}:{number}",
            sent=case.created,
        )
        for number in range(count)
    )


def unread(person: User) -> int:
    return Message.objects.filter(recipient=person, read=None).count()


def test_a_message_is_said_in_the_reader_s_language_with_its_case(draft: Case) -> None:
    clerk = demo.clerk(draft.applicant)
    tell(draft, clerk)

    words = text(browser(clerk).get(at("messages")))

    assert f"Your application {draft.reference} has arrived. By Sept. 14, 2026 you hear" in words
    assert at("case_progress", draft.reference) in words


def test_reading_the_page_marks_nothing(draft: Case) -> None:
    clerk = demo.clerk(draft.applicant)
    tell(draft, clerk, count=2)

    browser(clerk).get(at("messages"))

    assert unread(clerk) == 2


def test_one_message_or_all_are_marked_as_read(draft: Case) -> None:
    clerk = demo.clerk(draft.applicant)
    tell(draft, clerk, count=3)
    first = Message.objects.filter(recipient=clerk).first()
    assert first is not None

    answer = browser(clerk).post(at("messages_read"), {"message": first.pk})
    left = unread(clerk)
    browser(clerk).post(at("messages_read"))

    assert (answer.status_code, answer["Location"]) == (303, at("messages"))
    assert (left, unread(clerk)) == (2, 0)


@pytest.mark.parametrize("key", ["", "x", "9" * 40, "-1"])
def test_a_key_that_is_none_marks_nothing(draft: Case, key: str) -> None:
    clerk = demo.clerk(draft.applicant)
    tell(draft, clerk)

    answer = browser(clerk).post(at("messages_read"), {"message": key})

    assert answer.status_code == 303
    assert unread(clerk) == 1


def test_nobody_reads_or_marks_another_s_messages(draft: Case, stranger: User) -> None:
    clerk = demo.clerk(draft.applicant)
    tell(draft, clerk)
    key = Message.objects.get(recipient=clerk).pk

    words = text(browser(stranger).get(at("messages")))
    browser(stranger).post(at("messages_read"), {"message": key})

    assert draft.reference not in words
    assert unread(clerk) == 1


def test_three_messages_cost_what_one_costs(draft: Case) -> None:
    clerk = demo.clerk(draft.applicant)
    tell(draft, clerk)
    one = statements(browser(clerk), at("messages"))
    Message.objects.filter(recipient=clerk).delete()

    tell(draft, clerk, count=3)

    assert statements(browser(clerk), at("messages")) == one


@pytest.mark.parametrize("role", ["window", "officer", "auditor", "convenor", "operator"])
def test_the_office_reads_its_messages_in_its_own_frame(draft: Case, role: str) -> None:
    person: User = getattr(demo.cast(draft.district), role)
    tell(draft, person, "assigned")

    words = text(browser(person).get(at("messages")))

    assert f"Case {draft.reference} was assigned to you" in words
    assert at("case_progress", draft.reference) not in words
    assert at("workspace") not in words


def test_an_expert_s_message_names_no_applicant(evaluated: Case) -> None:
    expert = demo.cast(evaluated.district).experts[0]

    words = text(browser(expert).get(at("messages")))

    assert "Evaluation assigned" in words
    assert evaluated.reference not in words
    assert evaluated.applicant.name not in words
