"""The composition root: settings become services here, and nowhere else."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from assist.callers import LocalCallers
from assist.gate import Gate
from assist.keyed import KeyedCallers
from assist.keyring import KeyRing
from assist.live import LiveEngine, SnapshotRefusedError
from assist.loopback import is_loopback
from assist.own_ranker import ranker_in_use
from assist.rate import RateLimiter
from assist.scorer import Scorer, shipped_scorer
from assist.services import Services, VersionInfo
from assist.settings import Settings
from assist.signing import SuggestionSigner, load_secret, secret_or_unavailable
from assist.suggest import Suggester, SuggesterParts
from assist.tokens import BrowserTokens
from corpus import VERSION
from corpus.api_keys import ApiKey
from corpus.burials import buried_keys
from corpus.key_store import KeyStore, StoredKeys
from corpus.language import LanguageIdentifier
from corpus.stored import Key
from corpus.times import now_utc
from index.encoder import Encoder
from index.own_encoder import encoder_that_built, encoders_here, set_encoder
from index.searcher import open_snapshot
from index.settings import IndexSettings
from index.snapshot import load_current_or_last_good
from index.snapshot_verify import VerifiedSnapshot

TOKEN_SECRET = "token.key"  # noqa: S105 - the name of a file
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The services of one process, and what keeps their engine and keys up to date."""

    services: Services
    live: LiveEngine
    keys: KeyRing

    def start(self) -> None:
        """Begin to follow keys and snapshots, in threads of their own; returns at once."""
        self.keys.start()
        self.live.start()

    def stop(self) -> None:
        """Stop following both."""
        self.live.stop()
        self.keys.stop()


def suggester_parts(settings: Settings, encoder: Encoder) -> SuggesterParts:
    """Return what a suggester is made of, with the ranker in use; why that is not the own one is logged."""
    ranker = ranker_in_use(settings.index.var, encoder.fingerprint)
    told = ranker.damaged or ranker.passed_over
    if told is not None:
        _log.warning("%s", told)
    return _parts(settings, encoder, ranker.scorer)


def _parts(settings: Settings, encoder: Encoder, scorer: Scorer) -> SuggesterParts:
    return SuggesterParts(
        encoder=encoder,
        identifier=LanguageIdentifier.load(),
        scorer=scorer,
        signer=SuggestionSigner(load_secret(settings.index.var)),
        company=settings.company,
        maps=settings.merge_maps,
        masking=settings.index.masking,
        precision=settings.precision,
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
    return _suggester(verified, suggester_parts(settings, encoder), settings)


def encoder_for(verified: VerifiedSnapshot, settings: Settings) -> Encoder:
    """Open the encoder that built a snapshot; raise ``SnapshotRefusedError`` when it is none that is known here."""
    built_by = verified.manifest.encoder
    encoder = encoder_that_built(built_by.fingerprint, settings.index)
    if encoder is None:
        raise SnapshotRefusedError(
            f"snapshot {verified.manifest.snapshot_id} was built by the encoder {built_by.name} "
            f"({built_by.fingerprint[:12]}), which is neither set by ASSIST_ENCODER ({settings.index.encoder}) nor "
            "among the encoders kept here: build it again with `make reindex`, or set ASSIST_ENCODER to the former"
            + _kept_here(settings)
        )
    if encoder.dimension != built_by.dimension:
        raise SnapshotRefusedError(
            f"snapshot {verified.manifest.snapshot_id} holds vectors of {built_by.dimension} components, and the "
            f"encoder {encoder.name} makes {encoder.dimension}: build it again with `make reindex`"
        )
    return encoder


def _kept_here(settings: Settings) -> str:
    if settings.index.encoder != "packaged":
        return ""
    return ". Kept here: " + "; ".join(f"{folder}: {what}" for folder, what in encoders_here(settings.index).items())


def _suggester(verified: VerifiedSnapshot, parts: SuggesterParts, settings: Settings) -> Suggester:
    return Suggester(open_snapshot(verified, settings.index.masking, buried=_buried(settings.index)), parts)


def _buried(settings: IndexSettings) -> frozenset[Key]:
    """Return what was erased or withdrawn, which an older snapshot may still hold.

    Where the store cannot be read, its error is passed on: nobody knows then what may be shown. A file that was never
    made, or was taken away, says nothing.
    """
    if settings.database_url is None and not settings.database_file.exists():
        return frozenset()
    return buried_keys(settings.database)


def build_runtime(settings: Settings, *, on_ready: Callable[[str], None] | None = None) -> Runtime:
    """Return the services of a serving process; engine and keys are opened in the background once it is started.

    ``on_ready`` is told the snapshot with which the process begins to serve.
    """
    live = LiveEngine(settings.index.var, _opener(settings), on_ready=on_ready)
    keys = KeyRing(StoredKeys(settings.index.database))
    tokens = BrowserTokens(functools.cache(lambda: secret_or_unavailable(settings.index.var, TOKEN_SECRET)))
    services = Services(
        engines=live,
        version=VersionInfo(name="stichwort", version=VERSION, encoder=settings.index.encoder),
        callers=KeyedCallers(keys, tokens, local=_local_callers(settings), origins=settings.origins),
        tokens=tokens,
        limiter=RateLimiter(settings.rate_limit),
        origins=settings.origins,
        company=settings.company,
        gate=Gate(at_work=settings.request_threads, waiting=settings.queue, deadline_s=settings.deadline_ms / 1000),
    )
    return Runtime(services=services, live=live, keys=keys)


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


def _local_callers(settings: Settings) -> LocalCallers | None:
    # Wherever others may reach the service, a key is required even if there is none.
    return LocalCallers(settings.audiences, settings.origins) if is_loopback(settings.host) else None


def _opener(settings: Settings) -> Callable[[VerifiedSnapshot], Suggester]:
    made: list[SuggesterParts] = []

    def open_with_parts(verified: VerifiedSnapshot) -> Suggester:
        # The encoder is opened with the first snapshot, in the background: a worker answers health probes meanwhile.
        # A later snapshot of another encoder brings its own; requests in flight keep the parts they began with.
        if not made:
            # The engine that follows the pointers puts the ranker in use in the place of the shipped one.
            made.append(_parts(settings, encoder_for(verified, settings), shipped_scorer()))
        elif made[0].encoder.fingerprint != verified.manifest.encoder.fingerprint:
            made[0] = replace(made[0], encoder=encoder_for(verified, settings))
        return _suggester(verified, made[0], settings)

    return open_with_parts
