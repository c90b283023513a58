"""Calls: opening a round, changing it before it opens, publishing the needs open to bidders.

A round belongs to no case, so everything here is an entry of the chain ``sys:rounds``.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import formats
from django.utils.translation import gettext as _

from workflows import audit, clock, programme
from workflows.errors import ChallengeClosed, NoEdition, RoundClosed, RoundOpened
from workflows.models import Challenge, Edition, Round, User
from workflows.selection import Funding
from workflows.stages import numbers
from workflows.stages.law import entitled
from workflows.working_days import calendar

CHAIN = "rounds"
KEY = re.compile(r"[\w.-]+")  # it is part of an address
TERMS = (  # what a call says of itself, and may say otherwise until it opens
    "title", "opens", "closes", "group", "quota", "share_percent", "pass_mark", "budgets",
    "contact", "one_by_one",
)  # fmt: skip


@transaction.atomic
def open_round(
    *,
    programme: str,
    title: str,
    opens: datetime,
    closes: datetime,
    by: User,
    key: str = "",
    edition: Edition | None = None,
    **terms: Any,
) -> Round:
    """Announce a call of ``programme`` under its newest published edition, unless one is given.

    ``terms`` are ``group``, ``quota``, ``share_percent``, ``pass_mark``, ``budgets`` (funding line
    -> 万元), ``contact`` and ``one_by_one`` (officers confirm every check by itself); they win over
    the edition's own figures. Raises ``NoEdition`` where no
    rules are published and ``ValidationError``, for each field, for terms that do not fit them.
    """
    entitled(by, "case_officer")
    found = edition or newest_edition(programme)
    if found is None or found.programme != programme:
        raise NoEdition(programme=programme)
    call = Round(programme=programme, edition=found, key=key or _key(programme, opens))
    _set(call, {"title": title, "opens": opens, "closes": closes, **terms})
    _check(call)
    call.save(force_insert=True)
    told(call, "round_opened", by)
    return call


@transaction.atomic
def change_round(round_: Round, *, by: User, **terms: Any) -> Round:
    """Change what a call says of itself; once it has opened, applicants rely on it (RoundOpened).

    Raises ``ValidationError`` as ``open_round`` does.
    """
    entitled(by, "case_officer")
    call = Round.objects.select_for_update().select_related(None).get(pk=round_.pk)
    if call.opens <= clock.now() or call.cases.exists():
        raise RoundOpened
    _set(call, terms)
    _check(call)
    call.save(update_fields=TERMS)
    told(call, "round_changed", by)
    return call


@transaction.atomic
def publish_challenge(
    round_: Round,
    *,
    number: str,
    line: str,
    title: str,
    need: str,
    owner: str,
    by: User,
    cap: Decimal | str | None = None,
    opens: datetime | None = None,
    closes: datetime | None = None,
) -> Challenge:
    """Publish a need units may bid for (揭榜挂帅); it is open as long as its round unless told.

    ``cap`` is the most a bid may ask for, in 万元. Raises ``ValidationError``, for each field.
    """
    entitled(by, "case_officer")
    challenge = Challenge(
        round=round_,
        number=number.strip(),
        line=line,
        title=title.strip(),
        need=need.strip(),
        owner=owner.strip(),
        cap=None if cap in (None, "") else cap,
        opens=opens or round_.opens,
        closes=closes or round_.closes,
        published=clock.now(),
        by=by,
    )
    challenge.full_clean(exclude=["round", "by", *(["cap"] if challenge.cap is None else [])])
    _check_challenge(challenge)
    _enter(challenge)
    audit.record_system(
        CHAIN,
        "challenge_published",
        by=by,
        round=round_.key,
        number=challenge.number,
        line=line,
        title=challenge.title,
        owner=challenge.owner,
        cap=str(challenge.cap) if challenge.cap is not None else "",
        opens=challenge.opens.isoformat(),
        closes=challenge.closes.isoformat(),
    )
    return challenge


def closed(call: Round) -> RoundClosed:
    """The refusal of whoever comes before or after ``call`` is open, with its exact moments."""
    return RoundClosed(**_moments(call))


def bidding_over(challenge: Challenge) -> ChallengeClosed:
    """The refusal of whoever bids before or after ``challenge`` is open, with its exact moments."""
    return ChallengeClosed(number=challenge.number, **_moments(challenge))


def _moments(offered: Round | Challenge) -> dict[str, str]:
    found = {"opens": offered.opens, "closes": offered.closes}
    return {
        name: formats.date_format(clock.local(moment), "Y-m-d H:i")
        for name, moment in found.items()
    }


def _enter(challenge: Challenge) -> None:
    try:
        with transaction.atomic():
            challenge.save(force_insert=True)
    except IntegrityError as twice:
        raise _wrong("number", _("This number is already used.")) from twice


def newest_edition(programme_key: str) -> Edition | None:
    """The rules a call opened now would follow; None where nothing is published."""
    published = Edition.objects.filter(programme=programme_key)
    return published.order_by("-published", "-pk").first()


def groups(edition: Edition) -> dict[str, str]:
    """The groups the edition ranks in: code -> what it is called."""
    found: dict[str, str] = {}
    for procedure in edition.shape.procedures.values():
        if procedure.selection is not None:
            found |= {each.code: str(each) for each in procedure.selection.groups}
    return found


def lines(edition: Edition) -> dict[str, str]:
    """The kinds of money the edition knows: code -> what it is called."""
    return {
        line.code: str(line) for funding in _fundings(edition).values() for line in funding.lines
    }


def takes_bids(edition: Edition) -> bool:
    """Whether the form asks which challenge an application is a bid for."""
    return any(funding.challenge for funding in _fundings(edition).values())


def _fundings(edition: Edition) -> dict[str, Funding]:
    return {
        code: procedure.funding
        for code, procedure in edition.shape.procedures.items()
        if procedure.funding is not None
    }


# --- what fits ------------------------------------------------------------------------------------
def _key(programme_key: str, opens: datetime) -> str:
    year = clock.local(opens).year
    (series,) = numbers.advance(f"round:{programme_key}:{year}")
    return f"{programme.get(programme_key).code}-{year}-{series.last}"


def _set(call: Round, terms: Mapping[str, Any]) -> None:
    if strange := sorted(terms.keys() - set(TERMS)):
        raise TypeError(f"a round has no {', '.join(strange)}")
    for name, value in terms.items():
        setattr(call, name, value)
    call.budgets = {line: _amount(value) for line, value in (call.budgets or {}).items()}


def _amount(value: object) -> str:
    """An amount in 万元 as it is kept: text with two places."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation as wrong:
        raise _wrong("budgets", _("An amount is a number of 万元.")) from wrong
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        raise _wrong("budgets", _("An amount is a number of 万元."))
    return f"{amount:.2f}"


