"""The composition root: settings become services here, and nowhere else."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from assist.agent_keys import AgentKeyRing, agent_keys_for_edits
from assist.agent_names import Pseudonym
from assist.callers import LocalCallers
from assist.counting import open_metrics
from assist.declined import DeclinedMemory, DeclinedOffers
from assist.editing import StoreEditing
from assist.erasing import REST_WAIT_S, StoreErasures
from assist.feedback import FeedbackDesk
from assist.feedback_tally import FeedbackTally
from assist.following import FollowedSnapshot, OpenedEngine
from assist.gate import Gate
from assist.keyed import KeyedCallers
from assist.keyring import KeyRing
from assist.live import LiveEngine, SnapshotRefusedError
from assist.local_uploads import LocalUploads, UploadSweeper
from assist.loopback import is_loopback
from assist.managing import LocalManagement
from assist.observer import Observer
from assist.own_ranker import ranker_in_use
from assist.previews import TemplatePreviews
from assist.rate import RateLimiter
from assist.readiness import watch_of
from assist.releases import LocalReleases
from assist.scorer import Scorer, shipped_scorer
from assist.services import Services, VersionInfo
from assist.settings import Settings
from assist.signing import SuggestionSigner, load_secret, secret_or_unavailable
from assist.suggest import Suggester, SuggesterParts
from assist.tokens import BrowserTokens
from assist.uploads import MIB
from corpus import VERSION
from corpus.api_keys import ApiKey
from corpus.changes import ChangeFeed
from corpus.declined import StoredDeclined
from corpus.key_store import KeyStore, StoredKeys
from corpus.language import LanguageIdentifier
from corpus.privacy.masking import Masking
from corpus.times import now_utc
from index.delta import DeltaIndex
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.encoders.recent import RecentEncodings
from index.erased_copies import replay_erasures
from index.own_encoder import encoder_that_built, encoders_here, set_encoder
from index.searcher import OpenSnapshot, open_snapshot
from index.snapshot import load_current_or_last_good
from index.snapshot_verify import VerifiedSnapshot

SUGGESTION_SECRET = "secret.key"  # noqa: S105 - the name of a file
TOKEN_SECRET = "token.key"  # noqa: S105 - the name of a file
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The services of one process, and what keeps their engine and keys up to date."""

    services: Services
    live: LiveEngine
    keys: KeyRing
    agents: AgentKeyRing
    declined: DeclinedMemory
    feedback: FeedbackDesk
    sweeper: UploadSweeper
    observer: Observer

    def start(self) -> None:
        """Begin to follow keys, declined offers and snapshots, in threads of their own; returns at once."""
        self.agents.start()
        self.declined.start()
        self.keys.start()
        self.live.start()
        self.sweeper.start()
        self.observer.start()

    def stop(self) -> None:
        """Stop following them."""
        self.observer.stop()
        self.sweeper.stop()
        self.live.stop()
        self.keys.stop()
        self.declined.stop()
        self.agents.stop()
        self.feedback.close()


def suggester_parts(settings: Settings, encoder: Encoder, *, signer: SuggestionSigner | None = None) -> SuggesterParts:
    """Return what a suggester is made of, with the ranker in use; why that is not the own one is logged.

    Without ``signer`` it signs with the secret of the deployment, which is made at first use.
    """
    ranker = ranker_in_use(settings.index.var, encoder.fingerprint)
    told = ranker.damaged or ranker.passed_over
    if told is not None:
        _log.warning("%s", told)
    agents = AgentKeyRing(settings.index.agent_keys)
    agents.refresh()
    declined = DeclinedMemory(StoredDeclined(settings.index.database))
    declined.refresh()
    return _parts(settings, encoder, ranker.scorer, _Memories(agents.pseudonym, declined.declined), signer)


@dataclass(frozen=True, slots=True)
class _Memories:
    """What a suggester asks of state that others follow: pseudonyms of agents, and declined offers."""

    pseudonym: Pseudonym
    declined: DeclinedOffers


def _parts(
    settings: Settings,
    encoder: Encoder,
    scorer: Scorer,
    memories: _Memories,
    signer: SuggestionSigner | None = None,
) -> SuggesterParts:
    return SuggesterParts(
        encoder=encoder,
        identifier=LanguageIdentifier.load(),
        scorer=scorer,
        signer=signer or SuggestionSigner(load_secret(settings.index.var, SUGGESTION_SECRET)),
        company=settings.company,
        maps=settings.merge_maps,
        masking=settings.index.masking,
        precision=settings.precision,
        pseudonym=memories.pseudonym,
        declined=memories.declined,
        urgency=settings.index.urgency,
    )


