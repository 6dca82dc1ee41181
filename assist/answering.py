"""From what is shown of each kind to the answer: records, excerpts, and texts filled for the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from assist.cutting import verdicts
from assist.models import (
    SUGGEST_KINDS,
    ActionSuggestion,
    ArticleSuggestion,
    CaseSuggestion,
    Suggestions,
    SuggestKind,
    TemplateSuggestion,
    Urgency,
)
from assist.parts import SuggesterParts
from assist.presenting import Shown
from assist.rendering import TemplateFiller
from assist.sendable import sending_of
from assist.solved_by import as_seen
from assist.steps import fill_steps
from assist.stopwatch import Stopwatch
from assist.understanding import NO_TEXT, Understanding
from corpus.models import Action, Article, Template, primary_language
from index.excerpts import ExcerptFinder
from index.searcher import OpenSnapshot

_Suggestion = TypeVar("_Suggestion")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKind:
    """The items shown of one kind; empty when it abstained, ``None`` when it was not asked for."""

    shown: tuple[Shown, ...] | None
    abstained: bool = False


NOT_ASKED = OfKind(shown=None)


def confident(shown: tuple[Shown, ...], threshold: float) -> OfKind:
    """Abstain when the first item is below the threshold; of those behind it keep what is not next to hopeless."""
    said = verdicts([each.fields["confidence"] for each in shown], threshold, len(shown))
    kept = tuple(each for each, verdict in zip(shown, said, strict=True) if verdict == "shown")
    return OfKind(shown=kept, abstained=not kept)


class Answering:
    """Answers cases out of one open snapshot; safe to share between threads."""

    def __init__(self, snapshot: OpenSnapshot, parts: SuggesterParts, filler: TemplateFiller) -> None:
        self._snapshot, self._parts, self._filler = snapshot, parts, filler

    def nothing(self, case: Understanding, watch: Stopwatch) -> Suggestions:
        """Return the answer to a case without any text: it abstains from every kind that was asked for."""
        abstained = OfKind(shown=(), abstained=True)
        kinds = {kind: abstained if kind in case.request.limits else NOT_ASKED for kind in SUGGEST_KINDS}
        return self.answer(case, kinds, watch, warnings=(NO_TEXT,))

    def answer(
        self,
        case: Understanding,
        kinds: Mapping[SuggestKind, OfKind],
        watch: Stopwatch,
        *,
        urgency: Urgency | None = None,
        warnings: tuple[str, ...] = (),
    ) -> Suggestions:
        """Return the answer to a case; ``kinds`` holds every kind, ``watch`` what the steps before this one took."""
        with watch.stage("present"):
            articles = _present(kinds["articles"], self._article)
            templates = _present(kinds["templates"], lambda shown: self._template(shown, case))
            actions = _present(kinds["actions"], lambda shown: self._action(shown, case))
            excerpts = ExcerptFinder(self._snapshot.cases, case.text.text)
            cases = _present(kinds["similar_cases"], lambda shown: self._case(shown, case, excerpts))
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
            abstained=tuple(kind for kind in SUGGEST_KINDS if kinds[kind].abstained),
            warnings=warnings,
            urgency=urgency,
            timings_ms=watch.milliseconds(),
        )

    def _article(self, shown: Shown) -> ArticleSuggestion:
        space = self._snapshot.items["articles"]
        article = _of_type(space.items[shown.row], Article)
        return ArticleSuggestion(**shown.fields, article=article, excerpt=space.excerpt(shown.row, shown.passage))

    def _template(self, shown: Shown, case: Understanding) -> TemplateSuggestion:
        template = _of_type(self._snapshot.items["templates"].items[shown.row], Template)
        request = case.request
        sending = sending_of(request, case.language, case.as_of)
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


def _present(answer: OfKind, present: Callable[[Shown], _Suggestion]) -> tuple[_Suggestion, ...] | None:
    return None if answer.shown is None else tuple(present(shown) for shown in answer.shown)


def _of_type(item: object, expected: type[_Item]) -> _Item:
    if not isinstance(item, expected):
        raise TypeError(f"found a {type(item).__name__} in the space of {expected.__name__} records")
    return item
