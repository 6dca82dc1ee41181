"""The suggester: one case in, what helps the agent now out.

The way of a case, step by step: understand it, encode it once, look back at solved cases like it, filter what the
caller may see, rank the rest, calibrate (and abstain), explain; ``assist.answering`` puts the answer together. REST,
the command line and the evaluation call this.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from assist.answering import NOT_ASKED, Answering, OfKind, confident
from assist.barriers import eligible
from assist.considering import Considered, allowed_items, consider
from assist.eligibility import Situation
from assist.explain import Explainer, explainer
from assist.explaining.explain_case import explain_case
from assist.explaining.models import ExplainRequest, Explanation
from assist.models import (
    RenderedTemplate,
    SearchRequest,
    SearchResults,
    Suggestions,
    SuggestKind,
    SuggestRequest,
)
from assist.parts import SuggesterParts
from assist.past import Past, look_back
from assist.pinning import PinOfRow, Showing, in_force, pinned_first
from assist.presenting import show
from assist.rendering import RenderRequest, TemplateFiller
from assist.scorer import Scorer
from assist.search import search
from assist.sendable import sending_of
from assist.shortcodes import Shortcode, shortcodes
from assist.similar import ChosenCase, choose_similar, show_similar
from assist.solved_by import as_seen, names_seen
from assist.stopwatch import Stopwatch
from assist.understanding import Understanding, known_text, moment_of
from assist.urgency import urgency_of
from corpus.language import Language
from corpus.models import Kind, Pin, Record, primary_language
from corpus.times import now_utc
from index.filters import Mask
from index.lexicon import AskedText
from index.pins import Effect
from index.searcher import OpenSnapshot
from index.situations import USED_KINDS, UsedKind
from index.space import ItemSpace


class Suggester:
    """Suggests out of one open snapshot; safe to share between threads."""

    def __init__(self, snapshot: OpenSnapshot, parts: SuggesterParts) -> None:
        self._snapshot = snapshot
        self._parts = parts
        self._filler = TemplateFiller(snapshot, parts.company, parts.maps)
        self._answering = Answering(snapshot, parts, self._filler)

    @property
    def snapshot_id(self) -> str:
        """The id of the snapshot it suggests out of."""
        return self._snapshot.id

    @property
    def encoder_fingerprint(self) -> str:
        """What tells the encoder that it reads cases with from any other."""
        return self._parts.encoder.fingerprint

    @property
    def encoder_name(self) -> str:
        """The name of the encoder that built the snapshot."""
        return self._snapshot.encoder_name

    def space(self, kind: UsedKind) -> ItemSpace:
        """Return the items of a kind with their indexes."""
        return self._snapshot.items[kind]

    @property
    def scorer(self) -> Scorer:
        """What it ranks with."""
        return self._parts.scorer

    def with_scorer(self, scorer: Scorer) -> Suggester:
        """Return a suggester out of the same snapshot that ranks with another scorer."""
        return Suggester(self._snapshot, replace(self._parts, scorer=scorer))

    def with_snapshot(self, snapshot: OpenSnapshot) -> Suggester:
        """Return a suggester out of another open snapshot, or out of the same one brought up to date."""
        return self if snapshot is self._snapshot else Suggester(snapshot, self._parts)

    def suggest(self, request: SuggestRequest) -> Suggestions:
        """Return the best items of each asked kind, or none of a kind where nothing is likely to help."""
        watch = Stopwatch()
        case = self._understand(request, watch)
        if not case.text.text:
            return self._answering.nothing(case, watch)
        with watch.stage("history"):
            past = look_back(self._snapshot.cases, case)
        reasons = explainer(primary_language(request.language) or case.language.code)
        found: dict[SuggestKind, OfKind] = {}
        for kind in USED_KINDS:
            with watch.stage(kind):
                found[kind] = self._items(kind, case, past, reasons) if kind in request.limits else NOT_ASKED
        with watch.stage("similar_cases"):
            found["similar_cases"] = self._similar(case, past, reasons)
        with watch.stage("urgency"):
            parts = self._parts
            urgency = urgency_of(
                case, self._snapshot.urgency, parts.urgency, parts.encoder, parts.masking, reasons.language
            )
        return self._answering.answer(case, found, watch, urgency=urgency)

    def _understand(self, request: SuggestRequest, watch: Stopwatch) -> Understanding:
        with watch.stage("understand"):
            text = known_text(request, self._parts.masking)
            language = self._language_of(request, text.text)
        with watch.stage("encode"):
            encoded = self._parts.encoder.encode_with_tokens([text.text], role="query")[0]
        return Understanding(
            request=request,
            text=text,
            language=language,
            vector=encoded.vector,
            tokens=encoded.tokens,
            words=AskedText(text.text),
            as_of=moment_of(request),
        )

    def _items(self, kind: UsedKind, case: Understanding, past: Past, reasons: Explainer) -> OfKind:
        allowed = self.allowed(kind, case)
        considered = self.consider_rows(kind, case, past, allowed)
        model = self._parts.scorer.confidence[kind]
        stamp, limit = self._parts.stamp(kind, case, self.snapshot_id), case.request.limits[kind]
        confidences = considered.confidences(model).tolist()
        answer = confident(show(considered, confidences, reasons, stamp, limit), self.threshold(kind, case.request))
        pins = self.pins(kind, "pin", case, allowed)
        if not pins:
            return answer
        showing = Showing(model=model, explainer=reasons, stamp=stamp, limit=limit)

        def consider_also(rows: Collection[int]) -> Considered:
            return self.consider_rows(kind, case, past, allowed, also=rows)

        return OfKind(shown=pinned_first(pins, considered, answer.shown or (), showing, consider_also))

    def _similar(self, case: Understanding, past: Past, reasons: Explainer) -> OfKind:
        if "similar_cases" not in case.request.limits:
            return NOT_ASKED
        chosen = self.similar(case, past, case.request.limits["similar_cases"])
        stamp = self._parts.stamp("similar_cases", case, self.snapshot_id)
        shown = show_similar(chosen, reasons, stamp)
        return confident(shown, self.threshold("similar_cases", case.request))

    def consider(self, kind: UsedKind, case: Understanding, past: Past, *, without: Collection[str] = ()) -> Considered:
        """Return everything that was considered of a kind, ranked, before anything is cut off.

        Items whose ids are in ``without`` count as if the corpus lacked them: what would be suggested instead?
        """
        return self.consider_rows(kind, case, past, self.allowed(kind, case, without=without))

    def consider_rows(
        self, kind: UsedKind, case: Understanding, past: Past, allowed: Mask, *, also: Collection[int] = ()
    ) -> Considered:
        """Return the same as if just the ``allowed`` rows might be suggested; those in ``also`` are always ranked."""
        weights = self._parts.scorer.weights[kind]
        return consider(kind, self.space(kind), case, allowed, past, weights, also=also)

    def allowed(self, kind: UsedKind, case: Understanding, *, without: Collection[str] = ()) -> Mask:
        """Return which items of a kind, by row, may be suggested in a case.

        Ids in ``without`` may not, nor what a manager forbids.
        """
        space = self.space(kind)
        allowed = allowed_items(space, case)
        allowed[[space.row_of[each] for each in without if each in space.row_of]] = False
        situation = self.situation(kind, case)
        if situation is not None:
            allowed = eligible(space, allowed, situation)
        allowed[list(self.pins(kind, "forbid", case, allowed))] = False
        return allowed

    def situation(self, kind: UsedKind, case: Understanding) -> Situation | None:
        """Return what decides about actions in a case, ``None`` for other kinds."""
        return self._parts.situation(kind, case)

    def pins(self, kind: UsedKind, effect: Effect, case: Understanding, among: Mask) -> PinOfRow:
        """Return which of some rows a manager pins or forbids in a case, and by which pin."""
        return in_force(self._snapshot.pins, kind, effect, self.space(kind), among, case)

    def threshold(self, kind: SuggestKind, request: SuggestRequest) -> float:
        """Return the confidence below which a question is not answered with a first item of a kind."""
        return self._parts.threshold(kind) if request.min_confidence is None else request.min_confidence

    def explain(self, question: ExplainRequest) -> Explanation:
        """Return why a question is answered as it is; raises ``UnknownItemError``."""
        return explain_case(self, question)

    def understand(self, request: SuggestRequest) -> Understanding:
        """Return the case as the ranking sees it."""
        return self._understand(request, Stopwatch())

    def look_back(self, case: Understanding, *, without: Collection[str] = ()) -> Past:
        """Return the solved cases nearest to a case; cases whose ids are in ``without`` count as not there."""
        return look_back(self._snapshot.cases, case, without=without)

    def similar(self, case: Understanding, past: Past, limit: int) -> tuple[ChosenCase, ...]:
        """Return up to ``limit`` solved cases worth a look, before anything is held back."""
        return choose_similar(past, case, self._snapshot.items, self._parts.scorer.confidence["similar_cases"], limit)

    def search(self, request: SearchRequest) -> SearchResults:
        """Return what a free search finds, with facet counts."""
        # Words are looked up as typed: an article may well hold the number of a hotline.
        meaning = self._parts.masking.search_query(request.query)
        vector = self._parts.encoder.encode([meaning], role="query")[0]
        return search(self._snapshot, request, vector)

    def record(self, kind: Kind, record_id: str, audiences: frozenset[str]) -> Record | None:
        """Return a record that one of the audiences may see, as far as they may see what it names; else ``None``."""
        record = self._snapshot.record(kind, record_id, audiences)
        return None if record is None else as_seen(record, self._snapshot.items, audiences)

    def all_pins(self) -> tuple[Pin, ...]:
        """Return all that managers decided about items, drafts and what has ended included, by id."""
        return tuple(self._snapshot.pins.by_id.values())

    def names(self, kind: UsedKind, item_id: str, audiences: frozenset[str]) -> tuple[str, ...]:
        """Return what those who see these audiences read in the place of an id that a record names."""
        return names_seen(item_id, self._snapshot.items[kind], audiences)

    def shortcodes(self, audiences: frozenset[str]) -> tuple[Shortcode, ...]:
        """Return the shortcodes of all templates that one of the audiences may send now, in order."""
        return shortcodes(self._snapshot.items["templates"].items, audiences, now_utc())

    def render(self, request: RenderRequest) -> RenderedTemplate | None:
        """Return a template filled for a case, or ``None`` where there is none that one of the audiences may see."""
        asked = SuggestRequest(
            case=request.case,
            context=request.context,
            as_of=request.as_of,
            language=request.language,
            audiences=request.audiences,
        )
        language = self._language_of(asked, known_text(asked, self._parts.masking).text)
        return self._filler.asked(request, sending_of(asked, language, moment_of(asked)))

    def _language_of(self, request: SuggestRequest, text: str) -> Language:
        known = self._snapshot.languages(request.audiences)
        return self._parts.identifier.identify(text, given=request.case.language, known=known)
