"""Every page of the house, by who uses it."""

from django.urls import include, path

from workflows.views import account_settings, components, preferences, staying

urlpatterns = [
    path("", include("workflows.views.public.urls")),
    path("", include("workflows.views.applicant.urls")),
    path("", include("workflows.views.desk.urls")),
    path("", include("workflows.views.conference.urls")),
    path("account/settings/", account_settings.account_settings, name="account_settings"),
    path("text-size/", preferences.text_size, name="text_size"),
    path("stay/", staying.stay, name="stay"),
    path("shortcuts/", preferences.shortcuts, name="shortcuts"),
    path("components/", components.components, name="components"),
]
