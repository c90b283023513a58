"""The typed shape of an edition: one published version of a programme's rules.

An edition is data: authored as TOML in the programme's folder, frozen when it is published, and
kept by every case that began with it. docs/programmes.md explains every key. Whether an edition
that has the right shape also makes sense is asked in edition_check.py.

A default in this file may be added but never changed: published editions leave defaults out.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field as Member,
)
from pydantic import (
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from forms.schema import Cel, Code, Form, Shape, Text
from workflows.aftercare import Aftercare
from workflows.edition_source import Key, Source
from workflows.procedure import Procedure, Sourced, TypeCode
from workflows.self_check import SelfCheck

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{1,2}$")]  # "C1", "E13"

# What the office may know about an applicant, and what a rule sees when nothing is known.
RECORD: Mapping[str, object] = {
    "pool_active": False,  # an entry of the pool is in force
    "pool_no": "",
    "pool_entered_on": "",  # ISO date
    "certified": False,  # a certificate of this programme is in force
    "open_case": "",  # reference of another open case of the same procedure
    "banned_until": "",  # ISO date, the last day of the ban
    "banned_units": [],  # credit codes of everybody who is barred from the programme today
    "titles": [],  # in force: {"number", "kind", "since", "grade", "answers"}; see Grant.registers
    "reports_published": [],  # years of the annual reports filed with the office
    "state_owned": False,  # by the state-assets register
}


class Setting(Sourced):
    """One figure the office may set; a number with a point is kept as text ("1.5")."""

    value: StrictBool | StrictInt | str
    unit: str = ""

    def plain(self) -> bool | int | Decimal | str:
        """Give the value as rules use it: "1.5" is the Decimal 1.5, "31" stays text."""
        whole, point, part = str(self.value).lstrip("-").partition(".")
        is_number = isinstance(self.value, str) and point and whole.isdigit() and part.isdigit()
        return Decimal(str(self.value)) if is_number else self.value


class Issuer(Shape):
    """Who decides and signs."""

    name: Text
    short: Text
    uscc: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")]
    certificate_type: TypeCode
    bodies: tuple[Text, ...] = Member(min_length=1)


class Condition(Sourced):
    """One of the conditions of which a number must be met."""

    code: Reference
    met: Cel


class Rule(Sourced):
    """One rule of eligibility; `sentence` is what the applicant reads when it does not hold."""

    code: Reference
    holds: Cel
    effect: Literal["block", "warning", "note"]
    sentence: Text
    procedures: tuple[Code, ...] = ()
    overridable: bool = False

    def governs(self, procedure: str) -> bool:
        """Say whether the rule belongs to `procedure`; a rule that names none belongs to all."""
        return not self.procedures or procedure in self.procedures


class Sample(Shape):
    """Answers every rule is tried on when the edition is published, and what must come out."""

    name: str
    procedure: Code
    today: date
    answers: dict[str, Any]
    record: dict[str, Any] = Member(default_factory=dict)
    expect: dict[str, Any]


class Edition(Shape):
    """One version of everything a programme asks, decides and issues."""

    programme: Code
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}\.[0-9]+$")]
    title: Text
    basis: tuple[Sourced, ...] = Member(min_length=1)
    valid_from: date
    issuer: Issuer
    settings: dict[Code, Setting] = Member(default_factory=dict)
    form: Form
    conditions: tuple[Condition, ...] = ()
    eligibility: tuple[Rule, ...] = ()
    self_check: SelfCheck | None = None
    procedures: dict[Code, Procedure] = Member(min_length=1)
    aftercare: Aftercare = Aftercare()
    samples: tuple[Sample, ...] = Member(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _share(cls, data: Any) -> Any:
        """Give every procedure what stands under `shared`; its own words win."""
        if not isinstance(data, Mapping) or "shared" not in data:
            return data
        rest = {key: value for key, value in data.items() if key != "shared"}
        procedures = rest.get("procedures", {})
        return rest | {
            "procedures": {code: _merged(data["shared"], own) for code, own in procedures.items()}
        }

    @property
    def rule(self) -> dict[str, bool | int | Decimal | str]:
        """Give the settings as the expressions see them, under the name `rule`."""
        return {code: setting.plain() for code, setting in self.settings.items()}

    def rules(self, procedure: str) -> list[Rule]:
        """Give the rules of eligibility of `procedure`, in order."""
        return [rule for rule in self.eligibility if rule.governs(procedure)]

    def label(self, code: str) -> str:
        """Give the official Chinese name of a question or a paper; else that of the whole file."""
        names = {field.code: field.zh for field in self.form.fields()}
        papers = {paper.code: paper.zh for paper in self.form.attachments}
        return (names | papers).get(code, "申报材料")


@dataclass(frozen=True)
class Change:
    """One value that differs between two editions; None where one of them has no such key."""

    key: str
    before: object
    after: object


def load(path: Path) -> Edition:
    """Read an edition from TOML; raises EditionError naming file, line, key and reason."""
    return shaped(Source(path))


def shaped(source: Source) -> Edition:
    """Give the edition `source` holds; raises EditionError for the first thing of a wrong shape."""
    try:
        return Edition.model_validate(source.data)
    except ValidationError as error:
        first = error.errors()[0]
        key = written(source, first["loc"])
        reason = {"missing": "is missing", "extra_forbidden": "is not a key known here"}
        raise source.error(key, reason.get(first["type"], first["msg"])) from error


def written(source: Source, key: Key) -> Key:
    """Give the key under which the author wrote `key`: a procedure's may stand under `shared`."""
    shared: Key = ("shared", *key[2:])
    if key[:1] == ("procedures",) and len(key) > 2 and source.depth(shared) > source.depth(key) - 1:
        return shared
    return key


def canonical(edition: Edition) -> str:
    """Give the one text of an edition: sorted JSON without spaces and without defaults."""
    data = edition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(edition: Edition) -> str:
    """Give the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(edition).encode()).hexdigest()


def compare(before: Edition, after: Edition) -> list[Change]:
    """Give every value that differs, in the order of its key."""
    old, new = (dict(_leaves(json.loads(canonical(edition)))) for edition in (before, after))
    return [
        Change(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _merged(shared: Any, own: Any) -> Any:
    """Give `shared` overlaid by `own`, table by table; a list is replaced whole."""
    if not (isinstance(shared, Mapping) and isinstance(own, Mapping)):
        return own
    return {**shared, **own} | {key: _merged(shared[key], own[key]) for key in shared.keys() & own}


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value with its dotted key; an element of a list goes by its code."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            names = inner if isinstance(inner, dict) else {}
            yield from _leaves(inner, f"{key}.{names.get('code', names.get('name', index))}")
    else:
        yield key, value
