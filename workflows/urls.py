"""Every page of the house, by who uses it."""

from django.urls import include, path

from workflows.views import components, preferences

urlpatterns = [
    path("", include("workflows.views.public.urls")),
    path("", include("workflows.views.applicant.urls")),
    path("", include("workflows.views.desk.urls")),
    path("", include("workflows.views.conference.urls")),
    path("text-size/", preferences.text_size, name="text_size"),
    path("shortcuts/", preferences.shortcuts, name="shortcuts"),
    path("components/", components.components, name="components"),
]
