"""Bare rows for the tests below the stages: no flow runs, no rule of an edition is read."""

from itertools import count

from workflows import audit, clock
from workflows.models import Case, Edition, Event, Organisation, Round, User

_numbers = count(1)


def person(**given: object) -> User:
    """A person with an account and no office."""
    number = next(_numbers)
    return User.objects.create(**{"username": f"person{number}", "name": "王敏", **given})


def organisation(**given: object) -> Organisation:
    """An organisation; its code is a serial, not a real one."""
    number = next(_numbers)
    facts = {
        "name": f"企业{number}",
        "uscc": f"{number:018d}",
        "kind": "enterprise",
        "registered": clock.now(),
    }
    return Organisation.objects.create(**{**facts, **given})


def edition(**given: object) -> Edition:
    """A published edition without content."""
    number = next(_numbers)
    facts = {
        "programme": "enterprise_certification",
        "version": f"0.{number}",
        "digest": f"{number:064x}",
        "content": "{}",
        "published": clock.now(),
    }
    return Edition.objects.create(**{**facts, **given})


def case(**given: object) -> Case:
    """A draft with nothing on its trail."""
    number, rules = next(_numbers), edition()
    call = Round.objects.create(
        key=f"round{number}",
        programme=rules.programme,
        edition=rules,
        title="第一批",
        opens=clock.now(),
        closes=clock.end_of(clock.today()),
    )
    facts = {
        "reference": f"RONGHE-2026-{number:06d}",
        "programme_key": rules.programme,
        "procedure_key": "certification",
        "round": call,
        "edition": rules,
        "applicant": organisation(),
        "district": "310115",
        "created": clock.now(),
        "created_by": person(),
    }
    return Case.objects.create(**{**facts, **given})


def step(case: Case, state: str, *, kind: str = "moved", by: User | None = None) -> Event:
    """Move ``case`` to ``state`` with an event, as a stage verb would."""
    case.__dict__["state"] = state
    event = audit.record(case, kind, by=by)
    Case.objects.filter(pk=case.pk).update(state=state, version=case.version, head=case.head)
    return event


def walked(*states: str, **given: object) -> Case:
    """A case that went from draft through ``states``."""
    walker = case(**given)
    walker.state_before = walker.state
    for state in states:
        step(walker, state)
    return walker
