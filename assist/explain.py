"""Reasons in plain words, each of which moved the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from assist.models import Reason
from corpus.models import Pin
from corpus.times import format_time

ReasonLanguage = Literal["de", "en"]

_TEXTS: Mapping[ReasonLanguage, Mapping[str, str]] = {
    "de": {
        "terms": "Begriffe: {terms}",
        "meaning": "inhaltlich nah am Anliegen",
        "meaning_in": "inhaltlich nah am Anliegen, im Abschnitt „{heading}“",
        "history_articles": "half in {supporters} von {electorate} ähnlichen Fällen",
        "history_templates": "gesendet in {supporters} von {electorate} ähnlichen Fällen",
        "history_actions": "nächster Schritt in {supporters} von {electorate} ähnlichen Fällen",
        "used_articles": "half schon in {cases} gelösten Fällen",
        "used_templates": "schon in {cases} gelösten Fällen gesendet",
        "used_actions": "Schritt in {cases} gelösten Fällen",
        "used_once_articles": "half schon in einem gelösten Fall",
        "used_once_templates": "schon in einem gelösten Fall gesendet",
        "used_once_actions": "Schritt in einem gelösten Fall",
        "previous_action": "folgte in {times} von {total} Fällen auf „{name}“",
        "pinned": "festgelegt: {why}",
        "pinned_until": "festgelegt bis {day:%d.%m.%Y}: {why}",
        "first_action": "war in {times} von {total} Fällen der erste Schritt",
    },
    "en": {
        "terms": "Terms: {terms}",
        "meaning": "close in meaning",
        "meaning_in": "close in meaning, in the section “{heading}”",
        "history_articles": "helped in {supporters} of {electorate} similar cases",
        "history_templates": "sent in {supporters} of {electorate} similar cases",
        "history_actions": "next step in {supporters} of {electorate} similar cases",
        "used_articles": "helped in {cases} solved cases",
        "used_templates": "sent in {cases} solved cases",
        "used_actions": "a step in {cases} solved cases",
        "used_once_articles": "helped in one solved case",
        "used_once_templates": "sent in one solved case",
        "used_once_actions": "a step in one solved case",
        "previous_action": "followed “{name}” in {times} of {total} cases",
        "pinned": "pinned: {why}",
        "pinned_until": "pinned until {day:%Y-%m-%d}: {why}",
        "first_action": "was the first step in {times} of {total} cases",
    },
}
MAX_TERMS = 4
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """Words reasons in one language."""

    language: ReasonLanguage

    def terms(self, terms: tuple[str, ...]) -> Reason:
        """Name words that the item shares with the case, as the item writes them, the most telling first."""
        shown = terms[:MAX_TERMS]
        return self._reason("terms", "terms", {"terms": list(shown)}, terms=", ".join(shown))

    def meaning(self, heading: str | None) -> Reason:
        """Say that the item is close in meaning; ``heading`` names the section that is closest."""
        if heading:
            return self._reason("meaning", "meaning_in", {"heading": heading}, heading=heading)
        return self._reason("meaning", "meaning", {})

    def history(self, kind: str, supporters: int, electorate: int) -> Reason:
        """Say how many of the similar cases used the item."""
        facts = {"supporters": supporters, "similar_cases": electorate}
        return self._reason("history", f"history_{kind}", facts, supporters=supporters, electorate=electorate)

    def used(self, kind: str, cases: int) -> Reason:
        """Say how many solved cases used the item, where it is not those nearest that speak for it."""
        text = f"used_{kind}" if cases > 1 else f"used_once_{kind}"
        return self._reason("history", text, {"cases": cases}, cases=cases)

    def sequence(self, previous: tuple[str, str] | None, times: int, total: int) -> Reason:
        """Say how often the action followed the last one (its id and name); ``None`` when it opened the case."""
        facts: dict[str, object] = {"times": times, "total": total}
        if previous is None:
            return self._reason("previous_action", "first_action", facts, times=times, total=total)
        facts["action"] = previous[0]
        return self._reason("previous_action", "previous_action", facts, name=previous[1], times=times, total=total)

    def pinned(self, pin: Pin) -> Reason:
        """Say that a manager put the item first, why, and up to which day (in UTC, the last on which it is so)."""
        facts: dict[str, object] = {"pin": pin.id, "reason": pin.reason}
        if pin.language is not None:
            facts["language"] = pin.language
        if pin.valid_until is None:
            return self._reason("pin", "pinned", facts, why=pin.reason)
        facts["valid_until"] = format_time(pin.valid_until)
        # It ends before that moment: what ends at midnight was in force on the day before.
        return self._reason("pin", "pinned_until", facts, why=pin.reason, day=pin.valid_until - _A_MOMENT)

    def _reason(
        self,
        kind: Literal["pin", "terms", "meaning", "history", "previous_action"],
        text: str,
        facts: Mapping[str, object],
        **values: object,
    ) -> Reason:
        return Reason(kind=kind, text=_TEXTS[self.language][text].format(**values), facts=facts)


def explainer(language: str) -> Explainer:
    """Return the explainer for a language; English where there are no German words wanted."""
    return Explainer(language="de" if language == "de" else "en")
