"""What is done and read in these tests."""

import io
import json
from datetime import date

from PIL import Image

from tests.stages.test_evaluation import mark
from workflows import clock
from workflows.models import Certificate, Event, SiteVisit
from workflows.stages import visits

BASE = "P2-001"


def marked(course, total: object) -> None:
    """Take the case to its panel, and let every sheet give ``total``."""
    course.to("sheet")
    for seat in course.seats:
        mark(course, seat, total)


def visit(course) -> SiteVisit:
    return SiteVisit.objects.get(case=course.case)


def facts(course, kind: str) -> dict[str, object]:
    """What the newest entry of a kind says."""
    event = Event.objects.filter(case=course.case, kind=kind).latest("seq")
    return json.loads(event.body)["facts"]


def picture(colour: str = "white", kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, kind)
    return written.getvalue()


def photographed(course, by=None) -> None:
    visits.add_photo(course.case, name="现场.png", data=picture(), by=by or course.cast.officer)


def record(course, **changes: object) -> SiteVisit:
    """The officer records an ordinary visit with the district; changes win."""
    written = {
        "visited_on": clock.today(),
        "place": "示例市示例区示例东路3300号2号厂房",
        "note": "与负责人核对场地、设备和台账。",
        "result": "confirmed",
        "differences": [],
        "second": course.cast.district,
        "by": course.cast.officer,
    }
    return visits.record_visit(course.case, **{**written, **changes})


def held(course) -> Certificate:
    """A base of the same kind and site, two years old, graded well."""
    form = course.drive.application.form
    kept = ("base_name", "base_kind", "site_address")
    return Certificate.objects.create(
        holder=course.case.applicant,
        holder_name=course.case.applicant.name,
        programme_key="base_designation",
        kind="designation",
        title="产教融合协同育人基地",
        number="CJRH-JD-310112-2024-0001",
        valid_from=date(2024, 9, 1),
        valid_to=date(2027, 8, 31),
        facts={
            "grade": "good",
            "answers": {key: form[key] for key in kept} | {"level": "standard"},
        },
        registered=clock.now(),
    )
