"""Who asks, as a pseudonym: suggestion ids carry it, so that feedback can be bounded by agent and counted in tens.

The keys are those that agents of cases are hashed with (``corpus.privacy.agents``), read from their file. Where a key
is missing or the file cannot be read there is no pseudonym, and never a name in its place.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.privacy.agents import AgentKeys, open_agent_keys, quarter_of, read_agent_keys
from corpus.secret_files import SecretFileError
from corpus.times import now_utc
from index.locks import WriterBusyError, WriterLock

POLL_SECONDS = 60.0
# What names an agent in ``context.agent``, the most lasting first.
_NAMED_BY = ("id", "email", "name")
_log = logging.getLogger(__name__)

Pseudonym = Callable[[str, datetime], str | None]


def no_pseudonym(agent: str, at: datetime) -> str | None:
    """Return None, for whoever needs no pseudonyms."""
    return None


def agent_named(context: Mapping[str, Any]) -> str | None:
    """Return what names the agent in the context of a question: an id, else an address, else a name.

    >>> agent_named({"agent": {"name": "Jana Weiß", "id": 4711}})
    '4711'
    """
    agent = context.get("agent")
    if not isinstance(agent, Mapping):
        return None
    for field in _NAMED_BY:
        value = agent.get(field)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


class AgentKeyRing:
    """Follows the file of the agents' keys; while it cannot be read, the keys last read go on."""

    def __init__(
        self,
        path: Path,
        *,
        poll_seconds: float = POLL_SECONDS,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._path = path
        self._poll_seconds = poll_seconds
        self._clock = clock
        self._keys = AgentKeys(by_quarter={})
        self._problem: str | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="agent-key-watch", daemon=True)

    def start(self) -> None:
        """Begin to follow the keys, and to make one for each new quarter, in a thread of its own; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following; what is known stays known."""
        self._stopped.set()
        self._thread.join()

    def pseudonym(self, agent: str, at: datetime) -> str | None:
        """Return the pseudonym of an agent in the quarter of a time, or None where there is no key for it."""
        return self._keys.pseudonym(agent, at)

    def refresh(self) -> None:
        """Read the keys; a file that cannot be read is logged once, and changes nothing."""
        self._attempt(lambda: read_agent_keys(self._path))

    def renew(self) -> None:
        """Read the keys, and make that of this quarter unless there is one; whoever builds an index goes first."""
        self.refresh()
        if quarter_of(self._clock()) not in self._keys.by_quarter:
            self._attempt(self._renewed)

    def _renewed(self) -> AgentKeys:
        with WriterLock(self._path.parent, wait_seconds=0.0):
            return open_agent_keys(self._path, self._clock())

    def _attempt(self, read: Callable[[], AgentKeys]) -> None:
        try:
            self._keys = read()
        except (OSError, SecretFileError, WriterBusyError) as error:
            if str(error) != self._problem:
                _log.warning("suggestion ids name no agent of this quarter yet: %s", error)
            self._problem = str(error)
        else:
            self._problem = None

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self.renew()
            self._stopped.wait(self._poll_seconds)
