"""Every page of the house, by who uses it."""

from django.urls import include, path

urlpatterns = [
    path("", include("workflows.views.public.urls")),
    path("", include("workflows.views.applicant.urls")),
    path("", include("workflows.views.desk.urls")),
    path("", include("workflows.views.conference.urls")),
]
