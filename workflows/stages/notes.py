"""Notes of the office beside a case (内部沟通): written once, and never told outside.

The text lies in a table of its own that no applicant's page, paper, letter or export reads. The
trail says who wrote when, with the digest of what was written, so that a note that was changed or
taken away behind the law's back does not agree with it any more (decision 0028).
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from hashlib import sha256

from workflows import audit, clock
from workflows.errors import MentionAmbiguous, MentionUnknown, NoteEmpty, NotEntitled, NoteTooLong
from workflows.models import Appointment, Case, Event, Note, User
from workflows.stages import messages, sight
from workflows.stages.groups import LENT
from workflows.stages.law import is_party, lawfully, verb

LONGEST = 4000  # characters
TWICE = timedelta(minutes=1)  # within it, the same words are the same press
WRITERS = LENT - {"agency_manager"}  # an agency is commissioned by the office, and no part of it
READERS = WRITERS | {"auditor"}  # who answers for the office reads what it said, and says nothing
MENTION = re.compile(r"(?<![\w.])@(?=\w)")  # an address of mail mentions nobody
UNKNOWN = re.compile(r"[\w.·-]{1,20}")
NAME_GOES_ON = re.compile(r"[A-Za-z0-9_]{2}")  # “@li” is not in “@lisa”


# --- who reads and writes them --------------------------------------------------------------------
def open_to(user: User, case: Case) -> bool:
    """Whether ``user``, who may read ``case``, may read its notes as well.

    Whoever acts for the applicant or for a partner may not, whatever office they hold besides.
    """
    return user.holds(*READERS) and not is_party(case, user)


def may_write(user: User, case: Case) -> bool:
    """Whether ``user``, who may read ``case``, may write beside it."""
    return user.holds(*WRITERS) and not is_party(case, user)


def _reads(user: User, case: Case) -> bool:
    readable = sight.readable(user).filter(pk=case.pk)
    return open_to(user, case) and readable.exists()


# --- writing --------------------------------------------------------------------------------------
@verb
def write(case: Case, text: str, *, by: User) -> Note:
    """A colleague writes beside ``case``; whoever they mention by ``@name`` is told.

    Raises ``NotEntitled`` for whoever may not, ``NoteEmpty`` and ``NoteTooLong``,
    ``MentionUnknown`` where no colleague with that name may read the case, and
    ``MentionAmbiguous`` where several may: the name under which one signs in tells them apart.
    The same words sent twice within a minute are one note: a note cannot be taken back.
    """
    words = text.strip()
    if not words:
        raise NoteEmpty
    if len(words) > LONGEST:
        raise NoteTooLong(longest=LONGEST)
    if not (may_write(by, case) and _reads(by, case)):
        raise NotEntitled
    named = mentioned(case, words)
    with lawfully(case) as locked:
        if (sent := _just_sent(locked, words, by)) is not None:
            return sent
        note = Note.objects.create(case=locked, by=by, text=words, made=clock.now())
        note.mentioned.set(named)
        names = [str(each) for each in named]
        event = audit.record(locked, "noted", by=by, digest=digest(note), mentioned=names)
        for each in named:
            if each != by:
                to = f"user:{each.pk}"
                messages.tell(locked, "mentioned", event=event, audience=to, person=str(by))
    return note


def _just_sent(case: Case, words: str, by: User) -> Note | None:
    """The last note of ``by``, if it says the same and came a moment ago."""
    last = Note.objects.filter(case=case, by=by, made__gt=clock.now() - TWICE).last()
    return last if last is not None and last.text == words else None


def digest(note: Note) -> str:
    """What the trail keeps of a note: the SHA-256 of its author, moment and words."""
    told = {"by": note.by_id, "made": note.made.isoformat(), "text": note.text}
    whole = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return sha256(whole.encode()).hexdigest()


def proven(case: Case) -> set[str]:
    """The digests the trail holds of the notes on ``case``."""
    told = Event.objects.filter(case=case, kind="noted").values_list("body", flat=True)
    return {json.loads(body)["facts"]["digest"] for body in told}


# --- mentions -------------------------------------------------------------------------------------
def mentioned(case: Case, text: str) -> list[User]:
    """The colleagues whom ``text`` mentions, each once, in the order of their names in it."""
    places = [text[found.end() :] for found in MENTION.finditer(text)]
    if not places:
        return []
    people = list(_colleagues())
    named = {one.pk: one for place in places for one in [_meant(case, place, people)]}
    return list(named.values())


def _colleagues() -> Iterator[User]:
    """Everybody who may read notes of some case."""
    held = Appointment.objects.in_force().filter(role__in=READERS).values("user")
    yield from User.objects.filter(pk__in=held, is_active=True).order_by("pk")


def _meant(case: Case, place: str, people: Iterable[User]) -> User:
    """Whose name stands at the beginning of ``place``: the longest one that a reader bears."""
    known: dict[str, list[User]] = {}
    for person in people:
        for name in {person.name, person.username}:
            if name and _begins(place, name):
                known.setdefault(name, []).append(person)
    if known:
        name = max(known, key=len)
        readers = [each for each in known[name] if _reads(each, case)]
        if len(readers) > 1:
            signs = ", ".join(f"@{each.username}" for each in readers)
            raise MentionAmbiguous(name=name, names=signs)
        if readers:
            return readers[0]
        raise MentionUnknown(name=name)
    found = UNKNOWN.match(place)
    raise MentionUnknown(name=found.group() if found else place[:1])


def _begins(place: str, name: str) -> bool:
    cut = place[len(name) - 1 : len(name) + 1]
    return place.startswith(name) and not NAME_GOES_ON.fullmatch(cut)
