"""What a suggester is made of, whatever the snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assist.agent_names import Pseudonym, agent_named, no_pseudonym
from assist.declined import DeclinedOffers, none_declined
from assist.eligibility import Situation, situation_of
from assist.models import SuggestKind
from assist.precision import TARGET_PRECISION
from assist.presenting import Stamp
from assist.scorer import Scorer
from assist.signing import MAX_CHANNEL, AskedFor, SuggestionSigner
from assist.understanding import Understanding
from corpus.language import LanguageIdentifier
from corpus.merge_syntax.maps import MergeMaps, shipped_maps
from corpus.models import primary_language
from corpus.privacy.masking import MASKED, Masking
from index.encoder import Encoder
from index.settings import UrgencySetting
from index.situations import UsedKind


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

    def stamp(self, kind: SuggestKind, case: Understanding, snapshot: str) -> Stamp:
        """Return what signs the suggestions of a kind in a case, out of the snapshot of that id."""
        request = case.request
        name = agent_named(request.context)
        asked_for = AskedFor(
            case_id=request.case.id or None,
            channel=request.case.channel if len(request.case.channel or "") <= MAX_CHANNEL else None,
            language=primary_language(case.language.code),
            # Of the time that is asked about, so that the same question has the same ids in any quarter.
            agent=None if name is None else self.pseudonym(name, case.as_of),
        )
        return Stamp(signer=self.signer, kind=kind, snapshot=snapshot, asked_for=asked_for)
