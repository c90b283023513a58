"""Settings of the processes the fault tests kill: as the suite's, with leases of seconds."""

from tests.settings import *  # noqa: F403 -- a settings module

HENG_LEASE_SECONDS = 3
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
