"""The addresses of the office."""

from django.urls import path

from workflows.views.desk import (
    calls,
    case_file,
    evidence,
    inbox,
    ledger,
    rankings,
    ratings,
    registrations,
    task,
    visit,
)

urlpatterns = [
    path("tasks/", inbox.tasks, name="tasks"),
    path("tasks/<int:pk>/", task.task, name="task"),
    path("tasks/<int:pk>/claim/", task.task_claim, name="task_claim"),
    path("tasks/<int:pk>/release/", task.task_give_back, name="task_give_back"),
    path("tasks/<int:pk>/decide/", task.task_decide, name="task_decide"),
    path("tasks/<str:queue>/", inbox.tasks_queue, name="tasks_queue"),
    path("calls/", calls.calls, name="calls"),
    path("calls/new/<slug:programme>/", calls.call_new, name="call_new"),
    path("calls/<str:key>/", calls.call, name="call"),
    path("calls/<str:key>/change/", calls.call_change, name="call_change"),
    path("calls/<str:key>/challenge/", calls.call_challenge, name="call_challenge"),
    path("rankings/", rankings.rankings, name="rankings"),
    path("rankings/<str:call>/<str:procedure>/<str:code>/", rankings.group, name="ranking"),
    path(
        "rankings/<str:call>/<str:procedure>/<str:code>/export/",
        rankings.group_csv,
        name="ranking_csv",
    ),
    path("ratings/", ratings.ratings, name="ratings"),
    path("ratings/<int:pk>/", ratings.rating, name="rating"),
    path("registrations/", registrations.registrations, name="registrations"),
    path("registrations/<int:pk>/", registrations.registration_one, name="registration"),
    path(
        "registrations/<int:pk>/<str:paper>/",
        registrations.registration_paper,
        name="registration_paper",
    ),
    path("cases/", ledger.cases, name="cases"),
    path("cases/export/", ledger.cases_csv, name="cases_csv"),
    path("cases/<str:reference>/", case_file.case_file, name="case_file"),
    path("cases/<str:reference>/act/", case_file.case_act, name="case_act"),
    path(
        "cases/<str:reference>/objections/<str:number>/<int:position>/",
        case_file.objection_file,
        name="objection_file",
    ),
    path("cases/<str:reference>/visit/", visit.visit, name="visit"),
    path("visits/<int:pk>/photos/<int:number>/", visit.photo, name="visit_photo"),
    path("files/<int:pk>/", evidence.file, name="file"),
    path("files/<int:pk>/pages/<int:number>/", evidence.file_page, name="file_page"),
]
