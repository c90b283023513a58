"""The pages as they reach a browser: ``gzip on`` of deploy/nginx.conf in front of the product."""

import zlib
from collections.abc import Callable, Iterable
from typing import Any

from project.wsgi import application as product

LEVEL = 1  # nginx's own, unless told
GZIP = 16 + zlib.MAX_WBITS
Headers = list[tuple[str, str]]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the product does; a page goes out compressed."""
    told: dict[str, Any] = {}

    def start(status: str, headers: Headers, exc_info: Any = None) -> None:
        told.update(status=status, headers=headers)

    answer = product(environ, start)
    if not _is_page(dict(told["headers"])):
        start_response(told["status"], told["headers"])
        return answer
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    body = b"".join(packing.compress(each) for each in answer) + packing.flush()
    getattr(answer, "close", lambda: None)()
    left = [pair for pair in told["headers"] if pair[0].lower() != "content-length"]
    packed = [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    start_response(told["status"], left + packed)
    return [body]


def _is_page(headers: dict[str, str]) -> bool:
    kind = headers.get("Content-Type", "")
    return kind.startswith("text/html") and "Content-Encoding" not in headers
