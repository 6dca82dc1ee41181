"""The keys that agents are hashed with (``corpus.privacy.agents``), for a service that suggests and writes cases.

Suggestion ids carry the agent who asks as a pseudonym, so that feedback can be bounded by agent and counted in tens.
Where a key is missing or the file cannot be read there is no pseudonym, and never a name in its place. A case that
names an agent is not written then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from assist.unavailable import Unavailable
from corpus.privacy.agents import AgentKeys, has_agent_keys, open_agent_keys, quarter_of, read_agent_keys
from corpus.secret_files import SecretFileError
from corpus.times import now_utc
from index.locks import WriterBusyError, WriterLock
from index.settings import IndexSettings

_RETRY_S = 30
_log = logging.getLogger(__name__)


def agent_keys_for_edits(settings: IndexSettings) -> AgentKeys:
    """Return the keys in use; those of a quarter that has just begun are made, unless a build is about to.

    Raises ``Unavailable`` then, and where the keys cannot be read or made.
    """
    now = now_utc()
    try:
        if not has_agent_keys(settings.agent_keys, now):
            with WriterLock(settings.var):
                open_agent_keys(settings.agent_keys, now)
        return open_agent_keys(settings.agent_keys, now, write=False)
    except WriterBusyError as error:
        raise Unavailable("An import is running, and makes the keys that agents are hashed with") from error
    except (OSError, SecretFileError) as error:
        # The message names paths of this machine, which are for its operator.
        _log.error("the keys of agents cannot be used: %s", error)
        raise Unavailable("The keys that agents are hashed with cannot be used", retry_after_s=_RETRY_S) from error


class AgentKeyRing:
    """Holds the agents' keys as last read from their file; while it cannot be read, those go on."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._path = path
        self._clock = clock
        self._keys = AgentKeys(by_quarter={})
        self._problem: str | None = None

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
