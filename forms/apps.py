"""The Django app of the forms."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Forms under a label of their own, for django.forms owns "forms"."""

    name = "forms"
    label = "application_forms"
