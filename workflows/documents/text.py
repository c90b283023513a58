"""Plain words fit to be printed."""

import unicodedata

UNSEEN = {"Cc", "Cf", "Co", "Cs"}  # controls; formats, bidi and zero-width; private; surrogates


def clean(text: str, limit: int) -> str:
    """Return ``text`` in NFC without unseen characters, cut to ``limit`` characters.

    Line ends stay, as ``\\n``; other white space becomes a plain space. Bidirectional and
    zero-width controls could make a paper read otherwise than the record it was made from.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    spaced = ("\n" if sign == "\n" else " " if sign.isspace() else sign for sign in lines)
    seen = (sign for sign in spaced if sign == "\n" or unicodedata.category(sign) not in UNSEEN)
    return "".join(seen).strip()[:limit].rstrip()
