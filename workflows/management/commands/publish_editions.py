"""Publish the editions of the programmes' folders; the same content twice changes nothing."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from workflows import audit, clock, edition, edition_check, programme
from workflows.edition_source import EditionError
from workflows.models import Edition
from workflows.programme import Programme


class Command(BaseCommand):
    """``manage.py publish_editions [PROGRAMME ...]``."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the programmes to publish; all of them unless told."""
        parser.add_argument("programmes", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and store each edition; the first wrong line stops the command."""
        wanted = options["programmes"] or [each.key for each in programme.all_()]
        for key in wanted:
            kind = programme.get(key)
            try:
                new = publish(kind)
            except EditionError as wrong:
                raise CommandError(str(wrong)) from wrong
            self.stdout.write(f"{kind.key}: {'published' if new else 'unchanged'}")


@transaction.atomic
def publish(kind: Programme) -> bool:
    """Store the programme's edition if its content is new; say whether it was.

    Raises ``EditionError`` naming line, key and reason; a version that was published with other
    content is refused, since running cases keep it.
    """
    shape = edition_check.publishable(kind.edition_path)
    digest = edition.digest(shape)
    if Edition.objects.filter(digest=digest).exists():
        return False
    if Edition.objects.filter(programme=kind.key, version=shape.version).exists():
        raise EditionError(
            kind.edition_path,
            1,
            "version",
            f"version {shape.version} was published with other content; give a new version",
        )
    Edition.objects.create(
        programme=kind.key,
        version=shape.version,
        digest=digest,
        content=edition.canonical(shape),
        published=clock.now(),
    )
    audit.record_system(
        "editions", "published", by=None, programme=kind.key, version=shape.version, digest=digest
    )
    return True
