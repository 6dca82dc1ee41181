"""The composition root: settings become services here, and nowhere else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from assist.agent_keys import AgentKeyRing, agent_keys_for_edits
from assist.callers import LocalCallers
from assist.counting import open_metrics
from assist.declined import DeclinedMemory
from assist.editing import StoreEditing
from assist.engine_opener import EngineOpener
from assist.erasing import REST_WAIT_S, StoreErasures
from assist.feedback import FeedbackDesk
from assist.feedback_tally import FeedbackTally
from assist.gate import Gate
from assist.keyed import KeyedCallers
from assist.keyring import KeyRing
from assist.live import LiveEngine
from assist.local_uploads import SWEEP_S, LocalUploads
from assist.lookout import Lookout
from assist.loopback import is_loopback
from assist.managing import LocalManagement
from assist.opening import SUGGESTION_SECRET, Memories
from assist.previews import TemplatePreviews
from assist.rate import RateLimiter
from assist.readiness import watch_of
from assist.releases import LocalReleases
from assist.services import Services, VersionInfo
from assist.settings import Settings
from assist.signing import SuggestionSigner, load_secret, secret_or_unavailable
from assist.tokens import BrowserTokens
from assist.uploads import MIB
from corpus import VERSION
from corpus.declined import StoredDeclined
from corpus.key_store import StoredKeys
from index.read_ahead import ReadAhead

TOKEN_SECRET = "token.key"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The services of one process, and who keeps their engine, their keys and what they remember up to date."""

    services: Services
    live: LiveEngine
    keys: KeyRing
    declined: DeclinedMemory
    feedback: FeedbackDesk
    lookouts: tuple[Lookout, ...]

    def start(self) -> None:
        """Begin to look after them, each in a thread of its own; returns at once."""
        for lookout in self.lookouts:
            lookout.start()

    def stop(self) -> None:
        """Look after them no more, what was begun last first."""
        for lookout in reversed(self.lookouts):
            lookout.stop()
        self.feedback.close()


def build_runtime(
    settings: Settings, *, ahead: ReadAhead | None = None, on_ready: Callable[[str], None] | None = None
) -> Runtime:
    """Return the services of a serving process; engine and keys are opened in the background once it is started.

    ``ahead`` may have begun to read what will serve. ``on_ready`` is told the snapshot with which the process begins.
    """
    ahead = ahead or ReadAhead(settings.for_requests().index)
    agents = AgentKeyRing(settings.index.agent_keys)
    agents.refresh()
    declined = DeclinedMemory(StoredDeclined(settings.index.database))
    opener = EngineOpener(settings, Memories(agents.pseudonym, declined.declined), ahead)
    live = LiveEngine(
        settings.index.var,
        opener,
        prepare=opener.prepare,
        load=ahead.snapshot,
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
        declined=declined,
        feedback=feedback,
        lookouts=(
            # A key for each new quarter is made with it.
            Lookout("agent-key-watch", agents.renew, every_s=60.0),
            Lookout("declined-watch", declined.refresh, every_s=1.0),
            Lookout("key-watch", keys.refresh, every_s=2.0),
            Lookout("snapshot-watch", live.look, every_s=0.5),
            # An upload goes after its day even where nobody asks for it any more.
            Lookout("upload-sweep", uploads.sweep, every_s=SWEEP_S),
            # Whichever worker is asked for figures can tell how all of them are.
            Lookout("observer", metrics.refresh, every_s=2.0),
        ),
    )


def open_erasures(settings: Settings, *, busy_timeout_s: float = REST_WAIT_S) -> StoreErasures:
    """Return what erases from the store of this deployment."""
    var = settings.index.var
    return StoreErasures(settings=settings.index, secret=lambda: load_secret(var), busy_timeout_s=busy_timeout_s)


def _local_callers(settings: Settings) -> LocalCallers | None:
    # Wherever others may reach the service, a key is required even if there is none.
    return LocalCallers(settings.audiences, settings.origins) if is_loopback(settings.host) else None


def _signer(settings: Settings) -> SuggestionSigner:
    return SuggestionSigner(secret_or_unavailable(settings.index.var, SUGGESTION_SECRET))
