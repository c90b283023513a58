"""The procedure as a flow: the table of contents of domain 2.2.4."""

from workflows import candidates, steps
from workflows.models import Case
from workflows.stages import deliberation, visits
from workflows.stages.panel import seats_in_play
from workflows.steps import CaseFlow, this


def course(case: Case) -> str:
    """Whether the case is ranked in a group, or stands alone."""
    return "grouped" if case.group else "alone"


class DesignationFlow(CaseFlow):
    """Base designation"""

    submission = steps.start().Next(this.acceptance)

    acceptance = steps.step(candidates.district("window"), limit="completeness").Next(this.received)
    received = steps.by_state(
        accepted=this.district_review, returned=this.correction, not_accepted=this.end
    )
    correction = steps.step(candidates.applicant, limit="correction").Next(this.corrected)
    corrected = steps.by_state(submitted=this.acceptance, abandoned=this.end)

    district_review = steps.step(
        candidates.district("district_reviewer"), limit="district_review"
    ).Next(this.department_review)
    department_review = steps.step("case_officer", limit="department_review").Next(this.reviewed)
    reviewed = steps.by_state(
        evaluating=this.panel, accepted=this.district_review, proposal=this.proposal
    )

    panel = steps.step("agency_manager", limit="proposal").Next(this.sheets)
    sheets = steps.each(this.sheet, seats_in_play)
    sheet = steps.step(owner=candidates.person, limit="evaluation").Next(this.read)
    read = steps.join_when(visits.sheets_are_in).Next(this.weighed)
    weighed = steps.by_state(evaluating=this.visit, proposal=this.placed)
    visit = steps.step("case_officer", limit="visit").Next(this.placed)
    placed = steps.by_fact(course, alone=this.proposal, grouped=this.ranking)
    ranking = steps.wait().Next(this.proposal)

    proposal = steps.step("case_officer", limit="proposal").Next(this.endorsement)
    endorsement = steps.step("leader", limit="proposal").Next(this.tabling)
    tabling = steps.step("case_officer", limit="deliberation").Next(this.sitting)
    sitting = steps.each(this.ballot, deliberation.voters).over(this.resolution, deliberation.chair)
    ballot = steps.step(owner=candidates.person, limit="deliberation").Next(this.resolved)
    resolution = steps.step(owner=candidates.person, limit="deliberation").Next(this.resolved)
    resolved = steps.join("meeting").Next(this.settled)
    settled = steps.by_state(notice=this.publication, signing=this.signing, proposal=this.proposal)

    publication = steps.step("case_officer", limit="proposal").Next(this.notice)
    notice = steps.wait().Next(this.published)
    published = steps.by_state(signing=this.signing, objection=this.objection)
    objection = steps.step("case_officer", limit="objection").Next(this.answered)
    answered = steps.by_state(
        notice=this.notice, signing=this.signing, evaluating=this.panel, proposal=this.proposal
    )

    signing = steps.step("issuer", limit="signing").Next(this.signed)
    signed = steps.by_state(signing=this.sealing, proposal=this.proposal)
    sealing = steps.step("seal_keeper", limit="signing").Next(this.sealed)
    sealed = steps.by_state(signing=this.issuing, proposal=this.proposal)
    issuing = steps.wait().Next(this.delivery)
    delivery = steps.wait("delivery").Next(this.end)
    end = steps.end()
