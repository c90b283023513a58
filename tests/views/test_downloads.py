"""Files on their way out: gone, altered, or sent so that no browser runs anything of them."""

from pathlib import Path

import pytest
from django.http import Http404

from workflows import store
from workflows.errors import FileDamaged
from workflows.views.downloads import download


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> store.FileStore:
    """A store of its own."""
    own = store.FileStore(tmp_path)
    monkeypatch.setattr(store, "store", lambda: own)
    return own


def test_a_file_leaves_as_a_download_that_runs_nothing(kept: store.FileStore) -> None:
    sent = download(kept.put(b"<script>"), "证明.html")

    assert sent.content == b"<script>"
    assert sent["Content-Type"] == "application/octet-stream"
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sent["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_gone_is_not_there(kept: store.FileStore) -> None:
    with pytest.raises(Http404):
        download("0" * 64, "证明.pdf")


def test_a_file_that_was_altered_is_not_sent(kept: store.FileStore) -> None:
    sha256 = kept.put(b"as it was")
    place = kept.path(sha256)
    place.chmod(0o600)
    place.write_bytes(b"as somebody wants it")

    with pytest.raises(FileDamaged):
        download(sha256, "证明.pdf")