def _check(call: Round) -> None:
    unsaid = [name for name in TERMS[3:] if getattr(call, name) in (None, "", {})]
    call.full_clean(exclude=["edition", *unsaid], validate_constraints=False)
    if call.closes <= call.opens:
        raise _wrong("closes", _("A round must close after it opens."))
    if not KEY.fullmatch(call.key):
        raise _wrong("key", _("A number has letters, digits, hyphens and dots only."))
    if Round.objects.filter(key=call.key).exclude(pk=call.pk).exists():
        raise _wrong("key", _("This number is already used."))
    if call.group and call.group not in groups(call.edition):
        raise _wrong("group", _("The rules know no such group."))
    if strange := sorted(call.budgets.keys() - lines(call.edition).keys()):
        words = _("The rules know no such kind of money: %(lines)s.")
        raise _wrong("budgets", words % {"lines": ", ".join(strange)})
    _check_figures(call)
    _check_length(call)


def _check_figures(call: Round) -> None:
    if call.quota == 0:
        raise _wrong("quota", _("A quota is at least one."))
    if call.share_percent is not None and not 1 <= call.share_percent <= 100:
        raise _wrong("share_percent", _("A share lies between 1 and 100 per cent."))
    if call.pass_mark is not None and not 0 <= call.pass_mark <= 100:
        raise _wrong("pass_mark", _("A pass mark lies between 0 and 100."))


def _check_length(call: Round) -> None:
    """A call stands open at least as long as its rules say (their limit ``call``).

    No day before it was announced counts, whenever it says that it opened.
    """
    procedures = call.edition.shape.procedures.values()
    limits = [each.limits["call"] for each in procedures if "call" in each.limits]
    opens = clock.local(max(call.opens, clock.now())).date()
    closes = clock.local(call.closes).date()
    for limit in limits:
        # The day of opening counts, as that of a public notice does (domain 0.12).
        least = calendar().notice_end(opens, limit.days, limit.unit).day
        if closes < least:
            words = _("A round must stay open until %(day)s at least.")
            raise _wrong("closes", words % {"day": least.isoformat()})


def _check_challenge(challenge: Challenge) -> None:
    call = challenge.round
    open_lines = {
        line.code
        for funding in _fundings(call.edition).values()
        if funding.challenge
        for line in funding.lines
    }
    if challenge.line not in open_lines:
        raise _wrong("line", _("The rules let nobody bid for this kind of money."))
    if challenge.cap is not None and Decimal(challenge.cap) <= 0:
        raise _wrong("cap", _("A cap is more than nothing."))
    if not call.opens <= challenge.opens < challenge.closes <= call.closes:
        raise _wrong("closes", _("A challenge is open within its round."))


def _wrong(field: str, sentence: str) -> ValidationError:
    return ValidationError({field: sentence})


def told(call: Round, kind: str, by: User) -> None:
    """Enter on the chain of the calls what was done with one of them."""
    audit.record_system(
        CHAIN,
        kind,
        by=by,
        round=call.key,
        programme=call.programme,
        edition=call.edition.digest,
        title=call.title,
        opens=call.opens.isoformat(),
        closes=call.closes.isoformat(),
        group=call.group,
        quota="" if call.quota is None else str(call.quota),
        share_percent="" if call.share_percent is None else str(call.share_percent),
        pass_mark="" if call.pass_mark is None else str(call.pass_mark),
        budgets=dict(call.budgets),
        contact=call.contact,
        one_by_one=call.one_by_one,
    )
