"""The addresses of the office."""

from django.urls import path

from workflows.views.desk import case_file, evidence, inbox, ledger, task

urlpatterns = [
    path("tasks/", inbox.tasks, name="tasks"),
    path("tasks/<int:pk>/", task.task, name="task"),
    path("tasks/<int:pk>/claim/", task.task_claim, name="task_claim"),
    path("tasks/<int:pk>/release/", task.task_give_back, name="task_give_back"),
    path("tasks/<int:pk>/decide/", task.task_decide, name="task_decide"),
    path("tasks/<str:queue>/", inbox.tasks_queue, name="tasks_queue"),
    path("cases/", ledger.cases, name="cases"),
    path("cases/export/", ledger.cases_csv, name="cases_csv"),
    path("cases/<str:reference>/", case_file.case_file, name="case_file"),
    path("cases/<str:reference>/act/", case_file.case_act, name="case_act"),
    path(
        "cases/<str:reference>/objections/<str:number>/<int:position>/",
        case_file.objection_file,
        name="objection_file",
    ),
    path("files/<int:pk>/", evidence.file, name="file"),
    path("files/<int:pk>/pages/<int:number>/", evidence.file_page, name="file_page"),
]
