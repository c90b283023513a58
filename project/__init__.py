"""Django's wiring; no thought happens here."""

from project.celery import app as celery_app

__all__ = ["celery_app"]
