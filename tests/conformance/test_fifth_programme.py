"""A fifth programme: a folder, one line of settings, nothing else; and it issues a signed paper."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workflows.documents import verification
from workflows.documents.signing import DevelopmentSigner

ROOT = Path(__file__).resolve().parents[2]
PARTS = Path(__file__).parent / "fifth"
APPLICATION = {
    "id": "P5-001",
    "programme": "P5",
    "submitted_on": "2026-09-07",
    "form": {
        "org_name": "上海滨江工程职业技术学院",
        "uscc": "12310000MBYY2B012K",
        "org_kind": "higher_vocational",
        "district_code": "310000",
        "course_name": "集成电路装备维护",
        "hours": 32,
    },
    "expected": {"eligible": True, "decision": "recognised", "completeness_due": "2026-09-14"},
}


COMMANDS = """
import sys
import django
from django.core.management import call_command
django.setup()
call_command("makemigrations", "open_courses", check_changes=True, dry_run=True, stdout=sys.stderr)
call_command("migrate", verbosity=0)
call_command("load_working_days", stdout=sys.stderr)
call_command("publish_editions", stdout=sys.stderr)
call_command("drive", sys.argv[1], json=True)
"""


def drive_in_a_house_of_its_own(folder: Path, recording: Path) -> dict[str, Any]:
    """Carry ``recording`` in a process and a database of its own; what ``drive --json`` prints."""
    own = {
        "HENG_PROGRAMMES": "open_courses",
        "HENG_VAR": str(folder / "var"),
        "HENG_DEMO": "1",
        "SECRET_KEY": "a-key-that-guards-nothing-and-is-long-enough-for-a-test",
        "DATABASE_URL": "sqlite:///own.sqlite3",
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, str(recording)],
        cwd=folder,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.once
def test_a_fifth_programme_needs_a_folder_and_a_line_and_issues_a_signed_paper(tmp_path):
    built = tmp_path / "open_courses"
    shutil.copytree(PARTS, built, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "var").mkdir()
    recording = tmp_path / "recording.json"
    recording.write_text(json.dumps({"applications": [APPLICATION]}), encoding="utf-8")

    (result,) = drive_in_a_house_of_its_own(tmp_path, recording)["applications"]

    signer = DevelopmentSigner(tmp_path / "var" / "ca")
    certificate = next(Path(path) for path in result["pdfs"] if "certificate" in path)
    verdict = verification.verify(
        certificate.read_bytes(), roots=signer.roots, revocations=signer.revocations
    )
    assert (result["state"], result["actual"]["decision"]) == ("granted", "recognised")
    assert verdict.valid, verdict.problems
