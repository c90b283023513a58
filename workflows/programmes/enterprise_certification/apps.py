"""The programme as an application of the house; it has no tables."""

from django.apps import AppConfig


class EnterpriseCertificationConfig(AppConfig):
    """Enterprise certification."""

    name = "workflows.programmes.enterprise_certification"
    label = "enterprise_certification"
