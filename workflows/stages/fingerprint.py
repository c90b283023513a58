"""The fingerprint of what was written: equal answers have equal ones, whoever typed them."""

import hashlib
import json


def digest(content: object) -> str:
    """sha256 of the canonical JSON of ``content``."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
