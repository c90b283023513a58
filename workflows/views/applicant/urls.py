"""Pages of those who apply."""

from django.urls import path

from workflows.views.applicant import (
    checking,
    corrections,
    endings,
    filing,
    inbox,
    members,
    overview,
    papers,
    progress,
    sections,
    start,
    titles,
    workspace,
)

urlpatterns = [
    path("workspace/", workspace.workspace, name="workspace"),
    path("apply/", start.apply, name="apply"),
    path("certificates/", titles.certificates, name="certificates"),
    path("messages/", inbox.messages, name="messages"),
    path("messages/read/", inbox.messages_read, name="messages_read"),
    path("account/members/", members.org_members, name="org_members"),
    path("a/<str:reference>/", overview.case, name="case"),
    path("a/<str:reference>/s/<str:section>/", sections.case_section, name="case_section"),
    path("a/<str:reference>/files/", papers.case_files, name="case_files"),
    path(
        "a/<str:reference>/files/<str:code>/<str:digest>/",
        papers.case_file,
        name="case_file_attached",
    ),
    path(
        "a/<str:reference>/files/<str:code>/<str:digest>/remove/",
        papers.case_file_remove,
        name="case_file_remove",
    ),
    path("a/<str:reference>/check/", checking.case_check, name="case_check"),
    path("a/<str:reference>/submit/", filing.case_submit, name="case_submit"),
    path("a/<str:reference>/done/", filing.case_receipt, name="case_receipt"),
    path("a/<str:reference>/progress/", progress.case_progress, name="case_progress"),
    path("a/<str:reference>/acknowledge/", progress.case_acknowledge, name="case_acknowledge"),
    path("a/<str:reference>/correction/", corrections.case_correction, name="case_correction"),
    path("a/<str:reference>/withdraw/", endings.case_withdraw, name="case_withdraw"),
    path("a/<str:reference>/discard/", endings.case_discard, name="case_discard"),
]
