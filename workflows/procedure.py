"""The typed shape of a procedure: one way through the law, as an edition describes it.

Limits, departments, evaluation, vote, notice, grant and papers; what follows is in aftercare.py.

A default in this file may be added but never changed: published editions leave defaults out.
"""

import string
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, StringConstraints
from pydantic import Field as Member

from forms.schema import Cel, Code, Sentence, Shape, Text
from workflows.selection import (
    Funding,
    Index,
    Joint,
    Selection,
    TaskBook,
    Traits,
    Unique,
    Verification,
    Visit,
)

Share = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?/[1-9][0-9]?$")]  # "2/3"
TypeCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}[0-9]{3}$")]
Points = Annotated[Decimal, Member(ge=0, le=100, decimal_places=2)]
Unit = Literal["working", "calendar"]
Step = Literal["completeness", "review", "evaluation"]
Outcome = Literal[
    "entered_pool", "certified", "continue_cultivation", "designated", "recognised", "funded",
    "registered", "refused", "not_designated", "not_recognised",
]  # fmt: skip

LIMITS = (
    "completeness", "correction", "district_review", "department_opinion", "department_review",
    "evaluation", "proposal", "deliberation", "notice", "objection", "signing", "delivery",
    "reconsideration",
)  # fmt: skip

# The placeholders a letter may use: those of every letter, then those of its kind. `number` is the
# number of the paper itself, `title_number` that of the title it is about.
EVERY_LETTER = frozenset(
    {
        "applicant", "uscc", "case", "procedure", "submitted_on", "today",
        "office", "issuer", "remedies", "supervision",
    }
)  # fmt: skip
LETTERS: Mapping[str, frozenset[str]] = {
    "receipt": frozenset({"days", "due_on"}),
    "acceptance_notice": frozenset({"accepted_on", "days", "extension", "due_on"}),
    "correction_notice": frozenset({"days", "due_on"}),
    "refusal_of_acceptance": frozenset(),
    "special_procedure_notice": frozenset({"days", "due_on"}),
    "supplement_notice": frozenset({"days", "due_on"}),
    "extension_notice": frozenset({"extension", "due_on"}),
    "intended_refusal": frozenset({"accepted_on", "days", "due_on"}),
    "decision_granted": frozenset(
        {"accepted_on", "conditions", "score", "meeting", "notice_from", "notice_to", "number"}
    ),
    "decision_continued": frozenset({"accepted_on", "score", "meeting", "number"}),
    "decision_refused": frozenset({"accepted_on", "number"}),
    "pool_notice": frozenset({"number", "entered_on", "earliest_on", "decision_number"}),
    "certificate": frozenset(
        {"number", "level", "granted_on", "valid_from", "valid_to", "decision_number"}
    ),
    "designation": frozenset(
        {
            "number",
            "level",
            "granted_on",
            "valid_from",
            "valid_to",
            "decision_number",
            "base_name",
            "base_kind",
            "partners",
            "agreement_no",
        }
    ),
    "recognition": frozenset(
        {"number", "level", "granted_on", "valid_from", "valid_to", "decision_number", "group"}
    ),
    "marks_letter": frozenset({"group", "score", "participants"}),
    "approval": frozenset(
        {
            "number",
            "granted_on",
            "decision_number",
            "project_name",
            "line",
            "amount",
            "starts_on",
            "ends_on",
            "partners",
        }
    ),
    "task_book": frozenset(
        {"number", "project_name", "line", "amount", "starts_on", "ends_on", "partners"}
    ),
    "decision_registered": frozenset({"accepted_on", "score", "meeting", "number", "line"}),
    "revocation_warning": frozenset({"title_number", "days", "due_on"}),
    "revocation_decision": frozenset({"number", "title_number", "meeting", "banned_until"}),
}
# The letter that shows what a grant of each kind gives.
RESULT: Mapping[str, str] = {
    "pool_entry": "pool_notice",
    "certificate": "certificate",
    "designation": "designation",
    "recognition": "recognition",
    "project": "approval",
}
# The placeholders of a public notice and of the numbers of papers.
NOTICE = frozenset({"procedure", "office", "issuer", "notice_from", "notice_to", "days", "meeting"})
NUMBER = frozenset({"year", "serial", "area"})


