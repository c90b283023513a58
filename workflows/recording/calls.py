"""The calls a recording tells of: opened once each, with the needs that units may bid for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError

from workflows import clock, demo, programme
from workflows.assessment import assess
from workflows.models import Challenge, Edition, Round
from workflows.programme import Programme
from workflows.recording import acts, reader
from workflows.recording.reader import Application, BadRecording, Recording
from workflows.stages import rounds

CITY = "310115"  # whose desk announces the calls


def programme_of(application: Application) -> Programme:
    """The programme the application names; ``BadRecording`` where it is not installed."""
    kind = programme.by_code(application.programme)
    if kind is None:
        installed = ", ".join(each.code for each in programme.all_())
        raise BadRecording(
            f"{application.id}: programme {application.programme} is not installed; "
            f"installed are: {installed}"
        )
    return kind


def procedure_of(application: Application, edition: Edition) -> str:
    """The procedure the application asks for: the one it names, or the only one there is."""
    procedures = edition.shape.procedures
    for named in (application.procedure, application.form.get("stage")):
        if named in procedures:
            return str(named)
    if len(procedures) == 1:
        return next(iter(procedures))
    raise BadRecording(f"{application.id}: name its procedure, one of {', '.join(procedures)}")


# --- the call of an application -------------------------------------------------------------------
def round_of(recording: Recording, application: Application) -> Round:
    """The call the application is filed in, opened if it is not yet.

    It is the recorded one of its programme and group that is open on the day, or the last that was
    in that year (the application comes too late); without any, a call for the year.
    """
    kind, day = programme_of(application), application.submitted_on
    edition = rounds.newest_edition(kind.key)
    if edition is None:
        raise BadRecording(f"{application.id}: no edition of {kind.key} has been published")
    group = _group(application, edition)
    fitting = [
        call
        for call in recording.rounds
        if call.programme == kind.code and call.group in ("", group) and call.opens <= day
    ]
    open_ = [call for call in fitting if call.holds(day)]
    missed = sorted(
        (call for call in fitting if call.closes.year == day.year), key=lambda call: call.closes
    )
    call = next(iter([*open_, *reversed(missed)]), None) or _year(kind, day)
    found = open_call(call, kind)
    if not call.challenges:
        _publish_named(found, application)
    return found


def _group(application: Application, edition: Edition) -> str:
    """The group the application will be ranked in; "" where it is not ranked."""
    procedure = procedure_of(application, edition)
    selection = edition.shape.procedures[procedure].selection
    if selection is None:
        return ""
    answers = {key: acts.as_answer(value) for key, value in application.form.items()}
    found = assess(edition.shape, procedure, answers, {}, application.submitted_on)
    return str(found.value(selection.group))


def _year(kind: Programme, day: date) -> reader.Round:
    return reader.Round(
        id=f"{kind.code}-{day.year}",
        programme=kind.code,
        title=f"{day.year}",
        opens=date(day.year, 1, 1),
        closes=date(day.year, 12, 31),
    )


def open_call(call: reader.Round, kind: Programme) -> Round:
    """The call as the house has it, announced when it opens."""
    if found := Round.objects.filter(key=call.id).select_related("edition").first():
        return found
    given = call.model_dump(include=set(rounds.TERMS), exclude={"title", "opens", "closes"})
    terms = {name: value for name, value in given.items() if value not in (None, "", {})}
    opens = clock.start_of(call.opens)
    with clock.at(opens), _as_told(call.id):
        found = rounds.open_round(
            programme=kind.key,
            key=call.id,
            title=call.title,
            opens=opens,
            closes=clock.end_of(call.closes),
            by=demo.cast(CITY).officer,
            **terms,
        )
        for challenge in call.challenges:
            _publish(found, challenge)
    return found


@contextmanager
def _as_told(name: str) -> Iterator[None]:
    """Settings the rules do not allow make a bad recording."""
    try:
        yield
    except ValidationError as wrong:
        said = "; ".join(f"{key}: {', '.join(words)}" for key, words in wrong.message_dict.items())
        raise BadRecording(f"{name}: {said}") from wrong


# --- challenges -----------------------------------------------------------------------------------
def _publish(call: Round, told: reader.Challenge) -> None:
    if Challenge.objects.filter(number=told.number).exists():
        return
    with clock.at(call.opens), _as_told(told.number):
        rounds.publish_challenge(
            call,
            number=told.number,
            line=told.line,
            title=told.title or told.number,
            need=told.need or "见榜单。",
            owner=told.owner or "示例需求单位",
            cap=told.cap,
            opens=clock.start_of(told.opens) if told.opens else None,
            closes=clock.end_of(told.closes) if told.closes else None,
            by=demo.cast(CITY).officer,
        )


def _publish_named(call: Round, application: Application) -> None:
    """The need an application bids for is published, since its call tells of none."""
    funding = call.edition.shape.procedures[procedure_of(application, call.edition)].funding
    if funding is None or not funding.challenge:
        return
    if number := application.form.get(funding.challenge):
        line = str(application.form.get(funding.line, ""))
        _publish(call, reader.Challenge(number=str(number), line=line))
