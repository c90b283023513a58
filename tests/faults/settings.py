"""Settings of the processes the fault tests kill: as the suite's, with leases of seconds."""

import os

from tests.settings import *  # noqa: F403 -- a settings module

HENG_LEASE_SECONDS = 3
HENG_UNDO_SECONDS = int(os.environ.get("HENG_UNDO_SECONDS", "0"))  # as those of the suite
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
