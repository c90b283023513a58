"""A title that was cut to another registration runs on once that is renewed (X48)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from tests import rows
from tests.conftest import StandingClock
from tests.views.public.addresses import at, text
from workflows import clock, demo
from workflows.documents import codes
from workflows.errors import NotEntitled, ReasonMissing, StageClosed, TermFixed, TermOutOfReach
from workflows.models import Certificate, Decision, Document, Edition, Event
from workflows.stages import register

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows, pytest.mark.usefixtures("office")]
GRANTED, LICENCE = date(2026, 9, 7), date(2027, 6, 30)
RENEWED, LAST = date(2028, 6, 30), date(2029, 9, 6)
PROOF = "民办学校办学许可证（续期至2028年6月30日）"


@pytest.fixture
def title(standing_clock: StandingClock) -> Certificate:
    """A school's title of three years, cut to the end of its licence."""
    return entered("benchmark_school", "recognition", LICENCE)


def entered(programme: str, procedure: str, valid_to: date | None) -> Certificate:
    rules = Edition.objects.get(programme=programme)
    case = rows.case(edition=rules, programme_key=programme, procedure_key=procedure)
    Decision.objects.create(
        case=case,
        outcome="recognised",
        grants=True,
        proposed=clock.now(),
        proposed_by=case.created_by,
        delivered=clock.now(),
    )
    document = Document.objects.create(
        case=case,
        kind="recognition",
        title="认定证书",
        code=codes.new_code(),
        state="issued",
        record="{}",
        record_sha256="0" * 64,
        dated=clock.now(),
        issued=clock.now(),
    )
    return Certificate.objects.create(
        holder=case.applicant,
        holder_name=case.applicant.name,
        programme_key=programme,
        kind=procedure,
        title="标杆学校",
        number="沪产教校〔2026〕1号",
        valid_from=GRANTED,
        valid_to=valid_to,
        case=case,
        document=document,
        registered=clock.now(),
    )


def extended(title: Certificate, valid_to: date = RENEWED, proof: str = PROOF) -> Certificate:
    officer = demo.cast("310115").officer
    return register.extend_term(title, valid_to=valid_to, proof=proof, by=officer)


def said(day: date) -> str:
    with translation.override("en"):
        return date_format(day)


def test_x48_a_title_runs_on_with_the_renewed_registration(title):
    extended(title)

    title.refresh_from_db()
    event = Event.objects.get(case=title.case, kind="term_extended")
    assert (title.valid_to, title.state) == (RENEWED, Certificate.State.ACTIVE)
    assert [(step["from"], step["to"]) for step in title.facts["extended"]] == [
        (LICENCE.isoformat(), RENEWED.isoformat())
    ]
    assert PROOF in event.body


def test_x48_the_public_page_shows_the_new_end_and_the_printed_one(title):
    page = at("certificate_check", title.document.code)
    before = text(Client().get(page))

    extended(title)

    after = text(Client().get(page))
    assert said(LICENCE) in before
    assert said(RENEWED) in after
    assert f"{said(LICENCE)}, extended since" in after
    assert PROOF not in after


def test_x48_a_title_is_extended_again_but_never_beyond_its_own_term(title):
    extended(title)

    with pytest.raises(TermOutOfReach) as refused:
        extended(title, LAST + timedelta(days=1))
    extended(title, LAST)

    title.refresh_from_db()
    assert refused.value.facts["last"] == LAST.isoformat()
    assert title.valid_to == LAST


@pytest.mark.parametrize("day", [LICENCE, LICENCE - timedelta(days=1)])
def test_x48_an_extension_never_shortens(title, day):
    with pytest.raises(TermOutOfReach):
        extended(title, day)


def test_x48_proof_is_needed_and_the_officer_alone_takes_it(title):
    leader = demo.cast("310115").leader

    with pytest.raises(ReasonMissing):
        extended(title, proof=" ")
    with pytest.raises(NotEntitled):
        register.extend_term(title, valid_to=RENEWED, proof=PROOF, by=leader)


def test_x48_a_title_that_ended_is_not_revived(title, standing_clock):
    standing_clock.move_to(clock.start_of(LICENCE + timedelta(days=1)))

    with pytest.raises(StageClosed):
        extended(title)


def test_x48_a_title_that_was_cut_to_nothing_is_not_extended(standing_clock):
    title = entered("enterprise_certification", "certification", LICENCE)

    with pytest.raises(TermFixed):
        extended(title)