def encoder_of(settings: Settings) -> Encoder:
    """Open the encoder that an index is built with."""
    return set_encoder(settings.index)


def current_suggester(settings: Settings, encoder: Encoder | None = None) -> Suggester:
    """Return a suggester over the snapshot that serves now, for programs that answer once and end.

    ``encoder`` is one that is open already, in case it is the right one.
    """
    verified, _ = load_current_or_last_good(settings.index.var)
    if encoder is None or encoder.fingerprint != verified.manifest.encoder.fingerprint:
        encoder = encoder_for(verified, settings)
    with EmbeddingCache(settings.index.embedding_cache) as cache:
        return Suggester(up_to_date(verified, encoder, settings, cache), suggester_parts(settings, encoder))


def up_to_date(verified: VerifiedSnapshot, encoder: Encoder, settings: Settings, cache: EmbeddingCache) -> OpenSnapshot:
    """Open a snapshot with what changed in the store since; raises ``StoreError``."""
    with closing(ChangeFeed(settings.index.database, settings.index.erasures)) as feed:
        _, followed = _open_followed(verified, encoder, settings.index.masking, feed, cache)
        return followed.catch_up()


def _open_followed(
    verified: VerifiedSnapshot, encoder: Encoder, masking: Masking, feed: ChangeFeed, cache: EmbeddingCache
) -> tuple[OpenSnapshot, FollowedSnapshot]:
    """Return a snapshot as it was built, and what brings it up to date."""
    snapshot = open_snapshot(verified, masking)
    return snapshot, FollowedSnapshot(snapshot, DeltaIndex(snapshot, encoder, cache, masking), feed)


def encoder_for(verified: VerifiedSnapshot, settings: Settings) -> Encoder:
    """Open the encoder that built a snapshot; raise ``SnapshotRefusedError`` when it is none that is known here."""
    built_by = verified.manifest.encoder
    encoder = encoder_that_built(built_by.fingerprint, settings.index)
    if encoder is None:
        raise SnapshotRefusedError(
            f"snapshot {verified.manifest.snapshot_id} was built by the encoder {built_by.name} "
            f"({built_by.fingerprint[:12]}), which is neither set by ASSIST_ENCODER ({settings.index.encoder}) nor "
            "among the encoders kept here: build it again with `make reindex`, or set ASSIST_ENCODER to the former. "
            "Kept here: " + "; ".join(f"{folder}: {what}" for folder, what in encoders_here(settings.index).items())
        )
    if encoder.dimension != built_by.dimension:
        raise SnapshotRefusedError(
            f"snapshot {verified.manifest.snapshot_id} holds vectors of {built_by.dimension} components, and the "
            f"encoder {encoder.name} makes {encoder.dimension}: build it again with `make reindex`"
        )
    return encoder


def _opened_engine(
    verified: VerifiedSnapshot, parts: SuggesterParts, feed: ChangeFeed, cache: EmbeddingCache
) -> OpenedEngine:
    """Open a snapshot to suggest out of it; what changed since comes with the first look at the store."""
    snapshot, followed = _open_followed(verified, parts.encoder, parts.masking, feed, cache)
    return OpenedEngine(engine=Suggester(snapshot, parts), snapshot=followed)


