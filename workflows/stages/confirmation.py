"""What becomes of the checked figures: confirmed or contested once, settled, frozen, corrected.

The applicant confirms or contests (its silence confirms where the edition says so), the agency
settles what is contested. Once the group was ranked the figures are frozen: a correction asked
for by the case officer counts only by order of the head of the office (domain 2.3.4, steps 5, 6).
"""

from collections.abc import Mapping
from datetime import date

from workflows import audit, clock
from workflows.errors import (
    FiguresOpen,
    FigureUnexplained,
    FigureUnknown,
    NotEntitled,
    NotYetDue,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Figures, Task, User
from workflows.models.case import State
from workflows.stages import figures, messages, verification
from workflows.stages.figures import Figure
from workflows.stages.law import acts_for, entitled, lawfully, release, separate, verb
from workflows.stages.verification import Findings

FROZEN = (State.EVALUATING, State.PROPOSAL, State.MEETING, State.NOTICE, State.OBJECTION)


# --- the applicant ------------------------------------------------------------------------------
@verb
def confirm(case: Case, *, by: User) -> Figures:
    """The applicant's signer agrees to the checked figures."""
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        set_ = _laid_before(locked)
        figures.confirm(set_, by=by)
        audit.record(locked, "figures_confirmed", by=by, revision=set_.revision)
    release(locked, "confirmation", by=by)
    return set_


@verb
def contest(case: Case, *, objections: Mapping[str, str], by: User) -> Figures:
    """The applicant's signer contests figures, once, with words for each; the agency settles them.

    ``objections`` maps indicators to words. Raises ``ReasonMissing`` without words and
    ``FigureUnknown`` for what is no indicator.
    """
    words = {code: said.strip() for code, said in objections.items() if said.strip()}
    if not words:
        raise ReasonMissing
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        set_ = _laid_before(locked)
        _known(words, set_.values)
        set_.contested = words
        set_.save(update_fields=["contested"])
        event = audit.record(
            locked,
            "figures_contested",
            by=by,
            revision=set_.revision,
            indicators=[f"{code}: {said}" for code, said in words.items()],
        )
    release(locked, "confirmation", by=by)
    messages.tell(locked, "figures_contested", event=event, audience="group:agency_manager")
    return set_


@verb
def deem_confirmed(case: Case, *, revision: int) -> None:
    """The time to confirm passed in silence, which the edition reads as agreement.

    Called by the timer; raises ``NotYetDue`` before the last day has ended.
    """
    with lawfully(case) as locked:
        set_ = _laid_before(locked)
        if set_.revision != revision or verification.rules_of(locked).silence != "confirmed":
            raise StageClosed
        last = _last_day(locked)
        if clock.now() < clock.end_of(last):
            raise NotYetDue(not_before=clock.end_of(last))
        figures.confirm(set_, by=None)
        event = audit.record(locked, "figures_deemed_confirmed", by=None, revision=revision)
    release(locked, "confirmation")
    messages.tell(locked, "figures_deemed_confirmed", event=event)


def _laid_before(locked: Case) -> Figures:
    """The figures that wait for the applicant's word."""
    set_ = figures.newest(locked)
    if locked.state != State.EVALUATING or set_ is None or set_.confirmed or set_.contested:
        raise StageClosed
    return set_


def _last_day(locked: Case) -> date:
    """Until when the applicant may speak: as its inbox says."""
    waiting = Task.objects.filter(case=locked, node="confirmation", finished=None)
    last: date | None = waiting.values_list("due", flat=True).first()
    if last is None:
        raise StageClosed
    return last


def _known(words: Mapping[str, object], values: Mapping[str, Figure]) -> None:
    if unknown := sorted(words.keys() - values.keys()):
        raise FigureUnknown(code=unknown[0])


# --- the agency ---------------------------------------------------------------------------------
@verb
def settle_contest(case: Case, *, decisions: Findings, by: User) -> Figures:
    """The agency answers what was contested; what it finds now is the next revision and stands.

    ``decisions`` names for each contested indicator a ``finding``, its ``value`` and a ``reason``,
    also where the figure is kept. Raises ``FigureUnexplained`` where one is missing.
    """
    with lawfully(case) as locked:
        verification.manages(by, locked)
        separate(locked, "evaluate", by)
        last = figures.newest(locked)
        if locked.state != State.EVALUATING or last is None or last.confirmed is not None:
            raise StageClosed
        values = {**last.values, **_settled(locked, last, decisions)}
        changed = [code for code in last.contested if values[code] != last.values[code]]
        set_ = figures.enter(locked, values, by=by, confirmed=clock.now())
        event = audit.record(
            locked,
            "contest_settled",
            by=by,
            duty="evaluate",
            revision=set_.revision,
            indicators=[f"{code}: {values[code]['reason']}" for code in last.contested],
        )
    release(locked, "settlement", by=by)
    messages.tell(locked, "contest_settled", event=event, changed=len(changed))
    return set_


def _settled(locked: Case, last: Figures, decisions: Findings) -> dict[str, Figure]:
    if unknown := sorted(decisions.keys() - last.contested.keys()):
        raise FigureUnknown(code=unknown[0])
    indicators = {one.code: one for one in figures.index_of(locked.procedure).indicators}
    known, settled = figures.known(locked), {}
    for code in last.contested:
        decision = decisions.get(code, {})
        if not str(decision.get("reason", "")).strip():
            raise FigureUnexplained(indicator=f"{code} {indicators[code]}")
        settled[code] = figures.found(indicators[code], known[code], decision)
    return settled


# --- after the freeze ---------------------------------------------------------------------------
@verb
def correct(
    case: Case, *, code: str, value: str, reason: str, by: User, na: bool = False
) -> Figures:
    """The case officer asks that one frozen figure be corrected; it waits for the head's order.

    ``na`` says that the indicator does not apply; the value is then left aside.
    Raises ``FiguresOpen`` before the group was ranked or while another correction waits,
    ``BadFigure`` and ``FigureUnexplained`` like a check.
    """
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        now = _frozen(locked)
        if not figures.ready(locked):
            raise FiguresOpen
        _known({code: value}, now.values)
        indicators = {one.code: one for one in figures.index_of(locked.procedure).indicators}
        finding = {"finding": figures.Finding.CORRECTED, "value": value, "na": na, "reason": reason}
        corrected = figures.found(indicators[code], now.values[code], finding)
        asked = figures.enter(locked, {**now.values, code: corrected}, by=by, reason=reason)
        event = audit.record(
            locked,
            "correction_asked",
            by=by,
            revision=asked.revision,
            indicator=code,
            former=_told(now.values[code]),
            value=_told(corrected),
            reason=reason,
        )
    messages.tell(locked, "correction_asked", event=event, audience="group:leader")
    return asked


def _told(figure: Figure) -> str | None:
    """A figure as the trail tells it; None where it does not apply."""
    return None if figure["na"] else str(figure["value"])


@verb
def order(case: Case, *, by: User) -> Figures:
    """The head of the office orders the correction that waits; the group must be ranked again.

    Raises ``NotEntitled`` for whoever asked for it.
    """
    with lawfully(case) as locked:
        asked = _asked(locked, by)
        figures.confirm(asked, by=by)
        event = audit.record(
            locked,
            "unfrozen",
            by=by,
            duty="approve",
            revision=asked.revision,
            reason=asked.reason,
            asked_by=str(asked.by),
        )
    messages.tell(locked, "figure_corrected", event=event, reason=asked.reason)
    return asked


@verb
def decline(case: Case, *, reason: str, by: User) -> Figures:
    """The head of the office declines the correction that waits: the frozen figures stand."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        _asked(locked, by)
        now = _frozen(locked)
        kept = figures.enter(locked, now.values, by=by, reason=reason, confirmed=now.confirmed)
        audit.record(
            locked,
            "correction_declined",
            by=by,
            duty="approve",
            revision=kept.revision,
            reason=reason,
        )
    return kept


def _asked(locked: Case, by: User) -> Figures:
    """The correction that waits for the order of ``by``, who must not have asked for it."""
    entitled(by, "leader")
    separate(locked, "approve", by)
    _frozen(locked)
    asked = figures.newest(locked)
    if asked is None or asked.confirmed is not None:
        raise StageClosed
    if asked.by_id == by.pk:
        raise NotEntitled
    return asked


def may_correct(case: Case) -> bool:
    """Whether the case stands ranked and undecided, so that its figures are frozen."""
    checks = case.procedure.verification is not None
    return checks and case.state in FROZEN and figures.frozen(case)


def _frozen(locked: Case) -> Figures:
    """The figures a ranked case stands by."""
    now = figures.in_force(locked)
    if now is None or not may_correct(locked):
        raise FiguresOpen
    return now
