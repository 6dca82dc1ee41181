"""Changing single records live: written to the store of record, from where every worker takes them up.

Nothing is written on a condition that was looked at before: what the caller has seen is compared under the store's own
write lock.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from assist.links import Names, seen_record
from assist.unavailable import Unavailable
from assist.writing_back import written_back
from corpus.codec import from_json
from corpus.database import file_identity, sqlite_file
from corpus.models import Case, Kind, Record, may_see
from corpus.privacy.agents import AgentKeys, names_agent
from corpus.privacy.masking import Masking
from corpus.store import Store
from corpus.store_errors import RecordBuriedError, RecordChangedError, StoreAwayError, StoreError
from index.rows import stored

BUSY_TIMEOUT_S = 2.0
"""So long an edit waits for others: a request that waits keeps a thread from other requests."""

TRIES = 5
"""So often an edit without a condition begins anew because somebody else changed the record meanwhile."""

LOCAL = "local"
"""Who changed something, where no API key tells."""


class NotHereError(Exception):
    """There is no such record, or none that the editor may see."""


class NotWritableError(Exception):
    """A record was erased or withdrawn, or is one that the editor may not see: which of these is not told."""


class ConditionError(Exception):
    """The record is not what the editor expects it to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written, as people may see it."""

    record: Record
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorIdentity:
    """Who edits: the id of an API key, or ``LOCAL``, what he may see, and what he reads in the place of an id."""

    by: str
    audiences: frozenset[str]
    names: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold of the record as people may see it, ``None`` for none.

    ``checked`` tells that the caller asked for anything at all: then nobody else may have changed the record since.
    """

    holds: Callable[[Record | None], bool] = lambda record: True
    checked: bool = False


class Editing(Protocol):
    """Changes single records; may raise ``Unavailable`` and ``StoreAwayError``."""

    def put(self, kind: Kind, record: Record, editor: EditorIdentity, condition: Condition) -> Written:
        """Write a record; raises ``NotWritableError`` and ``ConditionError``."""
        ...

    def remove(self, kind: Kind, record_id: str, editor: EditorIdentity, condition: Condition) -> None:
        """Remove a record; raises ``NotHereError`` and ``ConditionError``."""
        ...


class NoEditing:
    """Where there is no store to write to."""

    def put(self, kind: Kind, record: Record, editor: EditorIdentity, condition: Condition) -> Written:
        """Raise ``Unavailable``."""
        raise Unavailable("There is no store to write to", retry_after_s=30)

    def remove(self, kind: Kind, record_id: str, editor: EditorIdentity, condition: Condition) -> None:
        """Raise ``Unavailable``."""
        raise Unavailable("There is no store to write to", retry_after_s=30)


class StoreEditing:
    """Changes records of a store that may be away when the service starts. Safe to share between threads."""

    def __init__(
        self, location: str, agent_keys: Callable[[], AgentKeys], masking: Masking, *, wait_s: float = BUSY_TIMEOUT_S
    ) -> None:
        self._location, self._file = location, sqlite_file(location)
        self._agent_keys, self._masking, self._wait_s = agent_keys, masking, wait_s
        self._store: Store | None = None
        self._opened_file: tuple[int, int] | None = None
        self._turn = threading.Lock()

    def put(self, kind: Kind, record: Record, editor: EditorIdentity, condition: Condition) -> Written:
        """Write a record; see ``Editing.put``."""
        named = isinstance(record, Case) and names_agent(record)
        agents = self._agent_keys() if named else AgentKeys(by_quarter={})
        with self._one_at_a_time() as store:
            for _ in range(TRIES):
                try:
                    return self._put(store, kind, record, agents, editor, condition)
                except RecordBuriedError as error:
                    raise NotWritableError from error
                except RecordChangedError as error:
                    if condition.checked:
                        raise ConditionError from error
        raise Unavailable("Others keep changing this record")

    def _put(
        self, store: Store, kind: Kind, record: Record, agents: AgentKeys, editor: EditorIdentity, condition: Condition
    ) -> Written:
        live = store.get(kind, record.id)
        before = None if live is None else from_json(kind, json.loads(live.payload))
        seen = None if before is None else self._seen(before, editor)
        if seen is not None and not may_see(editor.audiences, seen):
            raise NotWritableError
        _check(condition, seen)
        if before is not None and seen is not None:
            record = written_back(record, before=before, seen=seen, names=editor.names)
        row = stored(kind, record, agents, before=before)
        # What stays of the record was read before: if it changed since, an erased agent could come back with it.
        expected = None if live is None else live.content_hash
        created = store.put(row, expected_hash=expected, only_new=live is None, by=editor.by)
        return Written(record=self._seen(from_json(kind, json.loads(row.payload)), editor), created=created)

    def remove(self, kind: Kind, record_id: str, editor: EditorIdentity, condition: Condition) -> None:
        """Remove a record; see ``Editing.remove``."""
        with self._one_at_a_time() as store:
            live = store.get(kind, record_id)
            if live is None:
                raise NotHereError
            before = self._seen(from_json(kind, json.loads(live.payload)), editor)
            if not may_see(editor.audiences, before):
                raise NotHereError
            _check(condition, before)
            expected = live.content_hash if condition.checked else None
            try:
                if not store.remove(kind, record_id, expected_hash=expected, by=editor.by):
                    raise NotHereError
            except RecordChangedError as error:
                raise ConditionError from error

    @contextmanager
    def _one_at_a_time(self) -> Iterator[Store]:
        """Give the store to one thread; the others of this process wait in a queue, not all at the database."""
        if not self._turn.acquire(timeout=self._wait_s):
            raise Unavailable("Other edits wait for the store")
        try:
            yield self._opened()
        finally:
            self._turn.release()

    def _opened(self) -> Store:
        found = file_identity(self._file)
        if self._store is not None and found != self._opened_file:
            self._store.close()
            self._store = None
        if self._store is None:
            try:
                # A store that is made by an edit would hold that alone, and the next index with it.
                self._store = Store.open(self._location, create=False, busy_timeout_s=self._wait_s)
            except StoreAwayError:
                raise
            except StoreError as error:
                raise StoreAwayError(str(error)) from error
            self._opened_file = found
        return self._store

    def _seen(self, record: Record, editor: EditorIdentity) -> Record:
        shown = self._masking.shown_case(record) if isinstance(record, Case) else record
        return seen_record(shown, editor.names)


def _check(condition: Condition, record: Record | None) -> None:
    if not condition.holds(record):
        raise ConditionError
