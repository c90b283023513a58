"""The on-site check on an ordinary day: two people go, take a photo, write down and sign."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from workflows import clock
from workflows.recording.driver import Drive
from workflows.stages import visits

SIZE = (960, 640)


def visit(drive: Drive, differences: Sequence[str] = ()) -> None:
    """The district and the agency find the place as it was stated, but for ``differences``."""
    first, second = drive.cast.district, drive.cast.agency
    visits.add_photo(drive.case, name="现场照片.png", data=photo(drive.case.reference), by=first)
    visits.record_visit(
        drive.case,
        visited_on=clock.today(),
        place=_place(drive),
        note="现场核查场地、设备、在岗人员和实训台账，与申报材料一致。",
        result="differences" if differences else "confirmed",
        differences=differences,
        second=second,
        by=first,
    )
    visits.sign_visit(drive.case, by=second)


def _place(drive: Drive) -> str:
    """Where the answers say it lies."""
    answers = drive.case.filed.answers
    return str(answers.get("site_address") or answers.get("address") or drive.case.applicant)


def photo(words: str) -> bytes:
    """A picture that stands for a photo of the place."""
    picture = Image.new("RGB", SIZE, "#dfe6e9")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 420, *SIZE), fill="#b2bec3")
    draw.rectangle((180, 180, 780, 460), fill="#74b9ff", outline="#2d3436", width=6)
    draw.polygon(((150, 180), (480, 60), (810, 180)), fill="#636e72")
    draw.text((200, 200), f"DEMO {words}", fill="#2d3436")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
