"""Building a snapshot: folder -> store -> vectors and word indexes -> verified files -> the new ``CURRENT``.

Each step leaves a valid state behind, so that a build may be killed at any moment: the import is one transaction, the
snapshot becomes visible by one rename, and it serves from one replaced pointer on. The next build starts over, with
the embeddings that were already cached.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import VERSION
from corpus.feedback import Evidence
from corpus.imports import ImportReport
from corpus.models import (
    KINDS,
    PUBLIC,
    Action,
    Article,
    Case,
    Item,
    Kind,
    Pin,
    Record,
    Template,
)
from corpus.privacy.masking import MASKED, Masking
from corpus.store import Store
from corpus.stored import LiveState
from index.cached_encoding import encode_cached, encode_closely_cached
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder, Role
from index.erased_copies import remove_copies
from index.failpoints import reach
from index.guards import NotGoodEnoughError
from index.history import rows_by_id
from index.importing import AS_USUAL, COMMAND_LINE, ImportOptions, import_folder, read_folder
from index.labels import with_known_uses
from index.main_language import main_language
from index.manifest import EncoderInfo, Manifest
from index.native_threads import use_one_core
from index.pins import pin_blobs
from index.progress import Reporter, Update
from index.rows import live_records, young_corpus
from index.settings import IndexSettings
from index.situations import USED_KINDS, UsedKind
from index.snapshot import activate, delete, sweep
from index.snapshot_verify import snapshot_ids
from index.snapshot_writer import SnapshotWriter
from index.spaces import Blobs, Encode, case_blobs, item_blobs
from index.tokens import Encoded
from index.urgency.fitting import learn_urgency
from index.written_store import store_to_write


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did; ``imported`` is ``None`` when it indexed the store as it was.

    ``too_old`` is how many cases of the folder were passed over because they were closed too long ago to be kept.
    """

    snapshot: Manifest
    imported: ImportReport | None
    dangling: Mapping[str, Mapping[str, int]]
    too_old: int = 0


Check = Callable[[Manifest], None]
"""Looks at a snapshot that was written before it serves; raises ``NotGoodEnoughError`` when it may not."""


def build(
    settings: IndexSettings,
    encoder: Encoder,
    folder: Path | None,
    reporter: Reporter,
    options: ImportOptions = AS_USUAL,
    *,
    check: Check | None = None,
) -> BuildReport:
    """Import a corpus folder (``None``: index what the store holds), build a snapshot, and let it serve.

    Raises what the steps raise: ``CorpusErrors`` before anything is written, ``WriterBusyError`` when somebody else
    builds, ``RefusedError`` when a guard holds the import, ``StoreError``, ``SnapshotError`` and what ``check`` raises
    with the old snapshot still serving.
    """
    read = read_folder(folder, reporter) if folder is not None else None
    with store_to_write(settings) as store:
        reach("build.locked")
        young = None if read is None else replace(read, corpus=young_corpus(read.corpus, store, settings))
        imported = None if young is None else import_folder(store, young, settings, reporter, options)
        reach("import.after_commit")
        manifest = index_store(store, settings, encoder, reporter, check=check, by=options.by, force=options.force)
    if read is None or young is None:
        return BuildReport(snapshot=manifest, imported=imported, dangling={})
    too_old = len(read.corpus.cases) - len(young.corpus.cases)
    return BuildReport(snapshot=manifest, imported=imported, dangling=read.dangling, too_old=too_old)


def index_store(
    store: Store,
    settings: IndexSettings,
    encoder: Encoder,
    reporter: Reporter,
    *,
    check: Check | None = None,
    by: str = COMMAND_LINE,
    force: bool = False,
) -> Manifest:
    """Index what is live in the store, and let it serve once ``check`` is content; the caller holds the lock.

    The audit tells who wanted it, and whether it was forced.
    """
    state = store.live_state()
    records = {kind: live_records(store, kind, state) for kind in KINDS}
    with EmbeddingCache(settings.embedding_cache) as cache:
        blobs = index_records(
            records,
            encoder,
            cache,
            reporter,
            settings.masking,
            recover_labels=settings.recover_labels,
            evidence=tuple(store.evidence()) if settings.learn_feedback else (),
            urgency=settings.urgency != "off",
        )
    reach("build.after_embedding")
    earlier = snapshot_ids(settings.var)
    manifest = _write(settings.var, blobs, records, encoder, state, reporter)
    if check is not None:
        _hold_unless_good(settings.var, manifest, check, earlier)
    if activate(settings.var, manifest.snapshot_id):
        detail = {"snapshot": manifest.snapshot_id} | ({"force": True} if force else {})
        store.note_change("activate", by=by, detail=detail)
    sweep(settings.var, datetime.now(UTC))
    remove_copies(settings, cache)
    return manifest


