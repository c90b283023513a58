"""The typed shape of choosing among many: checked figures, marks of a group, places, money.

A procedure that weighs every case by itself has none of these keys.

A default in this file may be added but never changed: published editions leave defaults out.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field as Member
from pydantic import StringConstraints, model_validator

from forms.schema import Cel, Code, Sentence, Shape, Text

Points = Annotated[Decimal, Member(ge=0, le=100, decimal_places=2)]
Wan = Annotated[Decimal, Member(ge=0, decimal_places=2)]  # an amount in 万元
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]  # "I24"


class Named(Text):
    """A group, a line of money, an indicator: what has a code and a name."""

    code: Code


class Unique(Text):
    """A value that may occur once in a round: over all applicants (X3), or for each lead (B13).

    Without a `column` the answer itself is meant.
    """

    field: Code
    column: Code | None = None
    within: Literal["round", "lead"] = "round"
    source: Sentence

    @property
    def code(self) -> str:
        """Give the place of the value in the form, "c5_investments.voucher_no"."""
        return f"{self.field}.{self.column}" if self.column else self.field


class Traits(Shape):
    """Where the form holds what tells one project from another, under whatever name (X2)."""

    name: Code
    site: Code
    source: Sentence


class Joint(Shape):
    """Partners who apply together: each confirms through its own account before submission.

    `field` is the table of partners with the columns org_name, uscc and role; lead and partners
    together hold every role of `needs`; `lead` gives the lead's own role.
    """

    field: Code
    lead: Cel
    needs: tuple[Code, ...] = Member(min_length=1)
    replacement_days: int = Member(60, ge=1)  # calendar days to find a substitute (X36)
    source: Sentence


class Verification(Shape):
    """Every figure is checked against its evidence by `size` people before it counts."""

    field: Code
    size: int = Member(2, ge=2)
    planned_days: int = Member(20, ge=1)
    silence: Literal["confirmed", "wait"]  # what an applicant's silence means
    source: Sentence


class Indicator(Text):
    """One figure of an index; the best of the group earns the whole weight."""

    code: Reference
    level1: Code
    level2: Text
    unit: str = ""
    weight: Points
    kind: Literal["yes_no", "percent", "count", "amount"]
    exceeds: bool = False  # a percentage that may be more than 100
    evidence: Text
    source: Sentence


class Index(Shape):
    """An index of figures, weighed within a group (domain 3.2).

    `field` is the table of figures with the columns id, value and not_applicable.
    """

    field: Code
    levels: tuple[Named, ...] = Member(min_length=1)
    indicators: tuple[Indicator, ...] = Member(min_length=1)
    outlier: Decimal = Decimal(3)  # times the second best: such a figure is checked on site
    source: Sentence

    @property
    def weights(self) -> dict[str, Decimal]:
        """Give the weight of every indicator."""
        return {one.code: one.weight for one in self.indicators}

    @model_validator(mode="after")
    def _whole(self) -> "Index":
        total = sum(self.weights.values(), Decimal(0))
        if total != 100:
            raise ValueError(f"the weights of the indicators sum to {total}, not to 100")
        return self


class Tie(Text):
    """What puts one of two equal marks first.

    The higher sum of `criteria`, of an index `level`, or of an expression over the answers.
    """

    criteria: tuple[Code, ...] = ()
    level: Code | None = None
    value: Cel | None = None

    @model_validator(mode="after")
    def _one(self) -> "Tie":
        if sum(map(bool, (self.criteria, self.level, self.value))) != 1:
            raise ValueError("a tie is broken by criteria, by a level or by a value: name one")
        return self


class Selection(Shape):
    """How the cases of one round are put in order and cut.

    `group` gives the code of the group a case is ranked in; an empty text means it is not ranked.
    The round's own quota, share and pass mark win over these.
    """

    by: Literal["mark", "index"]
    group: Cel
    groups: tuple[Named, ...] = Member(min_length=1)
    minimum: int = Member(1, ge=1)  # participants below which nothing is ranked
    pass_mark: Points
    share_percent: int = Member(100, ge=1, le=100)
    quota: int | None = None
    ties: tuple[Tie, ...] = ()
    reading: bool = False  # a panel reads the candidates within the quota after the ranking
    source: Sentence


class Line(Named):
    """One kind of project money; the round gives each its budget."""

    source: Sentence


class Tranche(Shape):
    """One part of the payment and what sets it free."""

    percent: int = Member(ge=1, le=100)
    trigger: Text


class Funding(Shape):
    """Money for projects: where the form holds what, and how it is capped and paid.

    `cap` is the most one project may get, `share_percent` the most of its budget. The experts may
    lower every row of `table` that the office pays.
    """

    name: Code
    line: Code
    request: Code
    total: Code
    table: Code  # rows with the columns category, item, source, year, amount
    public: str = "fiscal"  # the value of the column `source` that the office pays
    goals: Code
    milestones: Code
    challenge: Code | None = None  # the answer naming the challenge (榜单) a bid is for
    starts_on: Code
    ends_on: Code
    cap: Cel  # money
    share_percent: Cel
    lines: tuple[Line, ...] = Member(min_length=1)
    tranches: tuple[Tranche, ...] = Member(min_length=1)
    conditions: tuple[Text, ...] = ()
    offer_days: int = Member(5, ge=1)  # working days to answer a smaller amount
    large_from: Wan | None = None  # a request from which the panel is larger
    large_size: int | None = None
    source: Sentence

    @model_validator(mode="after")
    def _whole(self) -> "Funding":
        if (total := sum(one.percent for one in self.tranches)) != 100:
            raise ValueError(f"the tranches sum to {total} %, not to 100 %")
        return self


class Visit(Shape):
    """The on-site check: which files are visited, and by how many people (行政许可法 34)."""

    always: Cel | None = None
    sample_percent: int = Member(20, ge=0, le=100)
    near: Points = Decimal(3)
    people: int = Member(2, ge=2)
    planned_days: int = Member(10, ge=1)
    source: Sentence


class TaskBook(Shape):
    """The task book (任务书) that every party signs before the grant takes effect."""

    duties: tuple[Text, ...] = Member(min_length=1)
    source: Sentence
