"""The store of a deployment as whoever changes what it indexes opens it: alone, and brought up to the erasures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.store import Store
from index.erased_copies import replay_erasures
from index.locks import WriterLock
from index.settings import IndexSettings


@contextmanager
def store_to_write(settings: IndexSettings, *, create: bool = True) -> Iterator[Store]:
    """Hold the writer lock and the open store, in which nothing lives that was erased.

    The store may be a backup from before an erasure: the ledger is replayed before anybody sees it, or the next
    snapshot would bring back what was erased. Raises ``WriterBusyError`` when somebody else writes, and ``StoreError``
    where the store cannot be opened, or is missing and is not to be created.
    """
    with WriterLock(settings.var), Store.open(settings.database, create=create) as store:
        replay_erasures(settings)
        yield store
