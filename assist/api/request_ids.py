"""One id for each request, in its log lines, its header and its errors."""

from __future__ import annotations

import re
import uuid

from flask import g, request

HEADER = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def current_request_id() -> str:
    """Return the id of this request: the caller's own where it is sane, else a new one."""
    if "request_id" not in g:
        sent = request.headers.get(HEADER, "")
        g.request_id = sent if _SANE.fullmatch(sent) else uuid.uuid4().hex
    return str(g.request_id)
