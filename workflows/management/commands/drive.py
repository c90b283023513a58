"""Carry recorded applications through the real stage verbs and compare with what they expect."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflows.recording import house, reader, table


class Command(BaseCommand):
    """``manage.py drive FILE.json [--json]``; exits 1 when a result differs from the expected."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the form of the report."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Drive, report, and say plainly what differs."""
        say = self.stderr.write if options["json"] else self.stdout.write
        try:
            results = house.carry(reader.read(options["file"]), say)
        except reader.BadRecording as wrong:
            raise CommandError(str(wrong)) from wrong
        if options["json"]:
            summary = {"applications": [each.as_data() for each in results]}
            self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(table.of(results))
        if different := [each.id for each in results if not each.agrees]:
            raise CommandError(f"not as expected: {', '.join(different)}")
