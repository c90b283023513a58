"""Ask the web process of this container whether it can serve; exit 0 when it can.

It speaks as nginx does, since the site answers its own name over HTTPS only.
"""

import http.client
import os
import sys

NAME = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()

try:
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    connection.request("GET", "/healthz", headers={"Host": NAME, "X-Forwarded-Proto": "https"})
    sys.exit(connection.getresponse().status != http.HTTPStatus.OK)
except OSError as error:
    sys.exit(f"no answer: {error}")
