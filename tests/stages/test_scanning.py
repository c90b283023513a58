"""Quarantine: nobody opens what the scanner has not seen; a silent scanner is asked again (X25)."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PIL import Image, PngImagePlugin
from pytest_django import Settings

from tests import clamd
from tests.conftest import StandingClock
from tests.stages.conftest import Begin
from tests.stages.course import Course
from workflows import clock, demo, jobs, store
from workflows.errors import FileRefused, Infected, NotYetScanned
from workflows.models import File, Job, Membership, Message, PaperScan, Picture
from workflows.recording import acts
from workflows.stages import attaching, library, paper_scans, proofs, scanning
from workflows.stages.proofs import Proof
from workflows.views import downloads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_papers")]
NOWHERE = "/no/such/socket"


@pytest.fixture
def draft(begin: Begin, settings: Settings) -> Course:
    settings.HENG_CLAMD = NOWHERE
    return begin("P1-001")


def infected() -> bytes:
    """A sound picture with the test signature in a remark."""
    remark, drawn = PngImagePlugin.PngInfo(), io.BytesIO()
    remark.add_text("Comment", clamd.EICAR.decode())
    Image.new("RGB", (8, 8)).save(drawn, "PNG", pnginfo=remark)
    return drawn.getvalue()


def attach(draft: Course, name: str = "委托书.pdf", data: bytes = b"") -> File:
    return attaching.attach(
        draft.case,
        code="authorisation",
        name=name,
        data=data or acts.sample("委托书"),
        by=draft.clerk,
    )


@contextmanager
def scanner(settings: Settings) -> Iterator[clamd.Scanner]:
    """The scanner answers inside the block."""
    with clamd.running() as (place, running):
        settings.HENG_CLAMD = place
        yield running
    settings.HENG_CLAMD = NOWHERE


def test_without_a_scanner_the_file_says_that_it_was_not_scanned(
    draft: Course, settings: Settings
) -> None:
    settings.HENG_CLAMD = ""

    file = attach(draft)

    assert (file.scan, file.available) == (File.Scan.UNSCANNED, True)
    assert not Job.objects.filter(kind="scan_file").exists()


def test_a_file_the_scanner_has_seen_is_open_at_once(draft: Course, settings: Settings) -> None:
    with scanner(settings):
        file = attach(draft)

    assert (file.scan, file.available) == (File.Scan.CLEAN, True)


def test_a_virus_is_refused_at_the_door(draft: Course, settings: Settings) -> None:
    with scanner(settings), pytest.raises(FileRefused) as refusal:
        attach(draft, "章.png", infected())

    assert "Eicar-Test-Signature" in str(refusal.value)
    assert not File.objects.exists()


def test_while_the_scanner_is_silent_nobody_opens_the_file_and_it_is_asked_again(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    file = attach(draft)

    for _ in range(12):  # far more often than a job may fail
        standing_clock.pass_(minutes=11)
        jobs.run_due()
        with pytest.raises(NotYetScanned):
            downloads.send(file)
        with pytest.raises(NotYetScanned):
            downloads.picture(file, 1)
    job = Job.objects.get(kind="scan_file")
    waiting = (job.state, job.failures, File.objects.get().scan)
    with scanner(settings):
        standing_clock.pass_(minutes=11)
        jobs.run_due()
    file.refresh_from_db()

    assert waiting == (Job.State.READY, 0, File.Scan.QUARANTINED)
    assert (file.scan, draft.kinds[-2:]) == (File.Scan.CLEAN, ["file_attached", "file_scanned"])
    assert downloads.send(file).content.startswith(b"%PDF-")
    assert Picture.objects.filter(of=file.sha256, number=1).exists()


def test_a_virus_found_later_takes_the_file_out_of_the_draft_and_tells_the_applicant(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    file = attach(draft, "章.png", infected())

    with scanner(settings):
        standing_clock.pass_(minutes=1)
        jobs.run_due()
    file.refresh_from_db()

    assert (file.scan, file.removed is None) == (File.Scan.INFECTED, False)
    assert draft.kinds[-1] == "file_infected"
    assert Message.objects.filter(kind="file_infected", recipient=draft.clerk).count() == 1
    with pytest.raises(Infected):
        downloads.send(file)


def test_a_virus_in_what_was_filed_stays_where_the_office_sees_it(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    file = attach(draft, "章.png", infected())
    draft.file()

    with scanner(settings):
        standing_clock.pass_(minutes=1)
        jobs.run_due()
    file.refresh_from_db()

    assert (file.scan, file.removed) == (File.Scan.INFECTED, None)
    assert file.sha256 in {each["sha256"] for each in draft.case.filed.files}
    with pytest.raises(Infected):
        downloads.send(file)


# --- what came before the scanner -----------------------------------------------------------------
def scan_leftovers(standing_clock: StandingClock) -> None:
    """The morning's look, and the minutes after it."""
    standing_clock.pass_(days=1)
    scanning.ask_later(f"{clock.today()}")
    paper_scans.ask_later(f"{clock.today()}")
    jobs.run_due()
    standing_clock.pass_(minutes=5)
    jobs.run_due()


@pytest.fixture
def early(draft: Course, settings: Settings) -> Course:
    """A filed application with a clean and a bad file, both older than the scanner."""
    settings.HENG_CLAMD = ""
    attach(draft)
    attach(draft, "章.png", infected())
    draft.file()
    return draft


