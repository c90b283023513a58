"""Pages for anyone: no account, nothing private, no JavaScript."""

from django.urls import path

from workflows.views.public import (
    checking,
    directory,
    feedback,
    files,
    guide,
    home,
    notices,
    objections,
    papers,
    progress,
    registers,
    rounds,
    self_checking,
    verification,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("privacy/", home.privacy, name="privacy"),
    path("contact/", home.contact, name="contact"),
    path("guide/", guide.guide, name="guide"),
    path("guide/<slug:programme>/", guide.guide_programme, name="guide_programme"),
    path("apply/check/<slug:programme>/", self_checking.self_checking, name="self_check"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/<str:key>/", rounds.round_guide, name="round"),
    path("challenges/", rounds.challenges, name="challenges"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:slug>/", notices.notice, name="notice"),
    path("notices/<slug:slug>/objection/", objections.objection, name="objection"),
    path("objections/<str:receipt>/", objections.filed, name="objection_filed"),
    path("feedback/<str:token>/", feedback.feedback, name="feedback"),
    path("verify/", verification.verify, name="verify"),
    path("verify/file/", files.verify_file, name="verify_file"),
    path("v/<str:code>/", checking.certificate_check, name="certificate_check"),
    path("papers/<str:code>.pdf", papers.paper, name="paper"),
    path("directory/", directory.directory, name="directory"),
    path("directory/register.csv", directory.directory_csv, name="directory_csv"),
    path("directory/projects/", registers.projects, name="projects"),
    path("directory/projects/register.csv", registers.projects_csv, name="projects_csv"),
    path("directory/void/", registers.void_numbers, name="void_numbers"),
    path("progress/", progress.progress, name="progress"),
]
