"""The programme as an application of the house; it has no tables."""

from django.apps import AppConfig


class BaseDesignationConfig(AppConfig):
    """Designation of collaborative education bases."""

    name = "workflows.programmes.base_designation"
    label = "base_designation"
