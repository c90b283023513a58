"""What somebody wrote in a form that could not be taken, so that a page can show it once more."""

from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

register = template.Library()
SECRETS = ("csrfmiddlewaretoken", "factor")  # and whatever is called a password


@register.simple_tag
def words_sent(request: HttpRequest) -> str:
    """The words of the form; none of one that did not stand on a page of ours."""
    return written(request) if came_from(request) else ""


def came_from(request: HttpRequest) -> str:
    """The page of ours a form was sent from; empty where the browser does not say."""
    said = request.headers.get("Referer", "")
    host = {request.get_host()}
    if not url_has_allowed_host_and_scheme(said, host, require_https=request.is_secure()):
        return ""
    return urlsplit(said)._replace(scheme="", netloc="").geturl()


def written(request: HttpRequest) -> str:
    """The words of a form that was sent: what holds a blank or more than ASCII, as no code does."""
    sent = [
        value.strip()
        for name, values in request.POST.lists()
        if name not in SECRETS and "password" not in name
        for value in values
    ]
    said = [each for each in sent if not each.isascii() or len(each.split()) > 1]
    return "\n\n".join(dict.fromkeys(said))
