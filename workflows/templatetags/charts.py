"""Small charts and codes as inline SVG; sizes are attributes, the CSP allows no inline style."""

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

VOTE_WIDTH = 320


def share(part: int, whole: int, width: int) -> float:
    """Return how much of ``width`` a part takes, within 0 and ``width``."""
    return round(width * min(max(part / whole, 0), 1), 1) if whole else 0


def bar(done: int, total: int, words: object, tone: str = "ok") -> SafeString:
    """Draw how much of something is done; ``words`` say the same."""
    return format_html(
        '<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" role="img" '
        'aria-label="{}"><rect class="svg-sunken" width="200" height="12"/>'
        '<rect class="svg-{}" width="{}" height="12"/></svg>',
        words,
        tone,
        share(done, total, 200),
    )


def qr(text: str, words: str) -> SafeString:
    """Draw a QR code; ``words`` say where it leads."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    label = format_html('<svg role="img" aria-label="{}" ', words)
    return mark_safe(drawing.replace("<svg ", label, 1))  # noqa: S308 -- segno draws numbers only


def vote_bar(agree: int, against: int, abstain: int, needed: int) -> SafeString:
    """Draw a ballot as one bar with the line that had to be reached."""
    total = agree + against + abstain
    tallies = (("svg-ok", agree), ("svg-bad", against), ("svg-abstain", abstain))
    rows, left = [], 0.0
    for css, votes in tallies:
        width = share(votes, total, VOTE_WIDTH)
        rows.append((css, left, width))
        left += width
    line = share(needed, total, VOTE_WIDTH)
    return format_html(
        '<svg viewBox="0 0 {} 54" role="img" aria-label="{}">{}'
        '<path class="svg-target" d="M{} 12v36"/>'
        '<text class="svg-ink svg-ink-end" x="{}" y="12">{}</text></svg>',
        VOTE_WIDTH,
        tally(agree, against, abstain, needed),
        format_html_join("", '<rect class="{}" x="{}" y="18" width="{}" height="24"/>', rows),
        line,
        line - 4,
        gettext("%(needed)s needed") % {"needed": needed},
    )


def tally(agree: int, against: int, abstain: int, needed: int) -> str:
    """Say a ballot in one sentence."""
    words = gettext(
        "%(agree)s agree, %(against)s against, %(abstain)s abstain; %(needed)s needed to pass"
    )
    return words % {"agree": agree, "against": against, "abstain": abstain, "needed": needed}
