"""The procedure as a flow: a table of contents of domain 2.3.4."""

from workflows import candidates, steps
from workflows.stages import deliberation, evaluation, figures, verification
from workflows.stages.panel import seats_in_play
from workflows.steps import CaseFlow, this


class RecognitionFlow(CaseFlow):
    """Recognition of benchmark schools"""

    submission = steps.start().Next(this.acceptance)

    acceptance = steps.step(candidates.district("window"), limit="completeness").Next(this.received)
    received = steps.by_state(
        accepted=this.screening, returned=this.correction, not_accepted=this.end
    )
    correction = steps.step(candidates.applicant, limit="correction").Next(this.corrected)
    corrected = steps.by_state(submitted=this.acceptance, abandoned=this.end)
    screening = steps.step("case_officer", limit="screening").Next(this.screened)
    screened = steps.by_state(evaluating=this.data_check, proposal=this.proposal)

    data_check = steps.step("agency_manager", limit="proposal").Next(this.data_sheets)
    data_sheets = steps.each(this.data_sheet, verification.branches)
    data_sheet = steps.step(owner=candidates.person, limit="data_check").Next(this.checked)
    checked = steps.join_when(figures.checked).Next(this.confirmation)
    confirmation = steps.step(candidates.applicant, limit="confirmation").Next(this.confirmed)
    confirmed = steps.by_fact(figures.answer, confirmed=this.freezing, contested=this.settlement)
    settlement = steps.step("agency_manager", limit="settlement").Next(this.freezing)

    freezing = steps.wait().Next(this.ranked)
    ranked = steps.by_state(evaluating=this.panel, proposal=this.proposal)
    panel = steps.step("agency_manager", limit="proposal").Next(this.sheets)
    sheets = steps.each(this.sheet, seats_in_play)
    sheet = steps.step(owner=candidates.person, limit="evaluation").Next(this.read)
    read = steps.join_when(evaluation.reading_over).Next(this.evaluated)
    evaluated = steps.by_state(evaluating=this.data_check, proposal=this.proposal)

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
    published = steps.by_state(
        signing=this.signing, objection=this.objection, proposal=this.proposal
    )
    objection = steps.step("case_officer", limit="objection").Next(this.answered)
    answered = steps.by_state(
        notice=this.notice,
        signing=this.signing,
        evaluating=this.data_check,
        proposal=this.proposal,
    )

    signing = steps.step("issuer", limit="signing").Next(this.signed)
    signed = steps.by_state(signing=this.sealing, proposal=this.proposal)
    sealing = steps.step("seal_keeper", limit="signing").Next(this.sealed)
    sealed = steps.by_state(signing=this.issuing, proposal=this.proposal)
    issuing = steps.wait().Next(this.delivery)
    delivery = steps.wait("delivery").Next(this.end)
    end = steps.end()
