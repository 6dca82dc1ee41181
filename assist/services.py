"""What the HTTP edge needs of the rest: an engine that suggests, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assist.callers import Callers
from assist.editing import Editing, NoEditing
from assist.erasing import Erasures, NoErasures
from assist.explaining.models import ExplainRequest, Explanation
from assist.feedback import TakesFeedback
from assist.gate import Gate
from assist.managing import Management, NoManagement
from assist.metrics import Metrics, MetricsFor, NoMetrics, ReadyStatus
from assist.models import RenderedTemplate, SearchRequest, SearchResults, Suggestions, SuggestRequest
from assist.previews import Previews, TemplatePreviews
from assist.rate import RateLimiter
from assist.releases import NoReleases, Releases
from assist.rendering import RenderRequest
from assist.shortcodes import Shortcode
from assist.tokens import BrowserTokens
from assist.unavailable import Unavailable
from assist.uploads import NoUploads, Uploads
from corpus.models import Kind, Pin, Record
from index.situations import UsedKind

__all__ = [
    "EngineSource",
    "Readiness",
    "ReadyStatus",
    "Services",
    "SuggestEngine",
    "Unavailable",
    "VersionInfo",
]


class SuggestEngine(Protocol):
    """Answers from one open snapshot; safe to be called by many threads."""

    def suggest(self, request: SuggestRequest) -> Suggestions:
        """Return ranked suggestions; may raise ``Unavailable``."""
        ...

    def explain(self, question: ExplainRequest) -> Explanation:
        """Return why a question is answered as it is; may raise ``Unavailable`` and ``UnknownItemError``."""
        ...

    def search(self, request: SearchRequest) -> SearchResults:
        """Return one page of hits for each kind; may raise ``Unavailable``."""
        ...

    def render(self, request: RenderRequest) -> RenderedTemplate | None:
        """Return a template filled, or ``None`` where there is none that one of the audiences may see."""
        ...

    def shortcodes(self, audiences: frozenset[str]) -> tuple[Shortcode, ...]:
        """Return the shortcodes of all templates that one of the audiences may send now, in order."""
        ...

    def all_pins(self) -> tuple[Pin, ...]:
        """Return all that managers decided about items, drafts and what has ended included, by id."""
        ...

    def record(self, kind: Kind, record_id: str, audiences: frozenset[str]) -> Record | None:
        """Return the record, or ``None`` where there is none that one of the audiences may see.

        Ids of items that it names are told only so far as the audiences may see the items.
        """
        ...

    def names(self, kind: UsedKind, item_id: str, audiences: frozenset[str]) -> tuple[str, ...]:
        """Return what is told in the place of an id that a record names: it, its heirs, or nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether the service can answer; ``reasons`` explain a status other than ``ok``."""

    status: ReadyStatus
    reasons: tuple[str, ...] = ()
    snapshot: str | None = None


class EngineSource(Protocol):
    """Holds the engine of the current snapshot, which may be swapped at any moment."""

    def engine(self) -> SuggestEngine | None:
        """Return the engine to answer one request with; ``None`` while there is none yet."""
        ...

    def state(self) -> Readiness:
        """Return whether the service can answer now; cheap, as probes ask often."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionInfo:
    """What runs here."""

    name: str
    version: str
    encoder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that views use; built once, at the composition root.

    ``gate`` bounds what works at a time. ``embed_ancestors`` are the pages that may frame the panel.
    ``desk`` says whether the agent desk of the demo is served.
    """

    engines: EngineSource
    version: VersionInfo
    callers: Callers
    tokens: BrowserTokens
    feedback: TakesFeedback
    limiter: RateLimiter
    origins: frozenset[str] = frozenset()
    embed_ancestors: frozenset[str] = frozenset()
    desk: bool = False
    company: Mapping[str, str] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
    editing: Editing = field(default_factory=NoEditing)
    releases: Releases = field(default_factory=NoReleases)
    erasures: Erasures = field(default_factory=NoErasures)
    management: Management = field(default_factory=NoManagement)
    uploads: Uploads = field(default_factory=NoUploads)
    previews: Previews = field(default_factory=TemplatePreviews)
    metrics: Metrics = field(default_factory=NoMetrics)
    metrics_for: MetricsFor = "loopback"
