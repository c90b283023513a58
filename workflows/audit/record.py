"""Writing the trail: one chained entry, in the transaction of the act it tells of."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction

from workflows import clock
from workflows.audit.chain import ALGORITHM, GENESIS, canonical, link, stamp
from workflows.models import Case, Event, User, rows

ATTEMPTS = 25  # every round one writer wins, so this many may write at once
NOWHERE: Mapping[str, str] = MappingProxyType({"ip": "", "request": ""})
_origin: ContextVar[Mapping[str, str]] = ContextVar("origin", default=NOWHERE)


@contextmanager
def origin(*, ip: str = "", request_id: str = "") -> Iterator[None]:
    """Name where the acts inside the block come from, for every entry they leave."""
    token = _origin.set({"ip": ip, "request": request_id})
    try:
        yield
    finally:
        _origin.reset(token)


def whence() -> Mapping[str, str]:
    """Where the act in hand comes from: ``ip`` and ``request``, as ``origin`` named them."""
    return _origin.get()


def record(case: Case, kind: str, /, *, by: User | None, duty: str = "", **facts: object) -> Event:
    """Append to the chain of a locked ``case`` what just happened to it; one INSERT.

    Call it inside ``lawfully(case)`` after the change: the entry tells of the move from
    ``case.state_before`` to ``case.state``, and ``case.version`` and ``case.head`` follow it.
    ``facts`` hold text, whole numbers, booleans, lists and dictionaries only (``TypeError``).
    ``duty`` names the separated duty exercised, if any (domain 0.3).
    """
    event = _told(case, kind, by, duty, facts)
    rows.insert(event)
    return event


def record_all(
    told: Iterable[tuple[Case, Mapping[str, object]]], kind: str, /, *, by: User | None
) -> None:
    """Append one entry to the chain of each locked case, with its own facts; see ``record``."""
    rows.insert_long([_told(case, kind, by, "", facts) for case, facts in told])


def _told(case: Case, kind: str, by: User | None, duty: str, facts: Mapping[str, object]) -> Event:
    """The unsaved entry of what just happened to ``case``, which follows it."""
    moment = clock.now()
    before = getattr(case, "state_before", case.state)
    body = {
        **_entry(f"case:{case.pk}", case.version + 1, kind, by, moment),
        "case": case.reference,
        "duty": duty,
        "edition": case.edition.digest,
        "facts": facts,
        "from": str(before),
        "on_behalf_of": _mandate(case, by),
        "to": str(case.state),
    }
    event = _linked(body, case.head, by, moment, case=case, duty=duty)
    case.version, case.head, case.state_before = event.seq, event.hash, case.state
    return event


def record_system(subject: str, kind: str, /, *, by: User | None, **facts: object) -> Event:
    """Append to the chain ``sys:<subject>`` what happened outside any case.

    Two writers at once are put in order: the later one finds the place taken and tries again.
    """
    chain = f"sys:{subject}"
    for _ in range(ATTEMPTS - 1):
        with suppress(IntegrityError):
            return _next(chain, kind, by, facts)
    return _next(chain, kind, by, facts)


def _next(chain: str, kind: str, by: User | None, facts: Mapping[str, object]) -> Event:
    with transaction.atomic():
        last = Event.objects.filter(chain=chain).order_by("-seq").first()
        seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
        moment = clock.now()
        body = {**_entry(chain, seq, kind, by, moment), "facts": facts}
        event = _linked(body, prev, by, moment)
        rows.insert(event)
        return event


def _entry(chain: str, seq: int, kind: str, by: User | None, moment: datetime) -> dict[str, object]:
    """What every entry says, of a case or not; ``for`` only where a colleague was stood in for."""
    absence = by.stands_for if by is not None else None
    return {
        **({"for": {"id": absence.user_id, "name": str(absence.user)}} if absence else {}),
        "actor": None if by is None else {"id": by.pk, "name": str(by)},
        "alg": ALGORITHM,
        "at": stamp(moment),
        "chain": chain,
        "kind": str(kind),
        "roles": [] if by is None else sorted(by.roles()),
        "seq": seq,
        **_origin.get(),
    }


def _mandate(case: Case, by: User | None) -> int | None:
    """The applicant whose mandate ``by`` holds, or None for an act of the desk's own."""
    return case.applicant_id if by and case.applicant_id in by.organisations() else None


def _linked(
    body: dict[str, Any],
    prev: str,
    by: User | None,
    moment: datetime,
    *,
    case: Case | None = None,
    duty: str = "",
) -> Event:
    text = canonical(body)
    return Event(
        chain=body["chain"],
        seq=body["seq"],
        prev=prev,
        hash=link(prev, text),
        body=text,
        at=moment,
        kind=body["kind"],
        duty=duty,
        actor=by,
        case=case,
    )
