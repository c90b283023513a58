"""Timers: verbs the system tries by itself once a day has passed."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows import clock, jobs
from workflows.errors import CaseClosed, NotYetDue, StageClosed
from workflows.models import Job
from workflows.stages import (
    acceptance,
    confirmation,
    corrections,
    countersign,
    deadlines,
    defences,
    issuance,
    outages,
    publication,
    renewals,
    substitution,
    supplements,
    task_book,
)

VERBS: Mapping[str, Callable[..., None]] = {
    "deem_accepted": acceptance.deem_accepted,
    "abandon": corrections.abandon,
    "remind": countersign.remind,
    "read_silence": countersign.read_silence,
    "close_notice": publication.close_notice,
    "deliver": issuance.deliver,
    "deem_confirmed": confirmation.deem_confirmed,
    "lapse_place": substitution.lapse,
    "lapse_task_book": task_book.lapse,
    "lapse_supplement": supplements.lapse,
    "lapse_renewal": renewals.lapse,
    "lapse_defence": defences.lapse,
}
CLOSING = ("abandon", "lapse_supplement", "lapse_renewal", "lapse_defence")  # an answer not given


@jobs.handler("timer")
def fire(job: Job, made: Any) -> None:
    """Try the verb; a case that has moved on needs no timer any more.

    A timer that takes from an applicant and rings long after its time tells of an outage itself:
    the office has until the next closing to certify it (``NotYetDue``, X24).
    """
    payload = dict(job.payload)
    name = payload.pop("verb")
    if name in CLOSING and clock.now() - job.not_before > outages.LONG:
        raise NotYetDue(not_before=deadlines.closing(clock.today()))
    try:
        VERBS[name](job.case, **payload)
    except (StageClosed, CaseClosed):
        return
