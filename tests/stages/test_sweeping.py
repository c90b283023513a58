"""Sweeping: what no row points at leaves the store, and nothing else ever does."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import JSONField
from pytest_django import Settings

from tests.stages.conftest import Begin
from tests.stages.course import Course
from workflows import clock, demo, jobs, staging, store
from workflows.errors import AlreadySubmitted
from workflows.models import Event, File, Job, SiteVisit, Supplement, Upload
from workflows.recording import acts
from workflows.stages import attaching, library, sweeping, uploading
from workflows.stages.library import Label

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_papers")]
NAMED = {"files", "evidence", "photos"}  # what a list of files is called in this house


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Iterator[store.FileStore]:
    """A store of the test's own."""
    options = {"directory": tmp_path / "objects"}
    settings.HENG_STORE = {"BACKEND": "workflows.store.FileStore", "OPTIONS": options}
    settings.HENG_UPLOADS = tmp_path / "uploads"
    store.store.cache_clear()
    found = store.store()
    assert isinstance(found, store.FileStore)
    yield found
    store.store.cache_clear()


@pytest.fixture
def draft(files: store.FileStore, begin: Begin) -> Course:
    return begin("P1-001")


def attach(draft: Course, text: str) -> File:
    data = acts.sample(text)
    return attaching.attach(
        draft.case, code="authorisation", name="委托书.pdf", data=data, by=draft.clerk
    )


def age(files: store.FileStore) -> None:
    """Let two days pass over everything that lies in the store."""
    for place in files.directory.glob("*/*/*"):
        then = place.stat().st_mtime - 2 * 24 * 3600
        os.utime(place, (then, then))


def sweep() -> None:
    """As every morning."""
    sweeping.ask(f"day {Job.objects.count()}")
    jobs.run_due()


def test_what_a_row_points_at_stays_and_what_none_does_goes(
    draft: Course, files: store.FileStore
) -> None:
    attached, taken_out = attach(draft, "甲"), attach(draft, "乙")
    attaching.detach(draft.case, file=taken_out, by=draft.clerk)
    label = Label(title="营业执照")
    told = {"label": label, "name": "照.pdf", "data": acts.sample("丙"), "by": draft.clerk}
    paper = library.keep(draft.case.applicant, **told)
    orphan = files.put(b"refused after it was stored")
    age(files)

    sweep()

    kept = [attached.sha256, taken_out.sha256, paper.sha256]
    assert [files.exists(each) for each in (*kept, orphan)] == [True, True, True, False]
    swept = Event.objects.get(kind="store_swept")
    assert (swept.chain, '"files":1' in swept.body) == ("sys:store", True)


def names(files: store.FileStore) -> set[str]:
    """Everything that lies in the store."""
    return {place.name for place in files.directory.glob("*/*/*")}


def test_a_file_refused_after_it_came_in_is_gone_the_day_after(
    draft: Course, files: store.FileStore
) -> None:
    attach(draft, "甲")
    draft.file()
    known = names(files)
    with pytest.raises(AlreadySubmitted):
        attach(draft, "迟到")
    (late,) = names(files) - known

    sweep()
    on_the_day = files.exists(late)
    age(files)
    sweep()

    assert (on_the_day, files.exists(late)) == (True, False)


def test_an_orphan_that_comes_in_again_while_the_store_is_swept_stays(
    draft: Course, files: store.FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(draft, "甲")
    orphan = files.put(acts.sample("乙"))
    age(files)
    take_away = files.sweep

    def late(shelf: str, **told: Any) -> int:
        if orphan.startswith(shelf):
            attach(draft, "乙")  # every row has been read by now
        return take_away(shelf, **told)

    monkeypatch.setattr(files, "sweep", late)
    sweep()

    assert File.objects.filter(sha256=orphan).exists()
    assert files.exists(orphan)


def test_what_only_a_list_names_stays(draft: Course, files: store.FileStore) -> None:
    attach(draft, "甲")
    photo, answer = files.put(b"a photo"), files.put(b"an answer")
    case, moment = draft.case, clock.now()
    SiteVisit.objects.create(
        case=case,
        round=1,
        ground="always",
        ordered=moment,
        photos=[{"name": "厂房.jpg", "sha256": photo}],
    )
    Supplement.objects.create(
        case=case,
        number=1,
        asked=moment,
        by=demo.cast(case.district).officer,
        days=5,
        due=clock.today(),
        closed=moment,
        files=[{"name": "合同.pdf", "sha256": answer}],
    )
    age(files)

    sweep()

    assert files.exists(photo)
    assert files.exists(answer)


def test_every_list_of_files_of_the_house_is_known() -> None:
    lists = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, JSONField) and field.name in NAMED
    }

    assert lists == set(sweeping.LISTS)


def test_a_store_beside_another_database_is_left_alone(files: store.FileStore) -> None:
    stranger = files.put(b"of a house with a database of its own")
    age(files)

    sweep()

    assert files.exists(stranger)


def test_what_arrived_for_an_upload_that_is_gone_is_dropped(draft: Course) -> None:
    told = {"code": "authorisation", "name": "委托书.pdf", "size": 100, "sha256": ""}
    upload = uploading.begin(draft.case, **told, by=draft.clerk)
    strays = [uuid4() for _ in range(3)]
    for key in (upload.pk, *strays):
        staging.append(key, 0, b"the first piece")

    sweep()

    assert list(staging.keys()) == [upload.pk]
    assert Upload.objects.get().arrived == 15
