"""Named places where the fault tests make a process die, or wait to be killed."""

import os
import sys
import time


def reach(point: str) -> None:
    """Die here as by ``kill -9`` if HENG_CRASH_AT names ``point``; wait if HENG_PAUSE_AT does.

    Without those variables nothing happens; a deploy check refuses them in production.
    """
    if os.environ.get("HENG_CRASH_AT") == point:
        os._exit(137)
    if os.environ.get("HENG_PAUSE_AT") == point:
        print(f"paused at {point}", file=sys.stderr, flush=True)  # noqa: T201 -- the test waits for it
        time.sleep(3600)
