"""From the application to the certificate: nobody recommends, two people look, all decide."""

from workflows import candidates, steps
from workflows.stages import deliberation
from workflows.stages.panel import seats_in_play
from workflows.steps import CaseFlow, this


class OpenCourseFlow(CaseFlow):
    """Recognition of an open course"""  # noqa: D400, D415 -- a title

    submission = steps.start().Next(this.acceptance)

    acceptance = steps.step(candidates.district("window"), limit="completeness").Next(this.received)
    received = steps.by_state(
        accepted=this.screening, returned=this.correction, not_accepted=this.end
    )
    correction = steps.step(candidates.applicant, limit="correction").Next(this.corrected)
    corrected = steps.by_state(submitted=this.acceptance, abandoned=this.end)

    screening = steps.step("case_officer", limit="proposal").Next(this.screened)
    screened = steps.by_state(evaluating=this.panel, proposal=this.proposal)
    panel = steps.step("case_officer", limit="proposal").Next(this.sheets)
    sheets = steps.each(this.sheet, seats_in_play)
    sheet = steps.step(owner=candidates.person, limit="evaluation").Next(this.evaluated)
    evaluated = steps.join("evaluating").Next(this.proposal)

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
