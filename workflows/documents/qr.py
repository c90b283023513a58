"""The QR code that leads from paper to the page of verification."""

import io


def qr_svg(url: str) -> bytes:
    """Return ``url`` as a QR code in SVG: level M, with the quiet zone of four modules."""
    import segno  # noqa: PLC0415 -- only papers need it

    code = segno.make(url, error="m", micro=False, boost_error=False, mask=3)
    picture = io.BytesIO()
    code.save(picture, kind="svg", border=4, xmldecl=False, omitsize=True, dark="#111")
    return picture.getvalue()
