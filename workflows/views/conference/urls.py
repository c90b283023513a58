"""Pages of those who weigh, decide and watch: experts, the joint conference, audit, operation."""

from django.urls import path

from workflows.views.conference import (
    agenda,
    audit_findings,
    ballots,
    chronicle,
    evaluations,
    figures,
    ledger,
    meetings,
    operations,
    outages,
    sheets,
)

urlpatterns = [
    path("eval/", evaluations.evaluations, name="evaluations"),
    path("eval/<str:code>/", sheets.evaluation, name="evaluation"),
    path("eval/<str:code>/declare/", evaluations.evaluation_declare, name="evaluation_declare"),
    path("eval/<str:code>/recuse/", evaluations.evaluation_recuse, name="evaluation_recuse"),
    path("eval/<str:code>/figures/", figures.figures_sheet, name="figures_sheet"),
    path("eval/<str:code>/lock/", sheets.evaluation_lock, name="evaluation_lock"),
    path("eval/<str:code>/files/<int:number>/", sheets.evaluation_file, name="evaluation_file"),
    path("commission/", ballots.commission, name="commission"),
    path(
        "commission/m/<str:number>/<str:reference>/",
        ballots.commission_item,
        name="commission_item",
    ),
    path("commission/m/<str:number>/<str:reference>/vote/", ballots.vote, name="vote"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<str:number>/", agenda.meeting, name="meeting"),
    path("meetings/<str:number>/attendance/", agenda.meeting_attend, name="meeting_attend"),
    path("meetings/<str:number>/minutes/", agenda.meeting_minutes, name="meeting_minutes"),
    path(
        "meetings/<str:number>/<str:reference>/resolve/",
        agenda.meeting_resolve,
        name="meeting_resolve",
    ),
    path("audit/", chronicle.audit, name="audit"),
    path("audit/<str:reference>/", chronicle.audit_case, name="audit_case"),
    path("audit/<str:reference>/findings/", audit_findings.audit_findings, name="audit_findings"),
    path("ops/cases/", operations.operations, name="operations"),
    path("ops/cases/<str:reference>/", operations.case_operation, name="case_operation"),
    path("ops/jobs/", ledger.jobs, name="jobs"),
    path("ops/outages/", outages.outages, name="outages"),
    path("ops/jobs/<uuid:pk>/retry/", ledger.job_retry, name="job_retry"),
]
