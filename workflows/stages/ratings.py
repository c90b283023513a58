"""Ratings of the service (好差评): given once a contact, freely, and answered when negative.

A rating stands apart from its case: it waits for no lock, moves nothing, and is an entry of the
chain ``sys:ratings``, so that nobody who decides the case reads it there. The words themselves
stay in the row, and the entry holds their digest: people write about people.
Source: 国务院办公厅关于建立政务服务“好差评”制度 (国办发〔2019〕51号); 15 working days, interface 3.
"""

import hashlib

from django.db import IntegrityError, transaction

from workflows import audit, clock
from workflows.errors import AlreadyRated, AnswerMissing, RatingAnswered
from workflows.models import Event, Rating, User
from workflows.stages import messages
from workflows.stages.law import entitled
from workflows.working_days import calendar

CHAIN = "ratings"
NEGATIVE = (Rating.Level.DISSATISFIED, Rating.Level.VERY_DISSATISFIED)
DAYS = 15  # working days to answer a negative one


@transaction.atomic
def rate(contact: Event, *, level: int, remark: str) -> Rating:
    """Keep what somebody thought of one contact; ``AlreadyRated`` the second time.

    A negative one is told to the head of the office, who answers within fifteen working days.
    """
    case = contact.case
    assert case is not None, "a contact is about a case"
    due = calendar().add(clock.today(), DAYS).day if level in NEGATIVE else None
    rating = Rating(event=contact, level=level, remark=remark, given=clock.now(), due=due)
    try:
        with transaction.atomic():
            rating.save(force_insert=True)
    except IntegrityError as twice:
        raise AlreadyRated from twice
    audit.record_system(
        CHAIN,
        "rated",
        by=None,
        case=case.reference,
        contact=contact.kind,
        entry=contact.seq,
        level=rating.level,
        remark=_digest(remark),
    )
    if due is not None:
        messages.remind(
            "rated_poorly",
            origin=f"rating:{rating.pk}",
            case=case,
            audience="group:leader",
            due=due.isoformat(),
        )
    return rating


@transaction.atomic
def answer(rating: Rating, *, text: str, by: User) -> None:
    """Answer a rating in writing, once; the applicant's people are told.

    Raises ``AnswerMissing`` without words and ``RatingAnswered`` the second time.
    """
    entitled(by, "leader")
    if not text.strip():
        raise AnswerMissing
    open_ = Rating.objects.filter(pk=rating.pk, answered=None)
    if not open_.update(answer=text.strip(), answered=clock.now(), answered_by=by):
        raise RatingAnswered
    case = rating.event.case
    assert case is not None, "a contact is about a case"
    audit.record_system(
        CHAIN,
        "rating_answered",
        by=by,
        case=case.reference,
        entry=rating.event.seq,
        answer=_digest(text.strip()),
    )
    messages.remind("rating_answered", origin=f"rating_answer:{rating.pk}", case=case)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest() if words else ""