def _hold_unless_good(var: Path, manifest: Manifest, check: Check, earlier: Collection[str]) -> None:
    try:
        check(manifest)
    except NotGoodEnoughError:
        # Kept, it would be the newest good one: the one to serve if the present one were ever damaged.
        if manifest.snapshot_id not in earlier:
            delete(var, manifest.snapshot_id)
        raise


def index_records(
    records: Mapping[Kind, Sequence[Record]],
    encoder: Encoder,
    cache: EmbeddingCache,
    reporter: Reporter,
    masking: Masking = MASKED,
    *,
    recover_labels: bool = True,
    evidence: Sequence[Evidence] = (),
    urgency: bool = False,
) -> Blobs:
    """Index records (each kind ordered by id) and return the files of a snapshot; writes nothing but the cache.

    With ``recover_labels`` history learns from recovered uses too, and from feedback by its ``evidence``; the cases
    that are shown keep the given uses. With ``urgency`` it is learned what made cases urgent.
    """
    items: dict[UsedKind, list[Item]] = {
        "articles": [record for record in records["articles"] if isinstance(record, Article)],
        "templates": [record for record in records["templates"] if isinstance(record, Template)],
        "actions": [record for record in records["actions"] if isinstance(record, Action)],
    }
    cases = [record for record in records["cases"] if isinstance(record, Case)]
    use_one_core()  # the encoder has the others
    language = main_language(item for kind in USED_KINDS for item in items[kind])
    encode: Encode = _CachedEncode(encoder, cache, reporter)
    blobs: Blobs = pin_blobs(record for record in records.get("pins", ()) if isinstance(record, Pin))
    if urgency:
        blobs |= learn_urgency(cases, encode, masking).to_blobs()
    for kind in USED_KINDS:
        blobs |= item_blobs(kind, items[kind], encode, language)
    # An item inherits the history of the ids that it replaces, each heir of an id for itself.
    rows = {kind: rows_by_id((item.id, *item.replaces) for item in items[kind]) for kind in USED_KINDS}
    labelled = with_known_uses(cases, items, evidence, recover=recover_labels)
    public = {kind: np.array([PUBLIC in item.audience for item in items[kind]], dtype=np.bool_) for kind in USED_KINDS}
    return blobs | case_blobs(cases, rows, encode, language, masking, public_items=public, labelled=labelled)


@dataclass(frozen=True, slots=True)
class _CachedEncode:
    encoder: Encoder
    cache: EmbeddingCache
    reporter: Reporter

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    def vectors(self, texts: Sequence[str], role: Role, what: str) -> NDArray[np.float32]:
        with self._stage(what) as progress:
            return encode_cached(self.encoder, self.cache, texts, role=role, progress=progress)

    def closely(self, texts: Sequence[str], role: Role, what: str) -> Sequence[Encoded]:
        with self._stage(what) as progress:
            return encode_closely_cached(self.encoder, self.cache, texts, role=role, progress=progress)

    @contextmanager
    def _stage(self, what: str) -> Iterator[Update]:
        with self.reporter.stage(f"encode {what}") as update:

            def progress(done: int, total: int) -> None:
                update(done, total)
                reach("build.during_embedding", what)

            yield progress


def _write(
    var: Path,
    blobs: Blobs,
    records: Mapping[Kind, Sequence[Record]],
    encoder: Encoder,
    state: LiveState,
    reporter: Reporter,
) -> Manifest:
    sizes = [len(blob) for blob in blobs.values()]
    with reporter.stage("write snapshot") as update, SnapshotWriter(var, expected_sizes=sizes) as writer:
        for number, (name, blob) in enumerate(sorted(blobs.items()), start=1):
            writer.add(name, blob)
            update(number, len(blobs))
        return writer.publish(
            encoder=EncoderInfo(name=encoder.name, fingerprint=encoder.fingerprint, dimension=encoder.dimension),
            corpus_fingerprint=state.fingerprint,
            sequence=state.sequence,
            counts={kind: len(records[kind]) for kind in KINDS},
            generator=f"stichwort {VERSION}",
        )
