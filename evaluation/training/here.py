"""``python -m assist train``: learn a ranker from the store of a deployment, judge it, and let it serve if it may."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from rich import box
from rich.table import Table

from assist.opening import encoder_for
from assist.own_ranker import keep_ranker, rankers_folder, use_ranker
from assist.settings import Settings
from corpus.language import LanguageIdentifier
from corpus.models import KINDS
from corpus.store import Store
from corpus.times import now_utc
from evaluation.table import print_table
from evaluation.training.judge import CONTENT, LEARNED, SHIPPED
from evaluation.training.learn import Learn, learn
from evaluation.training.page import scorecard_page
from evaluation.training.periods import TooLittleHistoryError
from evaluation.training.records import OwnRecords
from evaluation.training.scorecard import PAGE, SCORECARD, Scorecard
from evaluation.training.train import Trained, train
from evaluation.training.workbench import OwnWorkbench
from index.cli import DONE, FAILED, NOT_GOOD_ENOUGH
from index.durable import replace_file, sync_directory
from index.embedding_cache import EmbeddingCache
from index.locks import WriterLock
from index.progress import open_reporter
from index.rows import live_records
from index.snapshot import load_current_or_last_good

REFUSED = "refused"
"""The folder of the scorecard of what must not serve."""
# Seconds to wait for a build that is going on; what took minutes must not be thrown away for it.
PATIENCE = 600.0


def train_here(settings: Settings, *, learning: Learn = learn) -> int:
    """Train, and return the exit code.

    It is 0 when a learned ranker serves now, 1 when there is too little history, 4 when nothing that was learned may
    serve. Raises ``StoreError`` and ``SnapshotError`` where there is nothing to learn from yet.
    """
    try:
        trained = _train(settings, learning)
    except TooLittleHistoryError as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
    _print(trained.card)
    # Held only now: training takes minutes, and nobody must wait for it with a correction.
    with WriterLock(settings.index.var, wait_seconds=PATIENCE):
        return _refuse(settings, trained) if trained.card.ranker is None else _activate(settings, trained)


def _train(settings: Settings, learning: Learn) -> Trained:
    index = settings.index
    with open_reporter() as reporter:
        with reporter.stage("read the store"), Store.open(index.database, create=False) as store:
            state = store.live_state()
            rows = {kind: live_records(store, kind, state) for kind in KINDS}
            evidence = tuple(store.evidence()) if index.learn_feedback else ()
        with reporter.stage("open encoder"):
            encoder = encoder_for(load_current_or_last_good(index.var)[0], settings)
        with reporter.stage("recover labels"):
            records = OwnRecords.of(rows, recover_labels=index.recover_labels, evidence=evidence)
        with EmbeddingCache(index.embedding_cache) as cache:
            workbench = OwnWorkbench(
                encoder=encoder,
                cache=cache,
                identifier=LanguageIdentifier.load(),
                reporter=reporter,
                masking=index.masking,
            )
            return train(records, workbench, data=state.fingerprint, at=now_utc(), learning=learning)


def _activate(settings: Settings, trained: Trained) -> int:
    card = trained.card
    facts = {
        "made_by": "make train",
        "made_at": card.made_at,
        "encoder": card.encoder_fingerprint,
        "data": card.data,
        "counts": dict(card.counts),
        "learned": [kind for kind, each in card.kinds.items() if each.takes == LEARNED],
    }
    var = settings.index.var
    named = keep_ranker(var, trained.scorer, facts, _files(card))
    use_ranker(var, named.name)
    print(f"{named.name} serves: {rankers_folder(var) / named.name / PAGE} says what it learned")
    print("python -m assist train --forget goes back to the shipped ranker")
    return DONE


def _refuse(settings: Settings, trained: Trained) -> int:
    folder = rankers_folder(settings.index.var) / REFUSED
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(trained.card).items():
        replace_file(folder / name, content)
    sync_directory(folder)
    print(f"nothing that was learned serves; what served before goes on: {folder / PAGE} says why", file=sys.stderr)
    return NOT_GOOD_ENOUGH


def _files(card: Scorecard) -> Mapping[str, bytes]:
    return {SCORECARD: card.to_bytes(), PAGE: scorecard_page(card).encode()}


def _print(card: Scorecard) -> None:
    table = Table(title="First item right (P@1) on later cases", box=box.SIMPLE_HEAD)
    for heading in ("kind", "questions", CONTENT, SHIPPED, LEARNED, "difference (95 %)", "takes"):
        table.add_column(heading, no_wrap=True)
    for kind, each in card.kinds.items():
        systems = each.judgement.systems
        shares = (f"{systems[name]['P@1'].mean:.3f}" for name in (CONTENT, SHIPPED, LEARNED))
        apart = each.judgement.differences["P@1"]
        low, high = apart.ci95
        table.add_row(
            kind, f"{each.judgement.questions:,}", *shares, f"{apart.mean:+.3f} ({low:+.3f} to {high:+.3f})", each.takes
        )
    print_table(table, sys.stdout)
    for kind, each in card.kinds.items():
        for reason in each.judgement.reasons:
            print(f"{kind} not used: {reason}", file=sys.stderr)
    for kind, reason in card.left_out.items():
        print(f"{kind} not learned: {reason}", file=sys.stderr)