class Sourced(Text):
    """A sentence and the rule it rests on."""

    source: Sentence


class Limit(Shape):
    """A time limit; `extension` may be added once, in the same unit."""

    days: int = Member(ge=1)
    extension: int = Member(0, ge=0)
    unit: Unit = "working"
    source: Sentence


class Department(Shape):
    """A department whose opinion is asked; `when` says for which applicants, absent = all."""

    code: Code
    title: Text
    asks: Text
    when: Cel | None = None
    silence: Literal["no_objection", "wait"]
    remind_after: int = Member(ge=1)  # working days after the request
    source: Sentence


class Part(Shape):
    """Points given by the experts, or computed from the answers when `computed` says how."""

    code: Code
    title: Text
    maximum: Points
    computed: Cel | None = None
    source: Sentence


class Criterion(Shape):
    """One line of the rubric: the sum of its parts. `shows` are answers to lay beside it."""

    code: Code
    title: Text
    maximum: Points
    guidance: Text | None = None
    parts: tuple[Part, ...] = Member(min_length=1)
    shows: tuple[Code, ...] = ()
    source: Sentence


class Item(Sourced):
    """A ground or a step that has a code: a veto, a ground of revocation."""

    code: Code


class Evaluation(Shape):
    """How outsiders evaluate: "panel" gives marks, "checks" gives pass (1) or fail (0)."""

    kind: Literal["checks", "panel"]
    by: Literal["expert", "checker"] | None = None  # absent: experts give marks, checkers check
    size: int = Member(ge=1)
    quorum: int = Member(ge=1)
    third_on_disagreement: bool = False
    trim_from: int = 5
    spread_from_median: Points = Decimal(20)
    spread_range: Points = Decimal(30)
    planned_days: int = Member(20, ge=1)
    industry_min: int = Member(0, ge=0)
    school_min: int = Member(0, ge=0)
    finance_min: int = Member(0, ge=0)
    reserve: int = Member(3, ge=1)  # the pool drawn from is at least so many times the panel
    pass_band: Points = Decimal(3)  # files this near the pass mark are visited
    visited_percent: int = Member(0, ge=0, le=100)
    rubric: tuple[Criterion, ...] = ()
    vetoes: tuple[Item, ...] = ()
    source: Sentence


class Band(Shape):
    """Marks from `at_least` up lead to `outcome`; the first band that fits counts."""

    at_least: Points
    outcome: Outcome
    title: Text
    when: Cel | None = None  # for which applicants; absent = all
    source: Sentence


class Vote(Shape):
    """How the joint conference decides; shares are fractions of `base`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True
    )

    quorum: Share
    pass_: Share = Member(alias="pass")
    base: Literal["members", "present"]
    secret: bool = False
    written_round: bool = False
    defer_limit: int = Member(1, ge=0)
    source: Sentence


class Notice(Shape):
    """The public notice; `publishes` are the answers the public reads.

    It may name the mark, the place and the amount as well, where a case has them.
    """

    days: int = Member(ge=1)
    unit: Unit = "working"
    counts_first_day: bool = True
    title: Text
    body: Text
    objection: Text
    publishes: tuple[Code, ...]
    source: Sentence


class Grant(Shape):
    """What a favourable outcome gives; `number` and `decision_number` are patterns."""

    outcome: Outcome
    kind: Literal["pool_entry", "certificate", "designation", "recognition", "project"]
    title: Text
    level: Text
    level_from: Code | None = None  # the answer that names the level, where applicants choose one
    term_years: int | None = None
    term_ends_with: Code | None = None  # the answer holding a date beyond which no title runs (X48)
    number: str
    decision_number: str
    registers: tuple[Code, ...] = ()  # answers kept with the title, as the register shows them
    obligations: tuple[Text, ...] = ()
    earliest_next: int | None = None  # years until the next procedure may begin
    type_code: TypeCode
    source: Sentence


class Words(NamedTuple):
    """The words of a letter in one language; a list of items stands before `closing`."""

    title: str
    paragraphs: list[str]
    closing: list[str]


class Letter(Shape):
    """The words of one paper; `{name}` stands for a fact of the case, or for an answer by its code.

    What the case lists (items to correct, reasons, obligations) is printed between `paragraphs`
    and `closing`.
    """

    title: Text
    paragraphs: tuple[Text, ...] = Member(min_length=1)
    closing: tuple[Text, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Give every name in braces; both languages have the same."""
        texts = (self.title, *self.paragraphs, *self.closing)
        return frozenset().union(*(placeholders(text.zh) for text in texts))

    def filled(self, language: str, facts: Mapping[str, object]) -> Words:
        """Give the words in `language` with `facts` put in; KeyError names one that lacks."""

        def said(text: Text) -> str:
            return text.in_language(language).format_map(facts)

        return Words(
            said(self.title),
            [said(text) for text in self.paragraphs],
            [said(text) for text in self.closing],
        )


