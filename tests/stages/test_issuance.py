"""Signing and sealing: numbers in order, papers once, and what happens when one cannot be made."""

import pytest
from django.utils import translation

from tests.stages.course import Course
from workflows import clock, jobs, store
from workflows.errors import NotEntitled, PaperNotReady, ReasonMissing, StageClosed
from workflows.models import Certificate, Document, Job, Message, Number, Organisation
from workflows.models.case import State
from workflows.stages import deliberation, issuance, operation, papers, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def signing(pool_entry: Course) -> Course:
    """The decision waits for its signature."""
    return pool_entry.to("signing")


@pytest.fixture
def sealing(pool_entry: Course) -> Course:
    """The signed decision waits for its seal."""
    return pool_entry.to("sealing")


@pytest.fixture
def issuing(pool_entry: Course) -> Course:
    """Sealed; the papers are asked for and not made yet."""
    return pool_entry.to("issuing")


def numbers(course: Course) -> list[str]:
    return list(
        Number.objects.filter(case=course.case).order_by("pk").values_list("text", flat=True)
    )


# --- signing and sealing ------------------------------------------------------------------------
def test_the_issuer_signs_and_nobody_else(signing):
    for stranger in (signing.cast.leader, signing.cast.seal):
        with pytest.raises(NotEntitled):
            issuance.sign(signing.case, by=stranger)

    decision = issuance.sign(signing.case, by=signing.cast.issuer)

    assert (decision.signed, decision.signed_by) == (clock.now(), signing.cast.issuer)
    assert signing.waiting == ["sealing"]


def test_a_decision_is_signed_once(sealing):
    with pytest.raises(StageClosed):
        issuance.sign(sealing.case, by=sealing.cast.issuer)


def test_nothing_is_sealed_before_it_is_signed(signing):
    with pytest.raises(StageClosed):
        issuance.seal(signing.case, by=signing.cast.seal)

    assert signing.case.decision.sealed is None


def test_numbers_are_given_at_sealing_and_not_before(sealing):
    assert (sealing.case.decision.number, numbers(sealing)) == ("", [])

    issuance.seal(sealing.case, by=sealing.cast.seal)

    assert numbers(sealing) == ["沪产教联办〔2026〕1号", "沪产教培库〔2026〕0001号"]
    assert sealing.case.decision.number == "沪产教联办〔2026〕1号"
    with pytest.raises(StageClosed):
        issuance.seal(sealing.case, by=sealing.cast.seal)


def test_numbers_follow_the_order_of_sealing(pool_entry, certification):
    first, second = certification.to("sealing"), pool_entry.to("sealing")

    for course in (second, first):
        issuance.seal(course.case, by=course.cast.seal)

    assert numbers(second) == ["沪产教联办〔2026〕1号", "沪产教培库〔2026〕0001号"]
    assert numbers(first) == ["沪产教联办〔2026〕2号", "CJRH-QY-310000-2026-0001"]


def test_a_number_that_a_title_from_before_this_house_bears_is_passed_over(sealing):
    register.import_title(
        Organisation.objects.exclude(pk=sealing.case.applicant_id)[0],
        programme_key="enterprise_certification",
        kind="pool_entry",
        title="产教融合型企业培育库",
        number="沪产教培库〔2026〕0001号",
        granted=clock.today(),
        by=sealing.cast.officer,
    )

    issuance.seal(sealing.case, by=sealing.cast.seal)

    assert numbers(sealing) == ["沪产教联办〔2026〕1号", "沪产教培库〔2026〕0002号"]


def test_certificates_of_two_types_never_share_an_identifier(
    pool_entry, certification, plain_papers
):
    for course in (pool_entry, certification):
        course.to("issuing").papers()

    titles = Certificate.objects.exclude(case=None).order_by("pk")
    assert [each.number for each in titles] == [
        "沪产教培库〔2026〕0001号",
        "CJRH-QY-310000-2026-0001",
    ]
    assert len({each.identifier for each in titles}) == 2


# --- the result ---------------------------------------------------------------------------------
def test_the_last_paper_grants_the_title_and_delivers_it(issuing, plain_papers):
    assert issuing.state == State.SIGNING

    issuing.papers()

    title = Certificate.objects.get(case=issuing.case)
    assert (issuing.state, issuing.case.outcome) == (State.GRANTED, "entered_pool")
    assert (title.number, title.valid_from) == ("沪产教培库〔2026〕0001号", clock.today())
    assert issuing.case.decision.delivered == clock.now()
    assert issuing.kinds[-2:] == ["granted", "delivered"]
    assert Message.objects.filter(kind="decided").exists()
    assert issuing.waiting == []


