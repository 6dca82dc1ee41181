"""gunicorn's threaded worker, but for what it says to whoever does not speak proper HTTP, and for how it stops.

Its own answer is an HTML page that quotes what was sent, and its log quotes that too. When stopping, it leaves clients
connected that it will never answer.
"""

from __future__ import annotations

import logging
import socket
import time
import uuid
from typing import Any

from gunicorn import util
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from assist.errors import MEDIA_TYPE, ProblemError, problem_text
from assist.faults import describe_fault

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (LimitRequestLine, 414),
    (LimitRequestHeaders, 431),
    (ParseException, 400),
)
# So long a worker waits for its index at most, or until it knows what is wrong.
OPENING_S = 60.0
_LOOK_S = 0.05
_log = logging.getLogger("assist.worker")


class ProblemWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers what never became a request with a problem, and refuses connections once it stops.

    It takes no connection before it can answer questions: they wait with the others meanwhile, or with the system. Only
    the very first after the start takes them at once, and says what it waits for.
    """

    def load_wsgi(self) -> None:
        """Build the application, and wait for its index where another one answers probes."""
        super().load_wsgi()
        end = time.monotonic() + OPENING_S
        while self.age > 1 and self.alive and self.wsgi.opening() and time.monotonic() < end:
            self.notify()
            time.sleep(_LOOK_S)

    def handle_error(self, req: object, client: socket.socket, addr: object, exc: BaseException) -> None:
        """Refuse what could not be read as HTTP; log its kind, never a word of it."""
        status = next((status for kind, status in _STATUS if isinstance(exc, kind)), 500)
        request_id = uuid.uuid4().hex
        what = "unexpected fault" if status == 500 else "not HTTP"
        _log.error("request_id=%s status=%d %s: %s", request_id, status, what, describe_fault(exc))
        try:
            util.write_nonblock(client, refusal(status, request_id))
        except OSError:
            _log.debug("request_id=%s the client is gone", request_id)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take connections or not; a stopping worker closes its door, for nobody to wait before it in vain."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                self._take_all(listener)
                listener.close()

    def _take_all(self, listener: Any) -> None:
        # Whoever was let in by the system already is answered; closing at once would throw them out.
        taken = -1
        while taken < self.nr_conns:
            taken = self.nr_conns
            self.accept(listener)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        # A body that cannot be read to its end has had its answer; a second one would be taken for the next request's.
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except (ParseException, OSError):
            return False


def refusal(status: int, request_id: str) -> bytes:
    r"""Return the whole HTTP answer with a problem, after which the connection is closed.

    >>> refusal(414, "r1").split(b"\r\n")[0]
    b'HTTP/1.1 414 URI Too Long'
    """
    problem = ProblemError(status)
    body = problem_text(problem, instance="", request_id=request_id).encode("utf-8")
    head: dict[str, Any] = {
        "Connection": "close",
        "Content-Type": MEDIA_TYPE,
        "Content-Length": len(body),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": request_id,
    }
    lines = [f"HTTP/1.1 {status} {problem.phrase}", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body
