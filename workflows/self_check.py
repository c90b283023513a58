"""The shape of a self-check: a few questions before anyone signs in, and what they decide."""

from functools import cached_property
from typing import Annotated

from pydantic import Field as Member
from pydantic import StringConstraints

from forms.schema import Cel, Code, Field, Form, Section, Shape

SECTION = "self_check"


class Verdict(Shape):
    """What the answers say of one rule or condition of the edition, named by its code."""

    of: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{1,2}$")]
    met: Cel


class SelfCheck(Shape):
    """The questions, what they decide, and the answers of the application they give already."""

    questions: tuple[Field, ...] = Member(min_length=1, max_length=10)
    verdicts: tuple[Verdict, ...] = Member(min_length=1)
    fills: dict[Code, Cel] = {}

    @cached_property
    def form(self) -> Form:
        """The questions as a form of one page."""
        page = Section(code=SECTION, zh="条件自查", en="Self-check", fields=self.questions)
        return Form(sections=(page,))
