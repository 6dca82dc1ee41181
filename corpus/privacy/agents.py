"""Agents as keyed hashes: whoever reads the store cannot tell who solved a case, nor follow anybody for long.

Each quarter has a key of its own. A case is hashed with the key of the quarter in which it closed, so that the same
case gives the same hash at every import. Keys older than a year are destroyed: with them goes the last way to link a
hash to a person, and cases as old as that keep no agent at all.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from corpus.ledger import LEDGER, read_ledger
from corpus.models import Case
from corpus.secret_files import SecretFileError, replace_secret

QUARTERS_KEPT = 4
_KEY_BYTES = 32
_DIGITS = 16
_MONTHS = 3


class AgentKeysError(SecretFileError):
    """The file of keys cannot be used; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentKeys:
    """The keys of the current quarter and the three before it, by quarter (``2026Q4``).

    ``erased`` are the pseudonyms of agents that were erased: no case may carry them again.
    """

    by_quarter: Mapping[str, bytes]
    erased: frozenset[str] = frozenset()

    def pseudonym(self, agent: str, at: datetime) -> str | None:
        """Return the hash that stands for an agent in the quarter of ``at``.

        ``None`` where no key is left, and for an agent that was erased.

        It begins with the quarter: hashes of different quarters may be the same person's, and must not be counted
        together (``corpus.privacy.agent_figures``).
        """
        quarter = quarter_of(at)
        key = self.by_quarter.get(quarter)
        hashed = None if key is None else _hash(quarter, key, agent)
        return None if hashed in self.erased else hashed

    def pseudonyms(self, agent: str) -> frozenset[str]:
        """Return the hashes that stand for an agent in all quarters whose keys are kept, erased or not."""
        return frozenset(_hash(quarter, key, agent) for quarter, key in self.by_quarter.items())

    def hide(self, case: Case, *, before: Case | None = None) -> Case:
        """Return the case as the store may keep it; one without a time keeps no agent.

        A case that names no agent keeps the pseudonym of the one that it was kept with ``before``.
        """
        if case.agent is None:
            return case if before is None else replace(case, agent=before.agent)
        at = case.closed_at or case.opened_at
        return replace(case, agent=None if at is None else self.pseudonym(case.agent, at))


def names_agent(case: Case) -> bool:
    """Return whether a case says who solved it: then keys are needed to keep it."""
    return case.agent is not None


def quarter_of(at: datetime) -> str:
    """Return the quarter of a zone-aware time, in UTC.

    >>> quarter_of(datetime(2026, 11, 5, tzinfo=UTC))
    '2026Q4'
    """
    moment = at.astimezone(UTC)
    return f"{moment.year}Q{(moment.month - 1) // _MONTHS + 1}"


def quarters_kept(now: datetime) -> tuple[str, ...]:
    """Return the quarters whose keys are kept at a time, the current one first."""
    number = int(quarter_of(now)[:4]) * 4 + int(quarter_of(now)[-1]) - 1
    return tuple(f"{each // 4}Q{each % 4 + 1}" for each in range(number, number - QUARTERS_KEPT, -1))


def open_agent_keys(path: Path, now: datetime, *, write: bool = True) -> AgentKeys:
    """Return the keys in a file: missing ones are made, those older than a year are destroyed.

    Without ``write`` the file stays as it is, and keys that it lacks live only as long as this process. The caller
    sees to it that no other process writes at the same time. Which agents were erased is read from the ledger beside
    the file. Raises ``AgentKeysError`` for a file that is damaged.
    """
    found = _read(path)
    kept = {quarter: found.get(quarter) or secrets.token_bytes(_KEY_BYTES) for quarter in quarters_kept(now)}
    if write and kept != found:
        _write(path, kept)
    return AgentKeys(by_quarter=kept, erased=read_ledger(path.with_name(LEDGER)).agents)


def kept_agent_keys(path: Path) -> AgentKeys:
    """Return the keys that are in a file, and no others; raises as ``open_agent_keys`` does."""
    return AgentKeys(by_quarter=_read(path))


def _hash(quarter: str, key: bytes, agent: str) -> str:
    return f"{quarter}-{hmac.new(key, agent.encode('utf-8'), sha256).hexdigest()[:_DIGITS]}"


def read_agent_keys(path: Path) -> AgentKeys:
    """Return the keys in a file as they are, none where there is no file; raises as ``open_agent_keys``."""
    return AgentKeys(by_quarter=_read(path))


def has_agent_keys(path: Path, now: datetime) -> bool:
    """Return whether a file has the keys of every quarter that are kept at a time; may raise ``AgentKeysError``."""
    return set(quarters_kept(now)) <= _read(path).keys()


def _read(path: Path) -> dict[str, bytes]:
    try:
        keys = {str(quarter): bytes.fromhex(key) for quarter, key in json.loads(path.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        keys = {"": b""}
    if any(len(key) != _KEY_BYTES for key in keys.values()):
        raise AgentKeysError(
            f"{path}: found something else than keys, expected an object of quarters with {_KEY_BYTES} bytes each in "
            "hexadecimal; restore the file, or remove it to have new keys made (earlier hashes then match no longer)"
        )
    return keys


def _write(path: Path, keys: Mapping[str, bytes]) -> None:
    replace_secret(path, json.dumps({quarter: key.hex() for quarter, key in sorted(keys.items())}, indent=2))
