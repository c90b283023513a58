"""What an applicant says to an objection against its own entry (domain 0.12), while it is open.

Whoever objects stays secret: the applicant reads the facts without the names and the telephone.
"""

import re
import unicodedata

from workflows import audit, clock
from workflows.errors import ReasonMissing, RepliedAlready, StageClosed
from workflows.models import Case, Objection, User
from workflows.models.case import State
from workflows.stages import messages
from workflows.stages.law import acts_for, lawfully, verb

VEIL = "＊＊＊"
GAP = r"[\W_]{0,3}"  # a space or hyphen in a telephone number, a dot in a name
WIDE = ord("Ａ") - ord("A")


def told(case: Case) -> list[Objection]:
    """Every objection against an entry of ``case``, the newest first."""
    found = Objection.objects.filter(entry__case=case).select_related("entry__notice", "replied_by")
    return list(found.order_by("-received", "-pk"))


def veiled(objection: Objection, text: str) -> str:
    """``text`` without what names the objector, however that is typed."""
    names = (objection.objector, objection.contact_name, objection.phone)
    for name in sorted(filter(None, map(_bare, names)), key=len, reverse=True):
        text = re.sub(GAP.join(map(_typed, name)), VEIL, text, flags=re.IGNORECASE)
    return text


def _bare(name: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKC", name) if each.isalnum())


def _typed(letter: str) -> str:
    """A letter or digit in half or in full width."""
    wide = chr(ord(letter) + WIDE) if letter.isascii() else letter
    return f"[{re.escape(letter)}{re.escape(wide)}]"


def may_reply(objection: Objection) -> bool:
    """Whether the applicant may still speak to ``objection``."""
    return objection.result == Objection.Result.OPEN and objection.replied is None


@verb
def reply(objection: Objection, *, text: str, by: User, signed_with: str = "") -> Objection:
    """The applicant's signer replies once; the office reads it before it answers the objection.

    Raises ``RepliedAlready`` the second time and ``StageClosed`` once the objection was answered.
    """
    if not text.strip():
        raise ReasonMissing
    with lawfully(objection.entry.case) as locked:
        acts_for(by, locked, signing=True)
        known = Objection.objects.get(pk=objection.pk)
        if known.replied is not None:
            raise RepliedAlready
        if locked.state != State.OBJECTION or known.result != Objection.Result.OPEN:
            raise StageClosed
        known.reply, known.replied, known.replied_by = text, clock.now(), by
        known.save(update_fields=["reply", "replied", "replied_by"])
        event = audit.record(
            locked,
            "objection_replied",
            by=by,
            objection=known.number,
            text=text,
            signed_with=signed_with,
        )
    messages.tell(locked, "objection_replied", event=event, audience="group:case_officer")
    return known