def test_a_refusal_tells_its_reasons_and_remedies(certification, plain_papers):
    certification.to("proposal")
    deliberation.propose(
        certification.case,
        outcome_="refused",
        finding="评估未达标准。",
        reasons=["实习证据不足", "年度报告未公开"],
        by=certification.cast.officer,
    )

    certification.to("issuing").papers()

    letter = Document.objects.get(case=certification.case, kind="decision_refused")
    said = papers.facts(letter)
    assert (certification.state, certification.case.outcome) == (State.REFUSED, "refused")
    assert [item["text"] for item in said["items"]] == ["实习证据不足", "年度报告未公开"]
    assert certification.case.procedure.remedies.zh in said["closing"]
    assert (
        numbers(certification),
        Certificate.objects.filter(case=certification.case).count(),
    ) == (
        ["沪产教联办〔2026〕1号"],
        0,
    )


def test_a_title_is_registered_in_both_languages_whatever_the_worker_speaks(issuing, plain_papers):
    with translation.override("en"):
        issuing.papers()

    title, grant = Certificate.objects.get(), issuing.case.procedure.grant
    with translation.override("zh-hans"):
        assert (title.called, title.graded) == (grant.title.zh, grant.level.zh)
    with translation.override("en"):
        assert (title.called, title.graded) == (grant.title.en, grant.level.en)


def test_receipt_is_confirmed_once_the_result_is_delivered(issuing, plain_papers):
    with pytest.raises(PaperNotReady):
        issuance.acknowledge(issuing.case, by=issuing.signer)
    issuing.papers()
    for other in (issuing.cast.officer, issuing.clerk):
        with pytest.raises(NotEntitled):
            issuance.acknowledge(issuing.case, by=other)

    issuance.acknowledge(issuing.case, by=issuing.signer)
    issuance.acknowledge(issuing.case, by=issuing.signer)

    assert issuing.kinds.count("receipt_confirmed") == 1


# --- held ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("node", ["signing", "sealing"])
def test_a_new_finding_before_the_seal_sends_the_case_back(pool_entry, node):
    pool_entry.to(node)
    with pytest.raises(ReasonMissing):
        issuance.hold(pool_entry.case, reason=" ", by=pool_entry.cast.issuer)
    with pytest.raises(NotEntitled):
        issuance.hold(pool_entry.case, reason="失信", by=pool_entry.cast.officer)

    issuance.hold(pool_entry.case, reason="被列入失信名单", by=pool_entry.cast.seal)

    assert (pool_entry.state, pool_entry.waiting) == (State.PROPOSAL, ["proposal"])
    assert pool_entry.case.decision.signed is None
    pool_entry.to("issuing")  # it may still be decided, with everything done again
    assert numbers(pool_entry) == ["沪产教联办〔2026〕1号", "沪产教培库〔2026〕0001号"]


def test_nothing_holds_a_sealed_decision(issuing):
    with pytest.raises(StageClosed):
        issuance.hold(issuing.case, reason="失信", by=issuing.cast.seal)


# --- papers that cannot be made -----------------------------------------------------------------
def try_for_hours(course: Course) -> None:
    """Let the workers try as often as they will."""
    for _ in range(jobs.FAILURES):
        course.clock.pass_(hours=1)
        jobs.run_due()


def test_a_rare_character_waits_for_a_font_and_loses_nothing(sealing, monkeypatch, request, caplog):
    applicant = sealing.case.applicant
    applicant.name = "上海𠮷川颐养服务集团有限公司"
    applicant.save(update_fields=["name"])
    sealing.papers()
    issuance.seal(sealing.case, by=sealing.cast.seal)

    try_for_hours(sealing)

    stuck = Job.objects.filter(state=Job.State.INCIDENT)
    assert {job.last_error for job in stuck} == {
        "RareCharacter: The paper cannot be printed yet: no font holds 𠮷. The case waits for it."
    }
    assert (sealing.state, sealing.waiting) == (State.SIGNING, ["issuing"])
    assert not Certificate.objects.exists()

    request.getfixturevalue("plain_papers")  # as if a font with the character had been installed
    for job in stuck:
        operation.retry(job, by=sealing.cast.operator)
    sealing.papers()

    title = Certificate.objects.get()
    assert (sealing.state, title.holder_name) == (State.GRANTED, applicant.name)
    assert numbers(sealing) == ["沪产教联办〔2026〕1号", "沪产教培库〔2026〕0001号"]
    assert "needs a person" in caplog.text


def test_a_full_disk_delays_the_papers_and_loses_nothing(
    issuing, plain_papers, monkeypatch, caplog
):
    def full(files: store.FileStore, data: bytes) -> str:
        raise store.StoreFull

    with monkeypatch.context() as broken:
        broken.setattr(store.FileStore, "put", full)
        issuing.papers()
    waiting = Job.objects.filter(kind="issue_document", state=Job.State.READY)
    assert {job.last_error for job in waiting} == {
        "StoreFull: The file store is full, so nothing was changed. Please try again later."
    }
    assert issuing.state == State.SIGNING

    issuing.clock.pass_(minutes=1)
    issuing.papers()

    assert issuing.state == State.GRANTED
    assert set(Document.objects.values_list("state", flat=True)) == {"issued"}
    assert "tried again" in caplog.text
