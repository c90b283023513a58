"""The rivals of a benchmark as an application of their own."""

from django.apps import AppConfig


class BenchmarksConfig(AppConfig):
    """Tables that only a benchmark has; they have no migrations."""

    name = "tests.benchmarks"
    label = "benchmarks"
    default_auto_field = "django.db.models.BigAutoField"
