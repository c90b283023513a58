"""The company library: kept once, used in every application of its organisation and no other."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from tests import clamd
from tests.conftest import StandingClock
from tests.stages.conftest import Begin
from tests.stages.course import Course
from tests.stages.test_scanning import NOWHERE, infected
from workflows import audit, jobs
from workflows.errors import (
    EvidenceGone,
    FileRefused,
    Infected,
    NotEntitled,
    NotReopened,
)
from workflows.models import Event, Evidence, File, Job, Message
from workflows.models.evidence import Validity
from workflows.recording import acts
from workflows.stages import attaching, corrections, library, reminders
from workflows.stages.library import Label

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_papers")]
PDF = acts.sample("审计报告")
LABEL = Label("审计报告 2025", date(2026, 3, 1), date(2026, 9, 20))  # today is 7 September 2026
LABEL_DAYS = (LABEL.dated, LABEL.valid_to)


@pytest.fixture
def draft(begin: Begin) -> Course:
    return begin("P1-001")


@pytest.fixture
def other(begin: Begin) -> Course:
    """The draft of another organisation."""
    return begin("P1-002")


@pytest.fixture
def kept(draft: Course) -> Evidence:
    """A paper in the library of the draft's applicant."""
    return keep(draft)


def keep(draft: Course, *, label: Label = LABEL, data: bytes = PDF) -> Evidence:
    return library.keep(
        draft.case.applicant, label=label, name="审计报告.pdf", data=data, by=draft.clerk
    )


def trail(draft: Course) -> list[tuple[str, str]]:
    """What the organisation's own chain tells: kind and title or case."""
    events = Event.objects.filter(chain=f"sys:library:{draft.case.applicant_id}").order_by("seq")
    told = [(each.kind, json.loads(each.body)["facts"]) for each in events]
    return [(kind, facts.get("title") or facts.get("case", "")) for kind, facts in told]


# --- keeping ------------------------------------------------------------------------------------
def test_a_paper_is_kept_with_its_dates_and_the_chain_of_its_organisation_knows(draft, kept):
    assert (kept.title, kept.dated, kept.valid_to) == ("审计报告 2025", *LABEL_DAYS)
    assert (kept.kind, kept.size, kept.scan) == ("pdf", len(PDF), File.Scan.UNSCANNED)
    assert library.shelf([draft.case.applicant_id]) == [kept]
    assert trail(draft) == [("evidence_kept", "审计报告 2025")]
    assert list(audit.verify()) == []


def test_the_same_file_once_more_only_gets_a_new_label(draft, kept):
    again = keep(draft, label=Label("审计报告（更正）"))

    assert (again.pk, again.title, again.valid_to) == (kept.pk, "审计报告（更正）", None)
    assert Evidence.objects.count() == 1
    assert [kind for kind, _ in trail(draft)] == ["evidence_kept", "evidence_described"]


def test_what_the_gate_refuses_does_not_come_in(draft):
    with pytest.raises(FileRefused):
        keep(draft, data=b"MZ no pdf")

    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("label", "field"),
    [
        (Label("  "), "title"),
        (Label("证照", dated=date(2026, 9, 8)), "dated"),
        (Label("证照", dated=date(2026, 9, 1), valid_to=date(2026, 8, 31)), "valid_to"),
    ],
)
def test_a_label_that_cannot_be_is_refused(draft, label, field):
    with pytest.raises(ValidationError) as refusal:
        keep(draft, label=label)

    assert list(refusal.value.message_dict) == [field]
    assert not Evidence.objects.exists()


def test_a_file_of_an_application_goes_into_the_library(draft):
    file = attaching.attach(
        draft.case, code="audit_or_tax", name="审计.pdf", data=PDF, by=draft.clerk
    )

    kept = library.keep_file(draft.case, file=file, label=LABEL, by=draft.clerk)

    assert (kept.code, kept.name, kept.sha256) == ("audit_or_tax", "审计.pdf", file.sha256)
    assert library.validities(draft.case.applicant, [file.sha256]) == {
        file.sha256: Validity(LABEL.valid_to, kept=True)
    }


def test_a_file_counts_once_for_its_organisation_wherever_it_lies(draft, kept, settings):
    settings.HENG_QUOTA = len(PDF) + 10

    library.attach_from(draft.case, code="audit_or_tax", evidence=kept, by=draft.clerk)

    assert attaching.used(draft.case.applicant) == len(PDF)
    with pytest.raises(FileRefused):
        keep(draft, data=acts.sample("另一份"))


# --- using --------------------------------------------------------------------------------------
def test_a_paper_is_attached_as_if_it_came_anew(draft, kept):
    file = library.attach_from(draft.case, code="audit_or_tax", evidence=kept, by=draft.clerk)

    assert (file.code, file.name, file.sha256, file.pages) == (
        "audit_or_tax",
        kept.name,
        kept.sha256,
        kept.pages,
    )
    assert draft.kinds[-1] == "file_attached"
    assert trail(draft)[-1] == ("evidence_used", draft.case.reference)


def test_removing_a_paper_leaves_every_application_its_copy_and_the_day_it_expires(draft, kept):
    file = library.attach_from(draft.case, code="audit_or_tax", evidence=kept, by=draft.clerk)

    library.remove(kept, by=draft.clerk)

    assert draft.case.files.get(removed=None) == file
    assert library.shelf([draft.case.applicant_id]) == []
    assert library.validities(draft.case.applicant, [file.sha256]) == {
        file.sha256: Validity(LABEL.valid_to, kept=False)
    }
    with pytest.raises(EvidenceGone):
        library.attach_from(draft.case, code="authorisation", evidence=kept, by=draft.clerk)
    with pytest.raises(EvidenceGone):
        library.describe(kept, label=LABEL, by=draft.clerk)


