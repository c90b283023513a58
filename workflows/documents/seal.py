"""The seal that a signature shows.

Shape of a unit's seal: round, at most 45 mm, a five-pointed star, the name in Song type in a ring
(印章管理规定 13, 14). To forge one is an offence, so a demonstration seal says so across its face.
"""

import math
import unicodedata
from functools import lru_cache
from html import escape

from workflows.documents import fonts, rendering

DIAMETER = 42  # mm
RED = "#c8161d"
RING = 34  # radius of the baseline of the name; the seal is 100 wide
WIDEST = 262  # degrees that the name may take
STEP = 21  # degrees from one Chinese character to the next, at most
SIZE = 12.6  # of the characters, at most


@lru_cache(maxsize=32)
def seal_pdf(body: str, *, demo: bool, diameter: float = DIAMETER) -> bytes:
    """Return a one-page vector PDF of the seal of ``body``, ``diameter`` mm wide.

    Raises ``MissingGlyph`` when the name has a character that our faces lack.
    """
    return rendering.picture(seal_svg(body, demo=demo), width=diameter, height=diameter)


def seal_svg(body: str, *, demo: bool) -> str:
    """Return the seal of ``body`` as SVG; ``demo`` writes 演示 across it."""
    mark = DEMO_MARK if demo else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<circle cx="50" cy="50" r="48" fill="none" stroke="{RED}" stroke-width="2.6"/>'
        f'<path d="{star(50, 49.5, 13.5)}" fill="{RED}"/>'
        f'<g font-family="{fonts.SERIF}" font-weight="700" fill="{RED}" text-anchor="middle">'
        f"{ring(body)}</g>{mark}</svg>"
    )


def ring(body: str) -> str:
    """Return the characters of a name, each turned to its place on the ring."""
    widths = [1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.56 for sign in body]
    step = min(STEP, WIDEST / sum(widths))
    size = min(SIZE, RING * math.radians(step) * 1.06)
    angle = -step * sum(widths) / 2
    signs = []
    for sign, width in zip(body, widths, strict=True):
        middle = angle + step * width / 2
        angle += step * width
        signs.append(
            f'<text font-size="{size:.2f}" x="50" y="{50 - RING:.2f}" '
            f'transform="rotate({middle:.2f} 50 50)">{escape(sign)}</text>'
        )
    return "".join(signs)


def star(x: float, y: float, radius: float) -> str:
    """Return the path of an upright five-pointed star."""
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for corner in range(10):
        length = inner if corner % 2 else radius
        turn = math.radians(36 * corner - 90)
        points.append(f"{x + length * math.cos(turn):.3f} {y + length * math.sin(turn):.3f}")
    return f"M{'L'.join(points)}z"


DEMO_MARK = (
    '<g transform="rotate(-9 50 50)">'
    '<rect x="-2" y="73.4" width="104" height="12.4" fill="#fff" fill-opacity="0.7"/>'
    f'<path d="M4 73.4h92M6 85.8h88" stroke="{RED}" stroke-width="0.9"/>'
    f'<text x="51.2" y="83.2" text-anchor="middle" font-size="10" letter-spacing="2" '
    f'font-family="{fonts.SERIF}" font-weight="700" fill="{RED}">演示样章</text></g>'
)