def build_runtime(settings: Settings, *, on_ready: Callable[[str], None] | None = None) -> Runtime:
    """Return the services of a serving process; engine and keys are opened in the background once it is started.

    ``on_ready`` is told the snapshot with which the process begins to serve.
    """
    agents = AgentKeyRing(settings.index.agent_keys)
    agents.refresh()
    declined = DeclinedMemory(StoredDeclined(settings.index.database))
    live = LiveEngine(
        settings.index.var,
        _opener(settings, _Memories(agents.pseudonym, declined.declined)),
        delta_limit=settings.delta_limit,
        on_ready=on_ready,
    )
    keys = KeyRing(StoredKeys(settings.index.database))
    tokens = BrowserTokens(functools.cache(lambda: secret_or_unavailable(settings.index.var, TOKEN_SECRET)))
    uploads = LocalUploads(settings.index.var, most_bytes=settings.upload_mb * MIB)
    callers = KeyedCallers(keys, tokens, local=_local_callers(settings), origins=settings.origins)
    gate = Gate(at_work=settings.request_threads, waiting=settings.queue, deadline_s=settings.deadline_ms / 1000)
    metrics = open_metrics(settings, watch_of(live, callers, gate))
    feedback = FeedbackDesk(
        settings.index.database,
        functools.cache(lambda: _signer(settings)),
        tally=FeedbackTally(metrics.took_feedback),
    )
    services = Services(
        engines=live,
        version=VersionInfo(name="stichwort", version=VERSION, encoder=settings.index.encoder),
        callers=callers,
        tokens=tokens,
        feedback=feedback,
        limiter=RateLimiter(settings.rate_limit),
        origins=settings.origins,
        embed_ancestors=settings.embed_ancestors,
        desk=settings.desk,
        company=settings.company,
        editing=StoreEditing(
            settings.index.database,
            functools.partial(agent_keys_for_edits, settings.index),
            settings.index.masking,
        ),
        erasures=open_erasures(settings),
        gate=gate,
        releases=LocalReleases(settings.index, settings.corpus),
        management=LocalManagement(settings.index),
        uploads=uploads,
        previews=TemplatePreviews(company=settings.company, maps=settings.merge_maps),
        metrics=metrics,
        metrics_for=settings.metrics_for,
    )
    return Runtime(
        services=services,
        live=live,
        keys=keys,
        agents=agents,
        declined=declined,
        feedback=feedback,
        sweeper=UploadSweeper(uploads),
        observer=Observer(metrics),
    )


def active_keys(settings: Settings) -> int:
    """Return how many keys of the store may be used now."""
    return sum(key.state(now_utc()) == "active" for key in stored_keys(settings))


def stored_keys(settings: Settings) -> tuple[ApiKey, ...]:
    """Return all keys of the store, oldest first; none where there is no store yet."""
    stored = StoredKeys(settings.index.database)
    try:
        return stored() or ()
    finally:
        stored.close()


def open_keys(settings: Settings, *, create: bool, busy_timeout_s: float) -> KeyStore:
    """Open the keys of the store to change them; with ``create`` a store that is not there yet is made."""
    return KeyStore.open(settings.index.database, create=create, busy_timeout_s=busy_timeout_s)


def open_erasures(settings: Settings, *, busy_timeout_s: float = REST_WAIT_S) -> StoreErasures:
    """Return what erases from the store of this deployment."""
    var = settings.index.var
    return StoreErasures(settings=settings.index, secret=lambda: load_secret(var), busy_timeout_s=busy_timeout_s)


def _local_callers(settings: Settings) -> LocalCallers | None:
    # Wherever others may reach the service, a key is required even if there is none.
    return LocalCallers(settings.audiences, settings.origins) if is_loopback(settings.host) else None


def _signer(settings: Settings) -> SuggestionSigner:
    return SuggestionSigner(secret_or_unavailable(settings.index.var, SUGGESTION_SECRET))


def _opener(settings: Settings, memories: _Memories) -> Callable[[VerifiedSnapshot], OpenedEngine]:
    made: list[SuggesterParts] = []
    feed, cache = (
        ChangeFeed(settings.index.database, settings.index.erasures),
        EmbeddingCache(settings.index.embedding_cache),
    )

    def open_with_parts(verified: VerifiedSnapshot) -> OpenedEngine:
        # The encoder is opened with the first snapshot, in the background: a worker answers health probes meanwhile.
        # A later snapshot of another encoder brings its own; requests in flight keep the parts they began with.
        if not made:
            # The engine that follows the pointers puts the ranker in use in the place of the shipped one.
            made.append(_parts(settings, encoder_for(verified, settings), shipped_scorer(), memories))
        elif made[0].encoder.fingerprint != verified.manifest.encoder.fingerprint:
            made[0] = replace(made[0], encoder=encoder_for(verified, settings))
        # Forgotten with the snapshot: what was erased before this one was built is in no memory either.
        encoder = RecentEncodings(made[0].encoder, settings.recent_encodings)
        # The feed hides at once what the ledger tells; the store, perhaps a restored backup, is brought up to it.
        replay_erasures(settings.index)
        return _opened_engine(verified, replace(made[0], encoder=encoder), feed, cache)

    return open_with_parts
