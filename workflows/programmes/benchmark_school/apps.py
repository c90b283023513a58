"""The programme as an application of the house; it has no tables."""

from django.apps import AppConfig


class BenchmarkSchoolConfig(AppConfig):
    """Recognition of benchmark schools."""

    name = "workflows.programmes.benchmark_school"
    label = "benchmark_school"
