"""Schools of both sides: one whose figures are being checked, one asked to confirm them."""

from tests.authorization.world import Side, code_of
from tests.programmes.benchmark_school import cohort
from tests.programmes.benchmark_school.cohort import School
from tests.stages import schooling
from workflows import clock, demo
from workflows.models import Case, Membership, Organisation, Round, User
from workflows.stages import acceptance, drafting, panel, review, submission, verification

OTHER = demo.Agency("另一家评估公司", "91330602MAYY3C025R")


def settle(owner: Side, call: Round, agency: demo.Agency | None = None) -> None:
    """Add the two cases to ``owner``: ``data_sheet`` and ``confirmation``."""
    by = demo.cast(owner.district, agency).agency
    checking, asked = (filed(owner, call) for _ in range(2))
    owner.cases["data_sheet"] = assigned(owner, checking, by)
    for seat in assigned(owner, asked, by).seats.all():
        panel.declare(seat, by=seat.expert)
        verification.check_figures(seat, findings={}, by=seat.expert)
    owner.cases["confirmation"] = _fresh(asked)


def filed(owner: Side, call: Round) -> Case:
    """The application of one more school of ``owner``."""
    code = code_of(owner.district, Organisation.objects.count() + 1)
    school = School(f"{owner.mark}学院{code}", code, "higher_vocational", cohort.CAOJIANG.figures)
    found = Organisation.objects.create(
        name=school.name,
        uscc=code,
        kind=school.kind,
        district=owner.district,
        registered=clock.now(),
    )
    for person, role in zip((owner.clerk, owner.signer), ("clerk", "signer"), strict=True):
        Membership.objects.create(user=person, organisation=found, role=role, valid_from=demo.SINCE)
    clerk, signer = demo.clerk(found), demo.signer(found)
    case = drafting.draft(call, procedure=schooling.PROCEDURE, organisation=found, by=clerk)
    given = {**case.draft, **schooling.answers(school), "district_code": owner.district}
    case = drafting.save(case, answers=given, revision=case.draft_revision, by=clerk)
    submission.submit(case, by=signer)
    return case


def assigned(owner: Side, case: Case, by: User) -> Case:
    """Two checkers of the side have the figures and have not declared yet."""
    acceptance.accept(_fresh(case), by=owner.cast.window)
    review.screen(_fresh(case), verdict="evaluate", text="", by=owner.cast.officer)
    verification.assign(_fresh(case), checkers=owner.cast.checkers[:2], by=by)
    return _fresh(case)


def _fresh(case: Case) -> Case:
    found: Case = Case.objects.select_related("applicant", "edition").get(pk=case.pk)
    return found