def test_what_came_before_the_scanner_is_scanned_once_there_is_one(
    early: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    window = demo.cast(early.case.district).window
    scan_leftovers(standing_clock)
    before = set(File.objects.values_list("scan", flat=True))

    with scanner(settings):
        scan_leftovers(standing_clock)
    bad = File.objects.get(name="章.png")

    assert before == {File.Scan.UNSCANNED}
    assert set(File.objects.exclude(pk=bad.pk).values_list("scan", flat=True)) == {File.Scan.CLEAN}
    assert (bad.scan, bad.removed) == (File.Scan.INFECTED, None)
    with pytest.raises(Infected):
        downloads.send(bad)
    assert Message.objects.filter(kind="file_infected", recipient=early.clerk).count() == 1
    assert Message.objects.filter(kind="filed_file_infected", recipient=window).count() == 1


def test_after_acceptance_the_case_officer_hears_of_a_virus(
    early: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    early.step()

    with scanner(settings):
        scan_leftovers(standing_clock)

    told = Message.objects.filter(kind="filed_file_infected")
    assert [each.recipient for each in told] == [demo.cast(early.case.district).officer]


def test_the_office_hears_nothing_of_a_draft(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    settings.HENG_CLAMD = ""
    file = attach(draft, "章.png", infected())

    with scanner(settings):
        scan_leftovers(standing_clock)
    file.refresh_from_db()

    assert (file.scan, file.removed is None) == (File.Scan.INFECTED, False)
    assert not Message.objects.filter(kind="filed_file_infected").exists()


def test_each_file_is_scanned_once_however_many_mornings_pass(
    early: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    with scanner(settings) as running:
        for _ in range(3):
            scan_leftovers(standing_clock)
        seen = len(running.seen)

    assert seen == File.objects.count()


def test_a_library_older_than_the_scanner_is_scanned_too(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    settings.HENG_CLAMD = ""
    label = library.Label(title="营业执照")
    told = {"label": label, "name": "章.png", "data": infected(), "by": draft.clerk}
    paper = library.keep(draft.case.applicant, **told)

    with scanner(settings):
        scan_leftovers(standing_clock)
    paper.refresh_from_db()

    assert (paper.scan, paper.removed is None) == (File.Scan.INFECTED, False)
    assert Message.objects.filter(kind="evidence_infected", recipient=draft.clerk).count() == 1


# --- papers without a row of their own ------------------------------------------------------------
def opened(paper: Proof) -> int:
    """What a browser is told that asks for the paper."""
    return downloads.send_paper(paper.sha256, paper.name).status_code


def test_a_power_of_attorney_is_opened_by_nobody_before_it_was_scanned(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    paper = proofs.keep("委托书.pdf", acts.sample("授权"))
    with pytest.raises(NotYetScanned):
        opened(paper)

    with scanner(settings):
        standing_clock.pass_(hours=1)
        jobs.run_due()

    assert opened(paper) == 200
    assert PaperScan.objects.get(of=paper.sha256).scan == File.Scan.CLEAN


def test_a_paper_with_a_virus_is_locked_and_those_who_look_after_the_house_are_told(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    operator, paper = draft.cast.operator, proofs.keep("章.png", infected())
    Membership.objects.filter(user=draft.signer).update(
        letter_name=paper.name, letter_sha256=paper.sha256
    )
    with scanner(settings):
        standing_clock.pass_(hours=1)
        jobs.run_due()

    with pytest.raises(Infected):
        opened(paper)
    told = Message.objects.filter(kind="paper_infected", recipient=operator)
    assert told.get().facts["name"] == "章.png"
    with pytest.raises(FileRefused):  # it is known, though the scanner is silent again
        proofs.keep("同一个.png", infected())


def test_a_paper_older_than_the_scanner_is_scanned_in_the_morning(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    settings.HENG_CLAMD = ""
    paper = proofs.keep("章.png", infected())
    before = opened(paper)
    asked = {"letter_name": paper.name, "letter_sha256": paper.sha256}
    Membership.objects.filter(user=draft.signer).update(**asked)

    with scanner(settings):
        scan_leftovers(standing_clock)

    assert before == 200
    with pytest.raises(Infected):
        opened(paper)


def test_what_was_swept_before_the_scanner_spoke_is_forgotten(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    paper = proofs.keep("委托书.pdf", acts.sample("没有人要"))
    store.store().path(paper.sha256).unlink()

    with scanner(settings):
        standing_clock.pass_(hours=1)
        jobs.run_due()

    assert not PaperScan.objects.exists()


def test_a_paper_handed_in_again_unseen_is_looked_at_again(standing_clock: StandingClock) -> None:
    paper = "a" * 64
    paper_scans.note(paper, File.Scan.QUARANTINED)
    Job.objects.filter(kind="scan_paper").update(state=Job.State.DONE)

    paper_scans.note(paper, File.Scan.QUARANTINED)
    same_day = Job.objects.filter(kind="scan_paper").count()
    standing_clock.pass_(days=1)
    paper_scans.note(paper, File.Scan.QUARANTINED)

    assert (same_day, Job.objects.filter(kind="scan_paper").count()) == (1, 2)
