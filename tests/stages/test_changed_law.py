"""The law changes while files run (X41)."""

import json

import pytest

from workflows.calendar import DAY
from workflows.edition import Edition as Rules
from workflows.edition import canonical, digest
from workflows.errors import EditionUnfit, NotEligible, NotEntitled, ReasonMissing, StageClosed
from workflows.models import Edition, Event
from workflows.stages import review

pytestmark = pytest.mark.django_db
BETTER = "新规则缩短了办理期限，对申请人更有利"


def published(of: Edition, **changes: object) -> Edition:
    """A newer edition of the same programme; ``changes`` are those of certification."""
    content = json.loads(of.content)
    content["version"] = "2099.1"
    content["procedures"]["certification"] |= changes
    rules = Rules.model_validate(content)
    return Edition.objects.create(
        programme=of.programme,
        version=rules.version,
        digest=digest(rules),
        content=canonical(rules),
        published=of.published + DAY,
    )


def quicker(of: Edition) -> Edition:
    total = json.loads(of.content)["procedures"]["certification"]["total"]
    return published(of, total={**total, "days": total["days"] - 10})


def test_x41_a_running_case_keeps_the_edition_it_began_with(certification):
    certification.to("district_review")
    former = certification.case.edition

    quicker(former)
    certification.to("opinion")

    assert certification.case.edition == former
    assert certification.case.rules.version == former.version


def test_x41_a_draft_of_an_open_round_has_the_edition_of_the_round(certification, begin):
    known = certification.case
    quicker(known.edition)

    later = begin("P1-002")

    assert later.case.edition == known.round.edition == known.edition


def test_x41_the_leader_puts_a_case_under_newer_rules_that_are_better(certification):
    certification.to("district_review")
    before = certification.case
    newer = quicker(before.edition)

    review.apply_newer(before, newer, reason=BETTER, by=certification.cast.leader)

    after = certification.case
    told = json.loads(Event.objects.get(case=after, kind="newer_edition_applied").body)["facts"]
    assert after.edition == newer
    assert after.due < before.due
    assert (told["former"], told["digest"]) == (before.edition.digest, newer.digest)
    assert [each.content_hash for each in after.submissions.all()] == [
        before.filed.content_hash
    ] * 2
    certification.to("opinion")  # and the flow goes on


def test_x41_newer_rules_that_the_answers_do_not_meet_change_nothing(certification):
    certification.to("district_review")
    former = certification.case.edition
    content = json.loads(former.content)
    rule = {
        "code": "E99",
        "holds": "false",
        "effect": "block",
        "zh": "新规则",
        "en": "The new rule",
        "sentence": {"zh": "不符合新规则。", "en": "The new rule is not met."},
        "source": "test",
    }
    rules = Rules.model_validate(
        {**content, "version": "2099.2", "eligibility": [*content["eligibility"], rule]}
    )
    stricter = Edition.objects.create(
        programme=former.programme,
        version=rules.version,
        digest=digest(rules),
        content=canonical(rules),
        published=former.published + DAY,
    )

    with pytest.raises(NotEligible):
        review.apply_newer(
            certification.case, stricter, reason=BETTER, by=certification.cast.leader
        )

    assert certification.case.edition == former
    assert certification.case.submissions.count() == 1


def test_x41_only_the_leader_applies_newer_rules_and_only_with_words(certification):
    certification.to("district_review")
    newer = quicker(certification.case.edition)

    with pytest.raises(NotEntitled):
        review.apply_newer(certification.case, newer, reason=BETTER, by=certification.cast.officer)
    with pytest.raises(ReasonMissing):
        review.apply_newer(certification.case, newer, reason=" ", by=certification.cast.leader)


def test_x41_a_case_goes_neither_back_nor_to_another_programme(certification):
    certification.to("district_review")
    case = certification.case
    foreign = Edition.objects.exclude(programme=case.programme_key)[0]

    for other in (case.edition, foreign):
        with pytest.raises(EditionUnfit):
            review.apply_newer(case, other, reason=BETTER, by=certification.cast.leader)


def test_x41_once_outsiders_have_the_file_its_rules_stand(certification):
    certification.to("panel")
    newer = quicker(certification.case.edition)

    with pytest.raises(StageClosed):
        review.apply_newer(certification.case, newer, reason=BETTER, by=certification.cast.leader)
