"""The keys that agents of cases are hashed with, for a service that writes cases."""

from __future__ import annotations

import logging

from assist.unavailable import Unavailable
from corpus.privacy.agents import AgentKeys, has_agent_keys, open_agent_keys
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
