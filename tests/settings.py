"""Settings of the suite: the product's own, in a folder of their own, in demonstration mode."""

import os
import tempfile

os.environ.setdefault("HENG_VAR", tempfile.mkdtemp(prefix="heng-test-"))
os.environ.setdefault("HENG_DEMO", "1")
os.environ.setdefault("SECRET_KEY", "tests-only-key-that-guards-nothing-and-is-long-enough")

from project.settings import *  # noqa: F403 -- the environment above must be set first

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # speed; production uses argon2
# each process of the suite counts visitors by itself: they all come from one address
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
HENG_UNDO_SECONDS = 0  # a press counts at once; what tests taking back says otherwise
