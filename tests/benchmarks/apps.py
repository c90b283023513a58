"""The rivals of the benchmark as an application of their own."""

from django.apps import AppConfig


class BenchmarksConfig(AppConfig):
    """Tables that exist while the benchmark runs."""

    name = "tests.benchmarks"
    label = "benchmarks"
    default_auto_field = "django.db.models.BigAutoField"