def test_a_returned_application_takes_library_papers_only_where_the_office_flagged(draft, kept):
    """The enforcement of ``reopening`` holds on this road too."""
    draft.file()
    item = {"target": "authorisation", "text": "请换。", "reason": "missing_paper"}
    corrections.return_once(draft.case, items=[item], by=draft.cast.window)

    with pytest.raises(NotReopened):
        library.attach_from(draft.case, code="audit_or_tax", evidence=kept, by=draft.clerk)
    file = library.attach_from(draft.case, code="authorisation", evidence=kept, by=draft.clerk)

    assert file.code == "authorisation"
    assert [case for kind, case in trail(draft) if kind == "evidence_used"] == [
        draft.case.reference
    ]


# --- strangers ----------------------------------------------------------------------------------
def test_no_other_organisation_touches_a_paper_or_learns_of_it(draft, kept, other):
    acts_of_strangers = [
        lambda: library.describe(kept, label=Label("x"), by=other.clerk),
        lambda: library.remove(kept, by=other.clerk),
        lambda: library.attach_from(
            other.case, code="authorisation", evidence=kept, by=other.clerk
        ),
        lambda: library.attach_from(
            draft.case, code="authorisation", evidence=kept, by=other.clerk
        ),
        lambda: library.keep(
            draft.case.applicant, label=LABEL, name="a.pdf", data=PDF, by=other.clerk
        ),
    ]

    for act in acts_of_strangers:
        with pytest.raises(NotEntitled):
            act()

    own = keep(other)  # the same bytes: a paper of their own, nothing tells of the first
    assert (own.pk != kept.pk, own.by) == (True, other.clerk)
    assert trail(draft) == [("evidence_kept", "审计报告 2025")]
    assert library.validities(other.case.applicant, [kept.sha256])[kept.sha256].kept


def test_one_login_with_two_mandates_does_not_carry_papers_across(draft, kept, other):
    """X58: each library belongs to its organisation, not to the person."""
    other.case.applicant.memberships.create(
        user=draft.clerk, role="clerk", valid_from=date(2026, 1, 1)
    )
    both = type(draft.clerk).objects.get(pk=draft.clerk.pk)

    with pytest.raises(NotEntitled):
        library.attach_from(other.case, code="authorisation", evidence=kept, by=both)

    assert not other.case.files.exists()


# --- viruses ------------------------------------------------------------------------------------
def test_what_the_scanner_has_not_seen_stays_in_quarantine_in_the_application_too(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    settings.HENG_CLAMD = NOWHERE
    kept = keep(draft)
    file = library.attach_from(draft.case, code="audit_or_tax", evidence=kept, by=draft.clerk)
    before = (kept.scan, file.scan, kept.available)

    with clamd.running() as (place, _):
        settings.HENG_CLAMD = place
        standing_clock.pass_(minutes=11)
        jobs.run_due()
    kept.refresh_from_db()
    file.refresh_from_db()

    assert before == (File.Scan.QUARANTINED, File.Scan.QUARANTINED, False)
    assert (kept.scan, file.scan) == (File.Scan.CLEAN, File.Scan.CLEAN)
    assert set(Job.objects.filter(kind__startswith="scan_").values_list("state", flat=True)) == {
        Job.State.DONE
    }


def test_a_virus_found_later_takes_the_paper_out_and_tells_the_organisation(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    settings.HENG_CLAMD = NOWHERE
    kept = library.keep(
        draft.case.applicant, label=LABEL, name="章.png", data=infected(), by=draft.clerk
    )

    with clamd.running() as (place, _):
        settings.HENG_CLAMD = place
        standing_clock.pass_(minutes=1)
        jobs.run_due()
    kept.refresh_from_db()

    assert (kept.scan, kept.removed is None) == (File.Scan.INFECTED, False)
    assert Message.objects.filter(kind="evidence_infected", recipient=draft.clerk).count() == 1
    assert trail(draft)[-1][0] == "evidence_infected"


def test_an_infected_file_of_an_application_is_not_kept(draft):
    file = attaching.attach(
        draft.case, code="audit_or_tax", name="审计.pdf", data=PDF, by=draft.clerk
    )
    file.scan = File.Scan.INFECTED

    with pytest.raises(Infected):
        library.keep_file(draft.case, file=file, label=LABEL, by=draft.clerk)


# --- time ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, ""),
        (date(2026, 9, 6), "expired"),
        (date(2026, 9, 7), "soon"),
        (date(2026, 10, 7), "soon"),
        (date(2026, 10, 8), ""),
    ],
)
def test_a_paper_is_good_to_the_end_of_its_last_day(standing_clock, until, state):
    assert Validity(until).state == state


def test_its_organisation_is_told_thirty_days_before_a_paper_expires_and_once(
    draft, other, standing_clock
):
    keep(draft, label=Label("证照", valid_to=date(2026, 10, 8)))
    days = []

    for _ in range(3):
        days.append([each["title"] for each in reminders.expiring_evidence()])
        for each in reminders.expiring_evidence():
            reminders.messages.remind(**each)
        jobs.run_due()
        standing_clock.pass_(days=1)

    told = Message.objects.filter(kind="evidence_expiring")
    assert days == [[], ["证照"], ["证照"]]
    assert told.get(recipient=draft.clerk).facts["until"] == "2026-10-08"
    assert not told.filter(recipient=other.clerk).exists()


def test_only_a_file_of_that_application_is_kept(draft: Course, other: Course) -> None:
    theirs = attaching.attach(
        other.case, code="audit_or_tax", name="审计.pdf", data=PDF, by=other.clerk
    )

    with pytest.raises(NotEntitled):
        library.keep_file(draft.case, file=theirs, label=LABEL, by=draft.clerk)