class Reason(Text):
    """A reason a paper may give, and the papers that may give it."""

    papers: tuple[Literal["correction", "non_acceptance", "refusal"], ...] = Member(min_length=1)
    source: Sentence


class CheckItem(Shape):
    """One thing an officer confirms; `automatic` lets the answers speak first.

    `proves` names answers and papers, `page` where in the papers it stands; `fails` is the reason
    the correction notice gives when it is not in order.
    """

    code: Code
    step: Step
    when: Cel | None = None
    title: Text
    proves: tuple[Code, ...] = ()
    page: int | None = Member(default=None, ge=1)
    automatic: Cel | None = None
    fails: Code | None = None


class Supplements(Shape):
    """How often material may be asked for after acceptance, and for how many working days."""

    most: int = Member(default=2, ge=0)
    days: int = Member(default=10, ge=1)  # unless the office gives other ones
    longest: int = Member(default=20, ge=1)
    renewal: int = Member(default=10, ge=1)  # for a licence that ended before the seal (domain X4)


class Procedure(Shape):
    """One way through the law: its flow, limits, people, marks, vote, papers."""

    title: Text
    flow: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")]
    total: Limit
    limits: dict[Code, Limit]
    departments: tuple[Department, ...] = ()
    evaluation: Evaluation
    bands: tuple[Band, ...] = Member(min_length=1)
    vote: Vote
    notice: Notice
    grant: Grant
    one_per: Cel | None = None  # of what an applicant may have one at a time; absent = one case
    unique: tuple[Unique, ...] = ()
    traits: Traits | None = None
    joint: Joint | None = None
    verification: Verification | None = None
    visit: Visit | None = None
    index: Index | None = None
    selection: Selection | None = None
    funding: Funding | None = None
    task_book: TaskBook | None = None
    supplements: Supplements = Supplements()
    letters: dict[Code, Letter]
    reasons: dict[Code, Reason]
    checklist: tuple[CheckItem, ...] = ()
    remedies: Text
    supervision: Text

    @property
    def refusal(self) -> Outcome:
        """Give the word for the worst outcome, which a mark of 0 has."""
        return self.bands[-1].outcome

    def called(self, kind: str) -> str:
        """Give what papers of `kind` are called in the reader's language; empty where unknown."""
        letter = self.letters.get(kind)
        return str(letter.title).replace("{procedure}", str(self.title)) if letter else ""

    def counting(self, marks: Collection[str] | None) -> list[Band]:
        """Give the bands that count for one applicant, named by where they begin; None = all."""
        return [band for band in self.bands if marks is None or str(band.at_least) in marks]

    def outcome(self, mark: Decimal, marks: Collection[str] | None = None) -> Band:
        """Give the band that `mark` falls into, of those that count (see `counting`)."""
        return next(band for band in self.counting(marks) if mark >= band.at_least)


def placeholders(text: str) -> frozenset[str]:
    """Give the names in braces; ValueError if the braces do not match or hold more than a name."""
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    if wrong := sorted(name for name in names if not name.isidentifier()):
        raise ValueError(f"not a plain name in braces: {', '.join(wrong)}")
    return frozenset(names)
