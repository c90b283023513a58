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
from workflows import jobs
from workflows.errors import FileRefused, Infected, NotYetScanned, ScannerSilent
from workflows.models import File, Job, Message, Picture
from workflows.recording import acts
from workflows.stages import attaching, intake
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


def test_a_file_without_a_quarantine_waits_for_the_scanner(draft: Course) -> None:
    with pytest.raises(ScannerSilent):
        intake.take_in_clean("a.pdf", acts.sample("证据"))
