"""The suite's settings with the stock engine's tables beside ours."""

from tests.settings import *  # noqa: F403 -- the suite's own, plus one application

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks"]  # noqa: F405 -- from the suite's settings
