"""Pictures of filed pages, drawn by a worker before anybody asks for them.

They are no evidence: one that is missing is drawn when it is looked at, and the original stays.
"""

from collections.abc import Iterable

from workflows import jobs, store
from workflows.drawing import DRAWN, draw_pages
from workflows.models import Job, Picture

AHEAD = 20  # pages of a file that are drawn beforehand


def ask(sha256: str, kind: str) -> None:
    """Let a worker draw the first pages of a stored file, once whatever the case it lies in.

    Pictures decide nothing, so they wait for the workers even where a driver runs its own lane.
    """
    if kind in DRAWN:
        with jobs.lane(""):
            jobs.enqueue(
                "draw_pages", key=f"draw:{sha256}", payload={"sha256": sha256, "kind": kind}
            )


def draw(job: Job) -> list[str]:
    """Draw and keep the pictures; outside any transaction."""
    found = store.store()
    pictures = draw_pages(job.payload["kind"], 1, AHEAD, found.get(job.payload["sha256"]))
    return [found.put(picture) for picture in pictures]


@jobs.handler("draw_pages", work=draw)
def drawn(job: Job, pictures: Iterable[str]) -> None:
    """Write down which picture shows which page."""
    Picture.objects.bulk_create(
        (
            Picture(of=job.payload["sha256"], number=number, sha256=sha256)
            for number, sha256 in enumerate(pictures, start=1)
        ),
        ignore_conflicts=True,
    )
