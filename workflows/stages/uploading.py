"""Uploads in pieces: begun, continued where they broke off, finished through the whole gate.

Nothing of the case changes before the last piece, so nothing is written to its trail until then.
"""

import hashlib
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext

from workflows import clock, jobs, staging, store
from workflows.errors import FileRefused, NotYetDue, PieceDamaged, StoreFull, UploadGone
from workflows.models import Case, File, Job, Upload, User
from workflows.stages import attaching, intake
from workflows.stages.law import verb

PIECE = 4 * 1024 * 1024  # bytes, the most that one request brings
STALE = timedelta(hours=48)  # without a piece
MOST_OPEN = 20  # uploads of one person in one case
OutOfPlace = staging.OutOfPlace


def begin(case: Case, *, code: str, name: str, size: int, sha256: str, by: User) -> Upload:
    """Open an upload, or give the one of the same file that broke off.

    ``sha256`` is the sender's own reckoning, empty if it has none; without it nothing says that
    a file is the same, so it begins anew. Raises ``FileRefused`` where the name, the size or the
    room already say no, before any byte is sent.
    """
    name = intake.expect(name, size)
    attaching.require_room(case.applicant, size)
    return _begin(case, code, name, size, sha256, by)


@verb
def _begin(case: Case, code: str, name: str, size: int, sha256: str, by: User) -> Upload:
    attaching.require_open(case, code, by=by)
    mine = Upload.objects.filter(case=case, by=by, file=None)
    same = mine.filter(code=code, name=name, size=size, sha256=sha256)
    if not sha256:
        for other in same:
            cancel(other)
    if not same.exists() and mine.count() >= MOST_OPEN:
        words = gettext("%(most)d uploads are open already; finish or cancel one first")
        raise FileRefused(reason=words % {"most": MOST_OPEN})
    moment = clock.now()
    upload, new = Upload.objects.get_or_create(
        case=case,
        code=code,
        name=name,
        size=size,
        sha256=sha256,
        by=by,
        file=None,
        defaults={"id": uuid4(), "begun": moment, "touched": moment},
    )
    if new:
        jobs.enqueue(
            "sweep_upload",
            key=f"sweep_upload:{upload.pk}",
            payload={"upload": str(upload.pk)},
            not_before=moment + STALE,
        )
    return upload


def add(upload: Upload, *, offset: int, data: bytes, sha256: str) -> File | None:
    """Add a piece; the last one takes the whole file in and gives it, attached.

    Raises ``PieceDamaged`` when ``sha256`` is not the piece's, ``OutOfPlace`` with the place where
    the next piece belongs, ``UploadGone``, and what ``attaching.attach`` raises. Sent again, the
    last piece gives the same file.
    """
    if upload.file is not None:
        return upload.file
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise PieceDamaged
    if offset + len(data) > upload.size:
        raise OutOfPlace(staging.length(upload.pk))
    arrived = _append(upload, offset, data)
    if not Upload.objects.filter(pk=upload.pk, file=None).update(touched=clock.now()):
        raise UploadGone
    return _finish(upload) if arrived == upload.size else None


def _append(upload: Upload, offset: int, data: bytes) -> int:
    try:
        return staging.append(upload.pk, offset, data)
    except store.StoreFull as full:
        raise StoreFull from full


def _finish(upload: Upload) -> File:
    """Take in what has arrived; a file that is refused leaves nothing to continue."""
    data = staging.read(upload.pk)
    try:
        if upload.sha256 and hashlib.sha256(data).hexdigest() != upload.sha256:
            words = gettext("“%(name)s” was damaged on its way; upload it again")
            raise FileRefused(reason=words % {"name": upload.name})
        file = attaching.attach(
            upload.case, code=upload.code, name=upload.name, data=data, by=upload.by
        )
    except FileRefused:
        cancel(upload)
        raise
    Upload.objects.filter(pk=upload.pk).update(file=file)
    staging.drop(upload.pk)
    return file


def cancel(upload: Upload) -> None:
    """Forget an upload that is not finished."""
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk, file=None).delete()
        staging.drop(upload.pk)


@jobs.handler("sweep_upload")
def sweep(job: Job, made: None) -> None:
    """Forget an upload that nobody has continued for two days, and what came of one that is done.

    Raises ``NotYetDue`` while pieces still come.
    """
    upload = Upload.objects.filter(pk=job.payload["upload"]).first()
    if upload is None:
        return
    stale = upload.touched + STALE
    if upload.file_id is None and stale > clock.now():
        raise NotYetDue(not_before=stale)
    staging.drop(upload.pk)
    upload.delete()
