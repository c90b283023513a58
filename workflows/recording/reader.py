"""The shape of a file of recorded applications (organisations, rounds, applications)."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class BadRecording(Exception):
    """The file is not a file of recorded applications."""


class Shape(BaseModel):
    """Recordings may carry more than this house reads."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Organisation(Shape):
    """One organisation; the keys of the shared section are its profile."""

    org_name: str
    uscc: str
    org_kind: str = "enterprise"
    district_code: str = ""

    def profile(self) -> dict[str, Any]:
        """The answers of the shared section."""
        return self.model_dump(mode="json")


class Challenge(Shape):
    """A need that units may bid for; moments are days, both ends included."""

    number: str
    line: str
    title: str = ""
    need: str = ""
    owner: str = ""
    cap: Decimal | None = None  # 万元
    opens: date | None = None
    closes: date | None = None


class Round(Shape):
    """A call and its settings; moments are days, both ends included; money in 万元."""

    id: str
    programme: str
    title: str
    opens: date
    closes: date
    group: str = ""
    quota: int | None = None
    share_percent: int | None = None
    pass_mark: Decimal | None = None
    budgets: dict[str, Decimal] = {}
    contact: str = ""
    challenges: list[Challenge] = []
    tie_order: list[str] = []  # applications, as the conference puts equals in order

    def holds(self, day: date) -> bool:
        """Whether the call is open on ``day``."""
        return self.opens <= day <= self.closes


class Attachment(Shape):
    """Whether a paper was there at the first submission."""

    code: str
    file_name: str = ""
    provided: bool = True


class Sheet(Shape):
    """What one expert gave: a total, or points by item."""

    expert: str
    score: Decimal
    items: dict[str, Decimal] | None = None
    comment: str = ""
    cuts: dict[int, Decimal] = {}  # row of the budget, from 0 -> 万元 left of it


class Evaluation(Shape):
    """The agency and its panel."""

    agency: str = ""
    agency_uscc: str = ""
    panel: list[Sheet] = []
    withdrawn_after_scoring: list[str] = []
    findings: dict[str, dict[str, Any]] = {}  # indicator -> value, reason; without value: unproven


class Occurrence(Shape):
    """One entry of the timeline; further keys belong to the event."""

    day: date
    event: str

    def fact(self, *names: str, default: str = "") -> str:
        """The first of ``names`` the entry carries."""
        extra = self.model_extra or {}
        return next((str(extra[name]) for name in names if extra.get(name)), default)


class Application(Shape):
    """One recorded application and what must come out."""

    id: str
    programme: str
    procedure: str = ""  # where the programme has several and the form does not say which
    submitted_on: date
    form: dict[str, Any]
    attachments: list[Attachment] = []
    evaluation: Evaluation | None = None
    timeline: list[Occurrence] = []
    votes: dict[str, int] = {}
    until: str = ""  # a node of the flow to stop at
    lower_level: dict[str, Any] | list[dict[str, Any]] | None = None  # titles held before
    unconfirmed: list[str] = []  # partners, by name or code, that do not confirm
    expected: dict[str, Any] = {}


class Recording(Shape):
    """A whole file."""

    organisations: list[Organisation] = []
    rounds: list[Round] = []
    applications: list[Application] = Field(min_length=1)


def read(path: Path) -> Recording:
    """Read ``path``; raises ``BadRecording`` naming the place and the reason."""
    try:
        return Recording.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as unreadable:
        raise BadRecording(f"{path}: {unreadable}") from unreadable
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRecording(f"{path}: {place}: {first['msg']}") from wrong
