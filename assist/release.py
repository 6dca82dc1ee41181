"""What a knowledge manager wants to know before a corpus serves; composed here for the commands of the index."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assist.effect import effect, last_solved
from assist.opening import encoder_for, suggester_parts, up_to_date
from assist.settings import Settings
from assist.signing import SuggestionSigner
from assist.smoke import SmokeFailure, TitleCheck, ask_questions, ask_titles
from assist.suggest import Suggester
from corpus.models import Case
from corpus.smoke import SmokeQuestion
from corpus.times import now_utc
from index.builder import index_records
from index.effects import Effect
from index.encoder import Encoder
from index.encoders.recent import RecentEncodings
from index.progress import Reporter
from index.searcher import open_blobs, open_snapshot
from index.snapshot import load_verified
from index.snapshot_verify import VerifiedSnapshot
from index.untouched_cache import UntouchedCache
from index.would_be import WouldBe

WOULD_BE = "would-be"
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningReport:
    """What a snapshot answered before it serves: the questions it was asked, those that failed, and its own titles."""

    asked: int
    failures: tuple[SmokeFailure, ...]
    titles: TitleCheck

    @property
    def failed(self) -> int:
        """Return how many questions failed, however many kinds of each."""
        return len({failure.line for failure in self.failures})


def try_snapshot(
    snapshot_id: str, settings: Settings, encoder: Encoder, questions: Sequence[SmokeQuestion]
) -> OpeningReport:
    """Open a snapshot that was written just now, as the service would, and ask it.

    Raises ``SnapshotError`` when it does not open.
    """
    verified = load_verified(settings.index.var, snapshot_id)
    opened = open_snapshot(verified, settings.index.masking)
    suggester = Suggester(opened, suggester_parts(settings, encoder))
    return OpeningReport(
        asked=len(questions),
        failures=ask_questions(suggester, opened, questions),
        titles=ask_titles(suggester, opened, now_utc()),
    )


def effect_of(
    change: WouldBe,
    serving: VerifiedSnapshot,
    settings: Settings,
    encoder: Encoder,
    reporter: Reporter,
    *,
    as_of: datetime,
) -> Effect:
    """Return what the last solved cases that are live would be suggested if what would be live served.

    The index of the records is built in memory; nothing is written, not even to the embedding cache.
    """
    remembering = RecentEncodings(encoder, capacity=1)  # both suggesters are asked about each case in turn
    # What is suggested here is never sent to anybody, so it needs no secret that lasts.
    signer = SuggestionSigner(secrets.token_bytes(_SECRET_BYTES))
    index = settings.index
    built_by = serving.manifest.encoder.fingerprint
    before_encoder = remembering if built_by == encoder.fingerprint else encoder_for(serving, settings)
    with UntouchedCache(index.embedding_cache) as cache:
        blobs = index_records(
            change.records,
            encoder,
            cache,
            reporter,
            index.masking,
            recover_labels=index.recover_labels,
            evidence=change.evidence,
        )
        snapshot = up_to_date(serving, before_encoder, settings, cache)
    before = Suggester(snapshot, suggester_parts(settings, before_encoder, signer=signer))
    opened = open_blobs(blobs, snapshot_id=WOULD_BE, encoder_name=encoder.name, masking=index.masking)
    after = Suggester(opened, suggester_parts(settings, remembering, signer=signer))
    cases = [record for record in change.live["cases"] if isinstance(record, Case)]
    with reporter.stage("compare suggestions"):
        return effect(before, after, last_solved(cases), as_of=as_of, audiences=settings.audiences)
