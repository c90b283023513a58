"""Every address of the house; pages live in `workflows.urls`, under `/` (Chinese) and `/en/`."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

handler400 = "workflows.views.refusals.bad_request"
handler403 = "workflows.views.refusals.forbidden"
handler404 = "workflows.views.refusals.not_found"
handler500 = "workflows.views.refusals.server_error"

urlpatterns = [
    path("healthz", include("workflows.views.health")),
    *i18n_patterns(
        path("account/", include("workflows.account_urls")),
        path("", include("workflows.urls")),
        prefix_default_language=False,
    ),
]
