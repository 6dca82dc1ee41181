"""Opening what a report is about: a corpus folder indexed in memory, or the store and the snapshot that serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assist.opening import encoder_for, suggester_parts, up_to_date
from assist.settings import Settings
from corpus.feedback_store import FeedbackStore
from corpus.item_feedback import item_feedback
from corpus.models import KINDS, Case, Kind, Record
from corpus.store import Store
from evaluation.caching_encoder import CachingEncoder
from evaluation.corpus_report.material import Limits, Material
from evaluation.encoded_corpus import read_any_corpus
from evaluation.training.records import OwnRecords
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.progress import Reporter
from index.rows import live_records
from index.snapshot import load_current_or_last_good
from index.untouched_cache import UntouchedCache


def folder_material(
    folder: Path, bench: Workbench, *, at: datetime, limits: Limits, audiences: frozenset[str]
) -> Material:
    """Index a corpus folder in memory. Raises ``corpus.findings.CorpusErrors`` for one that is not well-formed."""
    corpus, _ = read_any_corpus(folder)
    read: dict[Kind, tuple[Record, ...]] = {
        "articles": corpus.articles,
        "templates": corpus.templates,
        "actions": corpus.actions,
        "cases": corpus.cases,
    }
    own = OwnRecords.of({kind: _by_id(rows) for kind, rows in read.items()}, recover_labels=True)
    encoder = CachingEncoder(bench.encoder, bench.cache)
    solved = _by_id_cases(own)
    items: dict[Kind, Sequence[Record]] = {
        "articles": own.corpus.articles,
        "templates": own.corpus.templates,
        "actions": own.corpus.actions,
    }
    return Material(
        name=folder.resolve().name,
        corpus=own.corpus,
        solved=solved,
        snapshot=bench.index({**items, "cases": solved}),
        parts=bench.parts(encoder),
        encoder=encoder,
        reporter=bench.reporter,
        at=at,
        audiences=audiences,
        limits=limits,
    )


@contextmanager
def store_material(settings: Settings, reporter: Reporter, *, at: datetime, limits: Limits) -> Iterator[Material]:
    """Open the store and the snapshot that serves; nothing of either is changed.

    Raises ``StoreError`` and ``SnapshotError`` where there is none yet.
    """
    index = settings.index
    with reporter.stage("open snapshot"):
        verified, _ = load_current_or_last_good(index.var)
        opened = encoder_for(verified, settings)
        with UntouchedCache(index.embedding_cache) as untouched:
            snapshot = up_to_date(verified, opened, settings, untouched)
    with reporter.stage("read the store"):
        with Store.open(index.database, create=False) as store:
            state = store.live_state()
            rows: Mapping[Kind, Sequence[Record]] = {kind: live_records(store, kind, state) for kind in KINDS}
        with FeedbackStore.open(index.database, create=False) as kept:
            feedback = item_feedback(kept)
    own = OwnRecords.of(rows, recover_labels=index.recover_labels)
    with EmbeddingCache(index.embedding_cache) as cache:
        encoder = CachingEncoder(opened, cache)
        yield Material(
            name=f"snapshot {snapshot.id[:12]}",
            corpus=own.corpus,
            solved=_by_id_cases(own),
            snapshot=snapshot,
            parts=replace(suggester_parts(settings, opened), encoder=encoder),
            encoder=encoder,
            reporter=reporter,
            at=at,
            feedback=feedback,
            audiences=settings.audiences,
            limits=limits,
        )


def _by_id(rows: Sequence[Record]) -> Sequence[Record]:
    return sorted(rows, key=lambda record: record.id)


def _by_id_cases(own: OwnRecords) -> Sequence[Case]:
    return [case for _, case in sorted(own.taught.items())]
