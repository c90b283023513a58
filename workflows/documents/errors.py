"""What can go wrong with a paper; the first sentence of a docstring is what people read."""


class DocumentError(Exception):
    """The document could not be made."""


class FontsBroken(DocumentError):
    """The document fonts are damaged or missing; restore them from the release."""


class MissingGlyph(DocumentError):
    """The document holds characters that none of the document fonts can draw."""

    def __init__(self, characters: str) -> None:
        """Remember the ``characters``, in the order of their code points."""
        self.characters = characters
        points = ", ".join(f"{character} (U+{ord(character):04X})" for character in characters)
        super().__init__(f"生僻字待补字: {points}")


class ForbiddenResource(DocumentError):
    """The document asks for something outside itself, which is never fetched."""


class ProofFailed(DocumentError):
    """The rendered document does not show what it must show."""


class SigningFailed(DocumentError):
    """The document could not be signed."""
