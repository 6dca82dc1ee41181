"""Removing the copies of what was erased, once an index was built without it.

The store forgets at once; snapshots, vectors and models are derived from it and follow here. Changes need the writer
lock. What cannot be removed now is written down in the receipt, and tried again at the next build.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from corpus.erasure_store import PURGE, ErasureStore
from corpus.receipts import Receipt, add_up
from corpus.store_errors import StoreError
from corpus.times import now_utc
from index.activation import current
from index.embedding_cache import EmbeddingCache, EmbeddingCacheError
from index.erased_lines import remove_names
from index.erased_snapshots import Gone, holding
from index.own_encoder import own_encoders, own_name
from index.retention import delete
from index.settings import IndexSettings
from index.snapshot_errors import DamagedSnapshotError, SnapshotError
from index.snapshot_verify import read_manifest, snapshot_ids

_log = logging.getLogger(__name__)
_BUILD = "build the index again (make reindex, or python -m index build)"
_Step = tuple[str, Callable[[], dict[str, int]]]


def replay_erasures(settings: IndexSettings) -> int:
    """Erase from the store what its ledger tells, as after a restored backup; return how many erasures it lacked."""
    if settings.database_url is None and not settings.database_file.exists():
        return 0
    with ErasureStore.open(settings.database) as store:
        lacked = store.replay(settings.erasures, settings.retention)
    if lacked:
        _log.warning("the store lacked %d erasures of %s; they were done again", lacked, settings.erasures)
    return lacked


def copies_left(settings: IndexSettings, store: ErasureStore, waiting: Sequence[Receipt]) -> tuple[str, ...]:
    """Return where copies lie that only a build removes; reads only, and needs no lock."""
    serving = _serving(settings.var)
    held = holding(settings.var, _gone(store, waiting))
    left = [f"snapshot {each}{', which serves' if each == serving else ''}" for each in held]
    if any(map(_had_texts, waiting)):
        left += [f"vectors in {settings.embedding_cache.name}"] if settings.embedding_cache.exists() else []
        left += [f"encoder {folder.name}" for folder in _fitted_before(settings, waiting)]
    return tuple(f"{each}: {_BUILD}" for each in left)


def needs_build(settings: IndexSettings) -> bool:
    """Return whether open receipts wait for an index that is built anew."""
    if not snapshot_ids(settings.var):
        return False
    with ErasureStore.open(settings.database) as store:
        waiting = store.receipts(is_open=True)
        return bool(waiting and copies_left(settings, store, waiting))


def remove_copies(settings: IndexSettings, cache: EmbeddingCache | None) -> tuple[Receipt, ...]:
    """Remove the copies that open receipts are waiting for and return these receipts as they stand then.

    ``cache`` was asked for every text of the snapshot that serves; ``None`` when no index was built.
    """
    with ErasureStore.open(settings.database) as store:
        waiting = store.receipts(is_open=True)
        if not waiting:
            return ()
        erased, left = _remove(settings, store, waiting, cache)
        now = now_utc()
        done = tuple(_told(each, erased, left, settings, now) for each in waiting)
        store.update(done)
        return done


def _remove(
    settings: IndexSettings, store: ErasureStore, waiting: Sequence[Receipt], cache: EmbeddingCache | None
) -> tuple[dict[str, int], list[str]]:
    gone, serving = _gone(store, waiting), _serving(settings.var)
    held = holding(settings.var, gone)
    left = [f"snapshot {each}, which serves: {_BUILD}" for each in held if each == serving]
    steps = [_snapshot(settings.var, each) for each in held if each != serving]
    if any(map(_had_texts, waiting)):
        if not left:
            steps += _derived(settings, waiting, serving, cache)
        elif settings.embedding_cache.exists():
            left.append(f"vectors in {settings.embedding_cache.name}: {_BUILD}")
    names = {record_id for _, record_id in gone.keys}
    steps.append(("runs, reports and quarantined rows", lambda: remove_names(settings.var, names)))
    steps.append(("file of the database", lambda: _rewritten(store)))
    erased: dict[str, int] = {}
    for what, step in steps:
        try:
            erased = add_up(erased, step())
        except (SnapshotError, EmbeddingCacheError, StoreError, OSError) as error:
            _log.error("%s: what was erased is still there (%s)", what, error)
            left.append(f"{what}: {error}")
    return erased, left


def _told(
    receipt: Receipt, erased: Mapping[str, int], left: Sequence[str], settings: IndexSettings, now: datetime
) -> Receipt:
    done = replace(receipt, erased=add_up(receipt.erased, erased), left=tuple(left), kept=_kept(settings))
    if left:
        return done
    return replace(done, completed_at=now, last_copy_gone_by=settings.retention.backups_gone_by(now))


def _kept(settings: IndexSettings) -> tuple[str, ...]:
    rankers = settings.var / "rankers"
    learned = sum(path.name.startswith("own-") for path in rankers.iterdir()) if rankers.is_dir() else 0
    told = [
        "the ids of erased cases stay as tombstones and in the ledger, so that they are refused when they come again",
        "copies outside the state directory are not known here: the CRM and its exports, backups, folders of results",
    ]
    if learned:
        told.append(f"{learned} learned rankers stay: some twenty numbers a kind, no text, id or name of any case")
    return tuple(told)


def _serving(var: Path) -> str | None:
    try:
        return current(var)
    except DamagedSnapshotError:
        return None  # whoever deletes a snapshot refuses to, as long as nobody knows which one serves


def _gone(store: ErasureStore, waiting: Sequence[Receipt]) -> Gone:
    closed = [each.closed_before for each in waiting if each.closed_before is not None]
    pseudonyms = frozenset(name for each in waiting for name in each.pseudonyms)
    return Gone(keys=store.erased_keys(), pseudonyms=pseudonyms, closed_before=max(closed, default=None))


def _had_texts(receipt: Receipt) -> bool:
    return receipt.erased.get("cases", 0) > 0 if receipt.what == PURGE else not receipt.pseudonyms


def _fitted_before(settings: IndexSettings, waiting: Sequence[Receipt]) -> tuple[Path, ...]:
    """Return the encoders fitted before a case was erased: what they learned cannot be taken out of them.

    A purge by age spares them, or no encoder would outlive a night.
    """
    times = [each.at.timestamp() for each in waiting if each.what != PURGE and _had_texts(each)]
    last = max(times, default=0.0)
    return tuple(folder for folder in own_encoders(settings) if folder.stat().st_mtime < last)


def _derived(
    settings: IndexSettings, waiting: Sequence[Receipt], serving: str | None, cache: EmbeddingCache | None
) -> Iterator[_Step]:
    """Yield how vectors and encoders go; the snapshot that serves holds nothing of it any more."""
    yield "cache of vectors", lambda: _prune(settings, serving, cache)
    in_use = None if serving is None else own_name(read_manifest(settings.var, serving).encoder.fingerprint)
    for folder in _fitted_before(settings, waiting):
        yield f"encoder {folder.name}", _encoder(folder, is_in_use=folder.name == in_use)


def _prune(settings: IndexSettings, serving: str | None, cache: EmbeddingCache | None) -> dict[str, int]:
    if cache is not None:
        with cache:
            return {"vectors": cache.prune(cache.asked)}
    if serving is not None and settings.embedding_cache.exists():
        raise OSError(f"which of the vectors are still needed is known after a build only: {_BUILD}")
    settings.embedding_cache.unlink(missing_ok=True)
    return {}


def _encoder(folder: Path, *, is_in_use: bool) -> Callable[[], dict[str, int]]:
    def remove() -> dict[str, int]:
        if is_in_use:
            raise OSError(f"it built the snapshot that serves: {_BUILD}, then it goes")
        shutil.rmtree(folder)
        return {"encoders": 1}

    return remove


def _snapshot(var: Path, snapshot_id: str) -> _Step:
    def remove() -> dict[str, int]:
        delete(var, snapshot_id)
        return {"snapshots": 1}

    return f"snapshot {snapshot_id}", remove


def _rewritten(store: ErasureStore) -> dict[str, int]:
    store.rewrite()
    return {}
