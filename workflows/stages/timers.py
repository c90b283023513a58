"""Timers: verbs the system tries by itself once a day has passed."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows import jobs
from workflows.errors import CaseClosed, StageClosed
from workflows.models import Job
from workflows.stages import (
    acceptance,
    confirmation,
    corrections,
    countersign,
    defences,
    issuance,
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


@jobs.handler("timer")
def fire(job: Job, made: Any) -> None:
    """Try the verb; a case that has moved on needs no timer any more."""
    payload = dict(job.payload)
    verb = VERBS[payload.pop("verb")]
    try:
        verb(job.case, **payload)
    except (StageClosed, CaseClosed):
        return
