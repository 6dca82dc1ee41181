"""Building a snapshot: folder -> store -> vectors and word indexes -> verified files -> the new ``CURRENT``.

Each step leaves a valid state behind, so that a build may be killed at any moment: the import is one transaction, the
snapshot becomes visible by one rename, and it serves from one replaced pointer on. The next build starts over, with
the embeddings that were already cached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import VERSION
from corpus.diff import CorpusDiff
from corpus.folder import Corpus, read_corpus
from corpus.imports import ImportReport
from corpus.models import (
    DEFAULT_LANGUAGE,
    KINDS,
    PUBLIC,
    Action,
    Article,
    Case,
    Item,
    Kind,
    Record,
    Template,
    primary_language,
)
from corpus.privacy.agents import open_agent_keys
from corpus.privacy.masking import MASKED, Masking
from corpus.store import Store
from corpus.stored import LiveState
from index.cached_encoding import encode_cached, encode_closely_cached
from index.disk_space import require_space
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder, Role
from index.erased_copies import remove_copies, replay_erasures
from index.failpoints import reach
from index.history import rows_by_id
from index.labels import with_recovered_uses
from index.locks import WriterLock
from index.manifest import EncoderInfo, Manifest
from index.progress import Reporter, Update
from index.rows import import_bytes, live_records, rows_of, young_corpus
from index.settings import IndexSettings
from index.situations import USED_KINDS, UsedKind
from index.snapshot import activate, sweep
from index.snapshot_errors import storage_errors
from index.snapshot_writer import SnapshotWriter
from index.spaces import Blobs, Encode, case_blobs, item_blobs
from index.tokens import Encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did; ``imported`` is ``None`` when it indexed the store as it was.

    ``too_old`` is how many cases of the folder were passed over because they were closed too long ago to be kept.
    """

    snapshot: Manifest
    imported: ImportReport | None
    dangling: Mapping[str, Mapping[str, int]]
    too_old: int = 0


def build(settings: IndexSettings, encoder: Encoder, folder: Path | None, reporter: Reporter) -> BuildReport:
    """Import a corpus folder (``None``: index what the store holds), build a snapshot, and let it serve.

    Raises what the steps raise: ``CorpusErrors`` before anything is written, ``WriterBusyError`` when somebody else
    builds, ``StoreError`` and ``SnapshotError`` with the old snapshot still serving.
    """
    corpus = _read(folder, reporter)
    with WriterLock(settings.var), Store.open(settings.database) as store:
        reach("build.locked")
        replay_erasures(settings)
        young = None if corpus is None else young_corpus(corpus, store, settings)
        imported = None if young is None else _import(store, young, str(folder), settings, reporter)
        reach("import.after_commit")
        state = store.live_state()
        records = {kind: live_records(store, kind, state) for kind in KINDS}
        with EmbeddingCache(settings.embedding_cache) as cache:
            blobs = index_records(
                records, encoder, cache, reporter, settings.masking, recover_labels=settings.recover_labels
            )
        reach("build.after_embedding")
        manifest = _write(settings.var, blobs, records, encoder, state, reporter)
        activate(settings.var, manifest.snapshot_id)
        sweep(settings.var, datetime.now(UTC))
        remove_copies(settings, cache)
    if corpus is None or young is None:
        return BuildReport(snapshot=manifest, imported=imported, dangling={})
    too_old = len(corpus.cases) - len(young.cases)
    return BuildReport(snapshot=manifest, imported=imported, dangling=corpus.dangling, too_old=too_old)


def _read(folder: Path | None, reporter: Reporter) -> Corpus | None:
    if folder is None:
        return None
    with reporter.stage("read corpus"):
        return read_corpus(folder)


def _import(store: Store, corpus: Corpus, source: str, settings: IndexSettings, reporter: Reporter) -> ImportReport:
    rows = rows_of(corpus, open_agent_keys(settings.agent_keys, datetime.now(UTC)))

    def before_write(difference: CorpusDiff) -> None:
        if settings.database_url is None:
            _require_space(settings.database_file, import_bytes(rows, difference))
        reach("import.before_write")

    def before_commit(_: ImportReport) -> None:
        reach("import.before_commit")

    with reporter.stage("import"):
        return store.import_records(rows, source=source, mode="full", check=before_write, written=before_commit)


def _require_space(database: Path, needed: int) -> None:
    left = "nothing was imported and the snapshot in use is untouched"
    with storage_errors(f"importing into {database}", database.parent, left=left):
        require_space(database.parent, needed)


def index_records(
    records: Mapping[Kind, Sequence[Record]],
    encoder: Encoder,
    cache: EmbeddingCache,
    reporter: Reporter,
    masking: Masking = MASKED,
    *,
    recover_labels: bool = True,
) -> Blobs:
    """Index records (each kind ordered by id) and return the files of a snapshot; writes nothing but the cache.

    With ``recover_labels`` history learns from recovered uses too; the cases that are shown keep the given ones.
    """
    items: dict[UsedKind, list[Item]] = {
        "articles": [record for record in records["articles"] if isinstance(record, Article)],
        "templates": [record for record in records["templates"] if isinstance(record, Template)],
        "actions": [record for record in records["actions"] if isinstance(record, Action)],
    }
    cases = [record for record in records["cases"] if isinstance(record, Case)]
    main_language = _main_language(items)
    encode: Encode = _CachedEncode(encoder, cache, reporter)
    blobs: Blobs = {}
    for kind in USED_KINDS:
        blobs |= item_blobs(kind, items[kind], encode, main_language)
    # An item inherits the history of the ids that it replaces, each heir of an id for itself.
    rows = {kind: rows_by_id((item.id, *item.replaces) for item in items[kind]) for kind in USED_KINDS}
    labelled = with_recovered_uses(cases, items) if recover_labels else cases
    public = {kind: np.array([PUBLIC in item.audience for item in items[kind]], dtype=np.bool_) for kind in USED_KINDS}
    return blobs | case_blobs(cases, rows, encode, main_language, masking, public_items=public, labelled=labelled)


def _main_language(items: Mapping[UsedKind, Sequence[Item]]) -> str:
    # Public items only: what is not for everybody must not decide how everybody's words are read.
    named = Counter(
        language
        for kind in USED_KINDS
        for item in items[kind]
        if PUBLIC in item.audience and (language := primary_language(item.language))
    )
    return min(named, key=lambda language: (-named[language], language)) if named else DEFAULT_LANGUAGE


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
