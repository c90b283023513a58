"""Numbers that people copy by hand: verification codes and certificate identifiers.

Both end in a check character of ISO/IEC 7064 (hybrid system MOD M+1,M), which catches every
single wrong character and nearly every exchange of neighbours.
"""

import re
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they look like 1, 1, 0, V
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LENGTH = 19  # of 5 bits each: 95 random bits, and one check character make five groups of four
MISREAD = str.maketrans("OIL", "011")

CERTIFICATES = "1.2.156.3005.2"  # 电子证照标识 (GB/T 36904-2018, 6)
# type, issuer (a credit code, or the code of an area), serial, version
PARTS = re.compile(r"[0-9A-Z]{21}\.(?:[0-9A-Z]{18}|[0-9]{6})\.[0-9A-Z]+\.[0-9]{3}")


def new_code() -> str:
    """Return a fresh verification code that cannot be guessed: 95 random bits, grouped by four."""
    body = "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))
    return grouped(body + check_character(body, CROCKFORD))


def normal(code: str) -> str:
    """Return a code as it is stored, however it was typed: spaces, case, O for 0, I or L for 1."""
    return grouped("".join(filter(str.isalnum, code)).upper().translate(MISREAD))


def valid(code: str) -> bool:
    """Whether ``code``, in any spelling, is complete and free of copying errors."""
    plain = normal(code).replace("-", "")
    return (
        len(plain) == LENGTH + 1
        and set(plain) <= set(CROCKFORD)
        and check_character(plain[:-1], CROCKFORD) == plain[-1]
    )


def certificate_identifier(type_code: str, issuer_uscc: str, serial: str, version: int) -> str:
    """Return the 电子证照标识 of a certificate.

    ``type_code`` is the 18-character credit code of the body that defined the certificate type
    and three digits; ``version`` rises when a certificate is issued again with the same serial.
    Raises ``ValueError`` for parts of another shape. Source: GB/T 36904-2018.
    """
    body = f"{type_code}.{issuer_uscc}.{serial}.{version:03d}"
    if not PARTS.fullmatch(body):
        raise ValueError(f"not the parts of a certificate identifier: {body}")
    return f"{CERTIFICATES}.{body}.{check_character(body.replace('.', ''), ALPHANUMERIC)}"


def check_character(body: str, alphabet: str) -> str:
    """Return the check character of ``body``: ISO/IEC 7064, MOD 37,36 for 36 characters."""
    size = len(alphabet)
    state = size
    for character in body:
        state = ((state + alphabet.index(character)) % size or size) * 2 % (size + 1)
    return alphabet[(1 - state) % size]


def grouped(plain: str) -> str:
    """Return ``plain`` in groups of four, joined by hyphens."""
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
