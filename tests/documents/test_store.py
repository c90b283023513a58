import errno
import hashlib
import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from workflows import store
from workflows.store import FileStore, StoreDamaged, StoreFull


@pytest.fixture
def files(tmp_path):
    return FileStore(tmp_path / "objects")


def everything(files):
    found = (path for path in files.directory.rglob("*") if path.name != store.LOCK)
    return sorted(path for path in found if path.is_file())


def test_what_was_put_comes_back_under_the_hash_of_its_content(files):
    sha256 = files.put(b"a paper")

    assert sha256 == hashlib.sha256(b"a paper").hexdigest()
    assert files.get(sha256) == b"a paper"
    assert files.exists(sha256)
    assert files.path(sha256) == files.directory / sha256[:2] / sha256[2:4] / sha256


def test_the_same_content_is_stored_once(files):
    first = files.put(b"a paper")
    before = files.path(first).stat()

    assert files.put(b"a paper") == first
    assert files.path(first).stat().st_ino == before.st_ino
    assert len(everything(files)) == 1


def test_stored_files_cannot_be_written(files):
    path = files.path(files.put(b"a paper"))

    assert path.stat().st_mode & 0o777 == 0o400


def test_what_is_absent_is_a_key_error(files):
    absent = hashlib.sha256(b"never put").hexdigest()

    assert not files.exists(absent)
    for ask in (files.get, files.path):
        with pytest.raises(KeyError):
            ask(absent)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_that_is_no_hash_leads_nowhere(files, name):
    with pytest.raises(KeyError):
        files.exists(name)


def test_an_altered_file_is_noticed(files):
    sha256 = files.put(b"a paper")
    path = files.path(sha256)
    path.chmod(0o600)
    path.write_bytes(b"another paper")

    with pytest.raises(StoreDamaged):
        files.get(sha256)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["write", "fsync"])
def test_a_full_disk_is_one_clear_error_and_leaves_nothing(files, monkeypatch, number, step):
    def full(*arguments):
        raise OSError(number, os.strerror(number))

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(os, "fchmod", full)
    files.directory.mkdir()

    with pytest.raises(StoreFull):
        files.put(b"a paper")

    monkeypatch.undo()
    assert everything(files) == []
    assert files.get(files.put(b"a paper")) == b"a paper"


def test_another_failure_keeps_its_own_name(files, monkeypatch):
    def broken(*arguments):
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", broken)

    with pytest.raises(OSError, match="input/output"):
        files.put(b"a paper")


FILL = """
import resource, sys
from pathlib import Path
from workflows.store import FileStore, StoreFull
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
files = FileStore(Path(sys.argv[1]))
small = files.put(b"s" * 10_000)
try:
    files.put(b"l" * 40_000)
except StoreFull:
    print(small)
"""


def test_a_process_that_may_not_write_more_keeps_what_it_had(files):
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY

    done = subprocess.run(
        [sys.executable, "-c", FILL, str(files.directory)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )

    small = done.stdout.strip()
    assert everything(files) == [files.path(small)]
    assert files.get(small) == b"s" * 10_000


# --- sweeping -----------------------------------------------------------------------------------
DAY = timedelta(days=1)


def aged(path, hours):
    """Let a file be as old as if it had been put that long ago."""
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))
    return path


def test_what_nobody_wants_goes_once_it_is_a_day_old(files):
    young, old, wanted = (files.put(data) for data in (b"young", b"old", b"wanted"))
    aged(files.path(young), 23)
    for each in (old, wanted):
        aged(files.path(each), 25)

    gone = files.sweep("", wanted={wanted}, age=DAY)

    assert gone == 1
    assert everything(files) == sorted(files.path(each) for each in (young, wanted))


def test_one_shelf_is_swept_at_a_time(files):
    names = sorted(files.put(bytes([number])) for number in range(40))
    for each in names:
        aged(files.path(each), 25)
    shelf = [name for name in names if name.startswith("a")]

    assert files.sweep("a", wanted=set(), age=DAY) == len(shelf) > 0
    assert [name for name in names if not files.exists(name)] == shelf


def test_a_file_that_was_never_finished_goes_too(files):
    kept = files.put(b"a paper")
    begun = files.path(kept).with_name("new-abc")
    begun.write_bytes(b"a pa")

    assert files.sweep("", wanted={kept}, age=DAY) == 0
    aged(begun, 25)
    assert files.sweep("", wanted={kept}, age=DAY) == 1
    assert everything(files) == [files.path(kept)]


def test_a_file_put_again_is_young(files):
    sha256 = files.put(b"a paper")
    aged(files.path(sha256), 25)

    files.put(b"a paper")

    assert files.sweep("", wanted=set(), age=DAY) == 0
    assert files.get(sha256) == b"a paper"


def test_a_file_that_is_being_put_again_is_not_swept_away_under_its_writer(files, monkeypatch):
    sha256 = files.put(b"a paper")
    aged(files.path(sha256), 25)
    found, go_on = Event(), Event()
    look = files._is_whole

    def slowly(target, data):
        whole = look(target, data)
        found.set()
        assert go_on.wait(10)
        return whole

    monkeypatch.setattr(files, "_is_whole", slowly)
    with ThreadPoolExecutor(2) as pool:
        putting = pool.submit(files.put, b"a paper")
        assert found.wait(10)  # the writer relies on the file that lies there
        sweeping = pool.submit(files.sweep, "", wanted=set(), age=DAY)
        with pytest.raises(TimeoutError):
            sweeping.result(0.3)
        go_on.set()

    assert (putting.result(), sweeping.result()) == (sha256, 0)
    assert files.get(sha256) == b"a paper"


def test_a_folder_that_is_not_there_yet_has_nothing_to_sweep(files):
    assert files.sweep("", wanted=set(), age=DAY) == 0


def test_the_store_is_a_setting(settings, tmp_path):
    settings.HENG_STORE = {
        "BACKEND": "workflows.store.FileStore",
        "OPTIONS": {"directory": tmp_path},
    }
    store.store.cache_clear()

    assert store.store().directory == tmp_path

    store.store.cache_clear()
