"""The programme as an application of the house; it has no tables."""

from django.apps import AppConfig


class ProjectFundingConfig(AppConfig):
    """Project funding."""

    name = "workflows.programmes.project_funding"
    label = "project_funding"
