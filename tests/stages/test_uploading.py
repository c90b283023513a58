"""Uploads in pieces: what breaks off goes on, what is refused leaves nothing (X25)."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from tests.conftest import StandingClock
from tests.stages.conftest import Begin
from tests.stages.course import Course
from workflows import jobs, staging
from workflows.errors import AlreadySubmitted, FileRefused, NotEntitled, PieceDamaged, UploadGone
from workflows.models import File, Upload
from workflows.recording import acts
from workflows.stages import attaching, drafting, uploading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_papers")]
DATA = acts.sample("授权委托书")
DIGEST = hashlib.sha256(DATA).hexdigest()
HALF = len(DATA) // 2


@pytest.fixture
def draft(begin: Begin, settings: Settings, tmp_path: Path) -> Iterator[Course]:
    settings.HENG_UPLOADS = tmp_path / "uploads"
    return begin("P1-001")


def begun(draft: Course, **changes: object) -> Upload:
    told = {"code": "authorisation", "name": "委托书.pdf", "size": len(DATA), "sha256": DIGEST}
    return uploading.begin(draft.case, **{**told, "by": draft.clerk, **changes})


def add(upload: Upload, start: int, end: int | None = None) -> File | None:
    """Send a piece of ``DATA`` as a browser does."""
    upload = Upload.objects.select_related("case", "by", "file").get(pk=upload.pk)
    piece = DATA[start:end]
    digest = hashlib.sha256(piece).hexdigest()
    return uploading.add(upload, offset=start, data=piece, sha256=digest)


def test_the_last_piece_attaches_the_file_and_only_then_the_trail_knows(draft: Course) -> None:
    before = list(draft.kinds)
    upload = begun(draft)

    first = add(upload, 0, HALF)
    meanwhile = list(draft.kinds)
    file = add(upload, HALF)

    assert (first, meanwhile) == (None, before)
    assert (file.name, file.sha256, file.size) == ("委托书.pdf", DIGEST, len(DATA))
    assert draft.kinds[-1] == "file_attached"
    assert staging.length(upload.pk) == 0


def test_the_last_piece_sent_again_gives_the_same_file(draft: Course) -> None:
    upload = begun(draft)
    add(upload, 0, HALF)

    first, again = add(upload, HALF), add(upload, HALF)

    assert first == again
    assert (File.objects.count(), draft.kinds.count("file_attached")) == (1, 1)


def test_an_answer_that_was_lost_costs_nothing(draft: Course) -> None:
    """All bytes arrived, the connection broke before the file was taken in."""
    upload = begun(draft)
    staging.append(upload.pk, 0, DATA)

    file = add(upload, len(DATA))

    assert file == File.objects.get()


def test_the_same_file_chosen_again_goes_on_where_it_broke_off(draft: Course) -> None:
    upload = begun(draft)
    add(upload, 0, HALF)

    again = begun(draft)

    assert (again.pk, again.arrived, again.percent) == (upload.pk, HALF, HALF * 100 // len(DATA))


@pytest.mark.parametrize(
    "changes", [{"sha256": "0" * 64}, {"size": len(DATA) + 1}, {"name": "b.pdf"}]
)
def test_another_file_begins_anew(draft: Course, changes: dict[str, object]) -> None:
    upload = begun(draft)

    assert begun(draft, **changes).pk != upload.pk


def test_without_a_digest_nothing_goes_on_since_nothing_says_it_is_the_same(draft: Course) -> None:
    upload = begun(draft, sha256="")
    add(upload, 0, HALF)

    again = begun(draft, sha256="")

    assert again.arrived == 0
    assert not Upload.objects.filter(pk=upload.pk).exists()


def test_a_piece_damaged_on_its_way_is_not_kept(draft: Course) -> None:
    upload = begun(draft)

    with pytest.raises(PieceDamaged):
        uploading.add(upload, offset=0, data=b"other", sha256=DIGEST)

    assert upload.arrived == 0


def test_more_than_was_announced_is_out_of_place(draft: Course) -> None:
    upload = begun(draft, size=10)

    with pytest.raises(uploading.OutOfPlace):
        uploading.add(upload, offset=0, data=DATA, sha256="")

    assert upload.arrived == 0


@pytest.mark.parametrize(
    ("name", "size"), [("a.exe", 10), ("a.pdf", 0), ("a.pdf", 21 * 1024**2), ("a\u202e.pdf", 10)]
)
def test_what_name_and_size_forbid_is_refused_before_a_byte_is_sent(
    draft: Course, name: str, size: int
) -> None:
    with pytest.raises(FileRefused):
        begun(draft, name=name, size=size)

    assert not Upload.objects.exists()


def test_a_file_that_the_gate_refuses_leaves_nothing_to_continue(draft: Course) -> None:
    """X25: a broken PDF is refused at upload with a clear reason."""
    data = b"%PDF-1.7 broken"
    upload = begun(draft, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    with pytest.raises(FileRefused) as refusal:
        uploading.add(upload, offset=0, data=data, sha256="")

    assert "委托书.pdf" in str(refusal.value)
    assert (Upload.objects.count(), staging.length(upload.pk), File.objects.count()) == (0, 0, 0)


def test_a_file_that_is_not_the_one_announced_is_refused(draft: Course) -> None:
    upload = begun(draft, sha256="0" * 64)

    with pytest.raises(FileRefused):
        add(upload, 0)

    assert not File.objects.exists()


def test_what_was_filed_meanwhile_takes_no_further_file(draft: Course) -> None:
    upload = begun(draft)
    add(upload, 0, HALF)
    drafting.discard(draft.case, by=draft.clerk)

    with pytest.raises(AlreadySubmitted):
        add(upload, HALF)

    assert not File.objects.exists()


def test_nobody_else_may_begin_one(draft: Course, cast) -> None:
    with pytest.raises(NotEntitled):
        begun(draft, by=cast.window)


def test_a_cancelled_upload_is_gone(draft: Course) -> None:
    upload = begun(draft)
    uploading.cancel(upload)

    with pytest.raises(UploadGone):
        uploading.add(upload, offset=0, data=DATA[:HALF], sha256="")


def test_one_person_has_so_many_open_and_no_more(draft: Course) -> None:
    for number in range(uploading.MOST_OPEN):
        begun(draft, name=f"{number}.pdf")

    with pytest.raises(FileRefused):
        begun(draft, name="one more.pdf")

    assert begun(draft, name="0.pdf").arrived == 0


# --- room ---------------------------------------------------------------------------------------
def test_an_organisation_keeps_so_much_and_no_more(
    draft: Course, settings: Settings, standing_clock: StandingClock
) -> None:
    settings.HENG_QUOTA = len(DATA) + 10
    told = {"code": "authorisation", "by": draft.clerk}
    file = attaching.attach(draft.case, name="a.pdf", data=DATA, **told)

    with pytest.raises(FileRefused):
        attaching.attach(draft.case, name="b.pdf", data=DATA + b"\n", **told)
    attaching.detach(draft.case, file=file, by=draft.clerk)
    with pytest.raises(FileRefused):  # putting in and taking out without end fills the store
        attaching.attach(draft.case, name="b.pdf", data=DATA + b"\n", **told)
    standing_clock.pass_(days=1, minutes=1)

    assert attaching.attach(draft.case, name="b.pdf", data=DATA + b"\n", **told).available


def test_under_one_paper_lie_so_many_files_and_no_more(
    draft: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_FILES", 1)
    told = {"code": "authorisation", "by": draft.clerk}
    attaching.attach(draft.case, name="a.pdf", data=DATA, **told)

    with pytest.raises(FileRefused):
        attaching.attach(draft.case, name="b.pdf", data=DATA + b"\n", **told)


# --- the sweep ----------------------------------------------------------------------------------
def test_an_upload_nobody_continues_is_swept_away(
    draft: Course, standing_clock: StandingClock
) -> None:
    upload = begun(draft)
    standing_clock.pass_(hours=40)
    add(upload, 0, HALF)

    standing_clock.pass_(hours=10)
    jobs.run_due()
    after_ten_hours = here(upload.pk)
    standing_clock.pass_(hours=39)
    jobs.run_due()

    assert after_ten_hours == (True, HALF)
    assert here(upload.pk) == (False, 0)


def here(key: UUID) -> tuple[bool, int]:
    return Upload.objects.filter(pk=key).exists(), staging.length(key)
