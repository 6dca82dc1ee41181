"""How urgent an open case is, in the customer's own words: what is proven of it on the corpus's own later cases.

Nothing that an agent wrote is read, and nothing that is found is kept (docs/urgency.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assist.explain import ReasonLanguage
from assist.models import Urgency, UrgencyReason
from assist.understanding import Understanding, known_text
from corpus.privacy.masking import Masking
from index.encoder import Encoder
from index.settings import UrgencySetting
from index.urgency.customers import customers_words
from index.urgency.model import Belief, UrgencyHead, UrgencyModel
from index.urgency.signals import ENOUGH, KINDS, Signal, presence, signals_in, strength
from index.urgency.words import SignalKind

_TEXTS: Mapping[ReasonLanguage, Mapping[SignalKind, str]] = {
    "de": {
        "outage": "Ausfall genannt: {quote}",
        "danger": "mögliche Gefahr genannt: {quote}",
        "medical": "medizinisch Notwendiges erwähnt: {quote}",
        "security": "Diebstahl, Betrug oder fremder Zugriff: {quote}",
        "cutoff": "drohende Sperre oder Mahnverfahren: {quote}",
        "legal": "Anwalt, Klage oder Beschwerdestelle erwähnt: {quote}",
        "vulnerable": "schutzbedürftige Person erwähnt: {quote}",
        "deadline": "Frist genannt: {quote}",
        "repeated": "wiederholte Anfrage: {quote}",
        "stated": "selbst als dringend bezeichnet: {quote}",
    },
    "en": {
        "outage": "outage mentioned: {quote}",
        "danger": "possible danger mentioned: {quote}",
        "medical": "medical need mentioned: {quote}",
        "security": "theft, fraud or access by others: {quote}",
        "cutoff": "threatened cut-off or dunning: {quote}",
        "legal": "lawyer, lawsuit or complaint body mentioned: {quote}",
        "vulnerable": "vulnerable person mentioned: {quote}",
        "deadline": "deadline mentioned: {quote}",
        "repeated": "repeated contact: {quote}",
        "stated": "called urgent by the customer: {quote}",
    },
}
_LEARNED: Mapping[ReasonLanguage, str] = {
    "de": "ähnelt gelösten Fällen, die dringend waren",
    "en": "like solved cases that were urgent",
}


def urgency_of(
    case: Understanding,
    model: UrgencyModel,
    setting: UrgencySetting,
    encoder: Encoder,
    masking: Masking,
    language: ReasonLanguage,
) -> Urgency | None:
    """Return how urgent a case is; ``None`` where that is switched off, not proven, or the customer wrote nothing."""
    if setting == "off" or (setting == "auto" and model.serves == "off"):
        return None
    text = _customers_text(case, masking)
    if not text:
        return None
    signals = signals_in(text)
    if setting == "rules":
        return _by_rules(signals, model.rules_belief, language)
    if model.head is None or model.belief is None:
        return _by_rules(signals, model.belief, language)
    vector = case.vector if text == case.text.text else encoder.encode([text], role="query")[0]
    if model.head.chance(vector, presence(signals)) < model.head.threshold:
        return Urgency(level="normal", confidence=model.belief.normal, reasons=())
    reasons = _moving(signals, model.head, language)
    if model.head.by_text(vector) > 0:
        reasons = (*reasons, UrgencyReason(kind="learned", text=_LEARNED[language]))
    return Urgency(level="high", confidence=model.belief.high, reasons=reasons)


def _customers_text(case: Understanding, masking: Masking) -> str:
    """Return what the customer wrote as it is searched by; an agent's question before a bare reply is not in it."""
    request = case.request
    words = customers_words(request.case)
    return case.text.text if words == request.case else known_text(replace(request, case=words), masking).text


def _by_rules(signals: Sequence[Signal], belief: Belief | None, language: ReasonLanguage) -> Urgency | None:
    if strength(signals) >= ENOUGH:
        confidence = None if belief is None else belief.high
        return Urgency(level="high", confidence=confidence, reasons=tuple(_reason(each, language) for each in signals))
    # That rules find nothing says nothing by itself: only solved cases tell how often it means a normal case.
    return None if belief is None else Urgency(level="normal", confidence=belief.normal, reasons=())


def _moving(signals: Sequence[Signal], head: UrgencyHead, language: ReasonLanguage) -> tuple[UrgencyReason, ...]:
    """Return the signals that moved the score up."""
    return tuple(_reason(each, language) for each in signals if head.effects[KINDS.index(each.kind)] > 0)


def _reason(signal: Signal, language: ReasonLanguage) -> UrgencyReason:
    text = _TEXTS[language][signal.kind].format(quote=signal.quote)
    return UrgencyReason(kind=signal.kind, text=text, quote=signal.quote)
