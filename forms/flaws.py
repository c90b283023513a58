"""What the look inside a file finds wrong, as a word the gate has a sentence for."""


class Flaw(Exception):
    """The word, and the facts its sentence needs."""

    def __init__(self, word: str, **facts: int) -> None:
        super().__init__(word)
        self.word = word
        self.facts = facts
