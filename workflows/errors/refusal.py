"""What every refusal is: a sentence with places for facts, and an HTTP status."""

from typing import ClassVar


class CaseError(Exception):
    """This cannot be done."""

    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    @property
    def sentence(self) -> str:
        """The untranslated sentence, with places for facts."""
        return " ".join((type(self).__doc__ or "").split())

    def __str__(self) -> str:
        return self.sentence % self.facts if self.facts else self.sentence
