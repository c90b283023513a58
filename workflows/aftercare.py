"""The typed shape of everything after the award: duties, benefits, and how a title is taken away.

A default in this file may be added but never changed: published editions leave defaults out.
"""

from typing import Annotated

from pydantic import Field as Member
from pydantic import StringConstraints

from forms.schema import Code, Sentence, Shape
from workflows.procedure import Item, Limit, Sourced, Vote


class Duty(Sourced):
    """What the holder owes after the award; day counts are calendar days."""

    code: Code
    owed_by: tuple[Code, ...] = ("pool_entry", "certificate")
    due: Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-[0-3][0-9]$")] | None = None
    within_months: int | None = None
    every_years: int | None = None
    warn_after: int | None = None
    pause_after: int | None = None
    revoke_after_missed: int | None = None


class Revocation(Shape):
    """When and how a title is taken away."""

    grounds: tuple[Item, ...] = Member(min_length=1)
    steps: tuple[Item, ...] = Member(min_length=1)
    statement: Limit
    vote: Vote
    ban_years: int = Member(ge=0)
    source: Sentence


class Aftercare(Shape):
    """Everything after the award."""

    duties: tuple[Duty, ...] = ()
    benefits: tuple[Item, ...] = ()
    revocation: Revocation | None = None
