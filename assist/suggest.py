"""The suggester: one case in, what helps the agent now out.

The way of a case, step by step: understand it, encode it once, look back at solved cases like it, filter what the
caller may see, rank the rest, calibrate (and abstain), explain. REST, the command line and the evaluation call this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from assist.agent_names import Pseudonym, agent_named, no_pseudonym
from assist.barriers import eligible
from assist.considering import Considered, allowed_items, consider
from assist.cutting import verdicts
from assist.declined import DeclinedOffers, none_declined
from assist.eligibility import Situation, situation_of
from assist.explain import Explainer, explainer
from assist.explaining.explain_case import explain_case
from assist.explaining.models import ExplainRequest, Explanation
from assist.models import (
    SUGGEST_KINDS,
    ActionSuggestion,
    ArticleSuggestion,
    CaseSuggestion,
    RenderedTemplate,
    SearchRequest,
    SearchResults,
    Suggestions,
    SuggestKind,
    SuggestRequest,
    TemplateSuggestion,
)
from assist.past import Past, look_back
from assist.pinning import PinOfRow, Showing, in_force, pinned_first
from assist.presenting import Shown, Stamp, show
from assist.rendering import RenderRequest, TemplateFiller
from assist.scorer import TARGET_PRECISION, Scorer
from assist.search import search
from assist.sendable import Sending
from assist.shortcodes import Shortcode, shortcodes
from assist.signing import MAX_CHANNEL, AskedFor, SuggestionSigner
from assist.similar import ChosenCase, choose_similar, show_similar
from assist.solved_by import as_seen, names_seen
from assist.steps import fill_steps
from assist.stopwatch import Stopwatch
from assist.understanding import NO_TEXT, Understanding, known_text, moment_of
from assist.urgency import urgency_of
from corpus.language import Language, LanguageIdentifier
from corpus.merge_syntax.maps import MergeMaps, shipped_maps
from corpus.models import Action, Article, Kind, Pin, Record, Template, primary_language
from corpus.privacy.masking import MASKED, Masking
from corpus.times import now_utc
from index.encoder import Encoder
from index.excerpts import ExcerptFinder
from index.filters import Mask
from index.pins import Effect
from index.searcher import OpenSnapshot
from index.settings import UrgencySetting
from index.situations import USED_KINDS, UsedKind
from index.space import ItemSpace

_Suggestion = TypeVar("_Suggestion")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggesterParts:
    """What a suggester is made of, whatever the snapshot; ``precision`` is wanted of the first items of each kind.

    ``pseudonym`` stands in suggestion ids for the agent who asks, ``declined`` tells what feedback said of offers.
    Without ``rules`` actions are suggested whatever their rules say and however often they were done: to measure what
    rules do.
    """

    encoder: Encoder
    identifier: LanguageIdentifier
    scorer: Scorer
    signer: SuggestionSigner
    company: Mapping[str, str] = field(default_factory=dict)
    maps: MergeMaps = field(default_factory=shipped_maps)
    masking: Masking = MASKED
    precision: Mapping[SuggestKind, float] = field(default_factory=lambda: TARGET_PRECISION)
    pseudonym: Pseudonym = no_pseudonym
    declined: DeclinedOffers = none_declined
    rules: bool = True
    urgency: UrgencySetting = "auto"

    def threshold(self, kind: SuggestKind) -> float:
        """Return the confidence below which a first item of a kind is not shown."""
        return self.scorer.confidence[kind].threshold(self.precision[kind])

    def situation(self, kind: UsedKind, case: Understanding) -> Situation | None:
        """Return what decides about actions in a case; ``None`` for other kinds, and where rules do not count."""
        if kind != "actions" or not self.rules:
            return None
        request = case.request
        remembered = self.declined(request.case.id, case.as_of) if request.case.id else ()
        return situation_of(request, case.language.code, case.as_of, remembered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """The items shown of one kind; empty when it abstained, ``None`` when it was not asked for."""

    shown: tuple[Shown, ...] | None
    abstained: bool = False


class Suggester:
    """Suggests out of one open snapshot; safe to share between threads."""

    def __init__(self, snapshot: OpenSnapshot, parts: SuggesterParts) -> None:
        self._snapshot = snapshot
        self._parts = parts
        self._filler = TemplateFiller(snapshot, parts.company, parts.maps)

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
            return self._nothing(case, watch)
        with watch.stage("history"):
            past = look_back(self._snapshot.cases, case)
        reasons = explainer(primary_language(request.language) or case.language.code)
        answers: dict[SuggestKind, _Answer] = {}
        for kind in USED_KINDS:
            with watch.stage(kind):
                answers[kind] = (
                    self._items(kind, case, past, reasons) if kind in request.limits else _Answer(shown=None)
                )
        with watch.stage("similar_cases"):
            similar = self._similar(case, past, reasons)
        with watch.stage("urgency"):
            parts = self._parts
            urgency = urgency_of(
                case, self._snapshot.urgency, parts.urgency, parts.encoder, parts.masking, reasons.language
            )
        return replace(self._assemble(case, answers, similar, watch), urgency=urgency)

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
        return self._filler.asked(request, _sending(asked, language, moment_of(asked)))

    def _language_of(self, request: SuggestRequest, text: str) -> Language:
        known = self._snapshot.languages(request.audiences)
        return self._parts.identifier.identify(text, given=request.case.language, known=known)

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
            as_of=moment_of(request),
        )

    def _items(self, kind: UsedKind, case: Understanding, past: Past, reasons: Explainer) -> _Answer:
        allowed = self.allowed(kind, case)
        considered = self.consider_rows(kind, case, past, allowed)
        model = self._parts.scorer.confidence[kind]
        stamp, limit = self._stamp(kind, case), case.request.limits[kind]
        confidences = considered.confidences(model).tolist()
        answer = _answer(show(considered, confidences, reasons, stamp, limit), self.threshold(kind, case.request))
        pins = self.pins(kind, "pin", case, allowed)
        if not pins:
            return answer
        showing = Showing(model=model, explainer=reasons, stamp=stamp, limit=limit)

        def consider_also(rows: Collection[int]) -> Considered:
            return self.consider_rows(kind, case, past, allowed, also=rows)

        return _Answer(shown=pinned_first(pins, considered, answer.shown or (), showing, consider_also))

    def _similar(self, case: Understanding, past: Past, reasons: Explainer) -> _Answer:
        if "similar_cases" not in case.request.limits:
            return _Answer(shown=None)
        chosen = self.similar(case, past, case.request.limits["similar_cases"])
        stamp = self._stamp("similar_cases", case)
        shown = show_similar(chosen, reasons, stamp)
        return _answer(shown, self.threshold("similar_cases", case.request))

    def _stamp(self, kind: SuggestKind, case: Understanding) -> Stamp:
        request = case.request
        name = agent_named(request.context)
        asked_for = AskedFor(
            case_id=request.case.id or None,
            channel=request.case.channel if len(request.case.channel or "") <= MAX_CHANNEL else None,
            language=primary_language(case.language.code),
            # Of the time that is asked about, so that the same question has the same ids in any quarter.
            agent=None if name is None else self._parts.pseudonym(name, case.as_of),
        )
        return Stamp(signer=self._parts.signer, kind=kind, snapshot=self._snapshot.id, asked_for=asked_for)

    def threshold(self, kind: SuggestKind, request: SuggestRequest) -> float:
        """Return the confidence below which a question is not answered with a first item of a kind."""
        return self._parts.threshold(kind) if request.min_confidence is None else request.min_confidence

    def _nothing(self, case: Understanding, watch: Stopwatch) -> Suggestions:
        asked: dict[SuggestKind, _Answer] = {
            kind: _Answer(shown=(), abstained=True) if kind in case.request.limits else _Answer(shown=None)
            for kind in SUGGEST_KINDS
        }
        similar = asked.pop("similar_cases")
        return self._assemble(case, asked, similar, watch, warnings=(NO_TEXT,))

    def _assemble(
        self,
        case: Understanding,
        answers: Mapping[SuggestKind, _Answer],
        similar: _Answer,
        watch: Stopwatch,
        warnings: tuple[str, ...] = (),
    ) -> Suggestions:
        with watch.stage("present"):
            articles = _present(answers["articles"], self._article)
            templates = _present(answers["templates"], lambda shown: self._template(shown, case))
            actions = _present(answers["actions"], lambda shown: self._action(shown, case))
            excerpts = ExcerptFinder(self._snapshot.cases, case.text.text)
            cases = _present(similar, lambda shown: self._case(shown, case, excerpts))
        every = {**answers, "similar_cases": similar}
        return Suggestions(
            snapshot=self._snapshot.id,
            encoder=self._snapshot.encoder_name,
            ranker=self._parts.scorer.name,
            language=case.language.code,
            language_confidence=round(case.language.confidence, 4),
            articles=articles,
            templates=templates,
            actions=actions,
            similar_cases=cases,
            abstained=tuple(kind for kind in SUGGEST_KINDS if every[kind].abstained),
            warnings=warnings,
            timings_ms=watch.milliseconds(),
        )

    def _article(self, shown: Shown) -> ArticleSuggestion:
        space = self._snapshot.items["articles"]
        article = _of_type(space.items[shown.row], Article)
        return ArticleSuggestion(**shown.fields, article=article, excerpt=space.excerpt(shown.row, shown.passage))

    def _template(self, shown: Shown, case: Understanding) -> TemplateSuggestion:
        template = _of_type(self._snapshot.items["templates"].items[shown.row], Template)
        request = case.request
        sending = _sending(request, case.language, case.as_of)
        rendered = self._filler.suggested(template, request.case, request.context, request.audiences, sending)
        return TemplateSuggestion(**shown.fields, template=template, rendered=rendered)

    def _action(self, shown: Shown, case: Understanding) -> ActionSuggestion:
        action = _of_type(self._snapshot.items["actions"].items[shown.row], Action)
        action = as_seen(action, self._snapshot.items, case.request.audiences)
        request, language = case.request, primary_language(case.request.language) or case.language.code
        filled = fill_steps(action, request.case, request.context, company=self._parts.company, language=language)
        return ActionSuggestion(
            **shown.fields,
            action=action,
            rule=action.when,
            steps=filled.steps,
            missing_fields=filled.missing_fields,
            unknown_fields=filled.unknown_fields,
            warnings=filled.warnings,
        )

    def _case(self, shown: Shown, case: Understanding, excerpts: ExcerptFinder) -> CaseSuggestion:
        record = as_seen(self._snapshot.cases.cases[shown.row], self._snapshot.items, case.request.audiences)
        return CaseSuggestion(**shown.fields, case=record, excerpt=excerpts.excerpt(shown.row))


def _sending(request: SuggestRequest, language: Language, as_of: datetime) -> Sending:
    """Return how a text would be sent; warnings are in the language of the reasons."""
    return Sending(
        case_language=None if language.source == "default" else language.code,
        channel=request.case.channel,
        as_of=as_of,
        language=primary_language(request.language) or language.code,
    )


def _answer(shown: tuple[Shown, ...], threshold: float) -> _Answer:
    """Abstain when the first item is below the threshold; of those behind it keep what is not next to hopeless."""
    said = verdicts([each.fields["confidence"] for each in shown], threshold, len(shown))
    kept = tuple(each for each, verdict in zip(shown, said, strict=True) if verdict == "shown")
    return _Answer(shown=kept, abstained=not kept)


def _present(answer: _Answer, present: Callable[[Shown], _Suggestion]) -> tuple[_Suggestion, ...] | None:
    return None if answer.shown is None else tuple(present(shown) for shown in answer.shown)


def _of_type(item: object, expected: type[_Item]) -> _Item:
    if not isinstance(item, expected):
        raise TypeError(f"found a {type(item).__name__} in the space of {expected.__name__} records")
    return item
