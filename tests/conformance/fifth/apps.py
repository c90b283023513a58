"""The programme as an application of the house; it has no tables."""

from django.apps import AppConfig


class OpenCoursesConfig(AppConfig):
    """Open courses."""

    name = "open_courses"
    label = "open_courses"
