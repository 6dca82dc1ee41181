"""The composition root: settings become services here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from assist.live import LiveEngine, SnapshotRefusedError
from assist.scorer import shipped_scorer
from assist.services import Services, VersionInfo
from assist.settings import Settings
from assist.signing import SuggestionSigner, load_secret
from assist.suggest import Suggester, SuggesterParts
from corpus import VERSION
from corpus.language import LanguageIdentifier
from index.encoder import Encoder
from index.own_encoder import encoder_that_built, set_encoder
from index.searcher import open_snapshot
from index.snapshot import load_current_or_last_good
from index.snapshot_verify import VerifiedSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The services of one process, and what keeps their engine up to date."""

    services: Services
    live: LiveEngine


def suggester_parts(settings: Settings, encoder: Encoder) -> SuggesterParts:
    """Return what every suggester of this process shares, whatever the snapshot."""
    return SuggesterParts(
        encoder=encoder,
        identifier=LanguageIdentifier.load(),
        scorer=shipped_scorer(),
        signer=SuggestionSigner(load_secret(settings.index.var)),
        company=settings.company,
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
    return Suggester(open_snapshot(verified), suggester_parts(settings, encoder))


def encoder_for(verified: VerifiedSnapshot, settings: Settings) -> Encoder:
    """Open the encoder that built a snapshot; raise ``SnapshotRefusedError`` when it is none that is known here."""
    built_by = verified.manifest.encoder
    encoder = encoder_that_built(built_by.fingerprint, settings.index)
    if encoder is None:
        raise SnapshotRefusedError(
            f"snapshot {verified.manifest.snapshot_id} was built by the encoder {built_by.name} "
            f"({built_by.fingerprint[:12]}), which is neither set by ASSIST_ENCODER ({settings.index.encoder}) nor "
            "among the encoders kept here: build it again with `make reindex`, or set ASSIST_ENCODER to the former"
        )
    return encoder


def build_runtime(settings: Settings, *, on_ready: Callable[[str], None] | None = None) -> Runtime:
    """Return the services of a serving process; the engine opens in the background once ``live`` is started.

    ``on_ready`` is told the snapshot with which the process begins to serve.
    """
    live = LiveEngine(settings.index.var, _opener(settings), on_ready=on_ready)
    services = Services(
        engines=live,
        version=VersionInfo(name="stichwort", version=VERSION, encoder=settings.index.encoder),
        audiences=settings.audiences,
        company=settings.company,
    )
    return Runtime(services=services, live=live)


def _opener(settings: Settings) -> Callable[[VerifiedSnapshot], Suggester]:
    made: list[SuggesterParts] = []

    def open_with_parts(verified: VerifiedSnapshot) -> Suggester:
        # The encoder is opened with the first snapshot, in the background: a worker answers health probes meanwhile.
        # A later snapshot of another encoder brings its own; requests in flight keep the parts they began with.
        if not made:
            made.append(suggester_parts(settings, encoder_for(verified, settings)))
        elif made[0].encoder.fingerprint != verified.manifest.encoder.fingerprint:
            made[0] = replace(made[0], encoder=encoder_for(verified, settings))
        return Suggester(open_snapshot(verified), made[0])

    return open_with_parts
