"""A house of its own with one draft whose clerk is signed in; says on one line how to get there.

Run as ``python -m tests.faults.drafting`` with the environment of that house.
"""

import json
from datetime import datetime
from io import StringIO

import django

django.setup()

from django.conf import settings  # noqa: E402 -- needs the applications
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.views.applicant.drafts import begun  # noqa: E402
from workflows import clock, demo  # noqa: E402
from workflows.models import User  # noqa: E402

MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=clock.LOCAL)


def session(user: User) -> str:
    """The key of a session in which ``user`` is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    """Make the house, and say where its draft is."""
    for command in ("migrate", "load_working_days", "publish_editions"):
        call_command(command, stdout=StringIO())
    with clock.at(MONDAY):
        case = begun()
    told = {"reference": case.reference, "session": session(demo.clerk(case.applicant))}
    print(json.dumps(told))  # noqa: T201 -- the test reads it


if __name__ == "__main__":
    main()
