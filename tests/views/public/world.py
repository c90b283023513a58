"""One world for all tests of a module: carrying a case through the law takes seconds.

Every test still runs in a transaction of its own inside the module's, so none sees what another
one did.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from tests.conftest import MONDAY, published, recording
from workflows import working_days
from workflows.documents import authority
from workflows.models import Case, Edition
from workflows.recording import house
from workflows.recording.reader import Application, Recording


@contextmanager
def world(blocker: Any) -> Iterator[None]:
    """An office at work for as long as the module's tests run; then it never was."""
    with blocker.unblock(), transaction.atomic():
        authority.make(settings.HENG_SIGNER["OPTIONS"]["directory"])
        call_command("load_working_days", verbosity=0)
        working_days.forget()
        for key, (version, digest, content) in published().items():
            Edition.objects.get_or_create(
                digest=digest,
                defaults={
                    "programme": key,
                    "version": version,
                    "content": content,
                    "published": MONDAY,
                },
            )
        yield
        transaction.set_rollback(True)


def carried(name: str, until: str = "", **changes: Any) -> Case:
    """Carry a recorded application through the real verbs, ``until`` a step waits."""
    known = next(each for each in recording().applications if each.id == name)
    data = {**known.model_dump(mode="json"), **changes, "expected": {}}
    whole = recording().model_copy(update={"applications": [Application.model_validate(data)]})
    (result,) = house.carry(Recording.model_validate(whole), lambda words: None, until=until)
    return Case.objects.select_related("edition", "applicant").get(reference=result.case)
