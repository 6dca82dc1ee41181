"""Why an item was held back, in German and in English sentences that name what was found and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from assist.barriers import BarrierName
from assist.eligibility import Situation
from assist.explain import ReasonLanguage
from assist.explaining.models import Why
from assist.models import SuggestRequest
from corpus.eligibility import ENGLISH, GERMAN, first_failure
from corpus.models import Action, Item, Pin, primary_language

_TEXTS: Mapping[ReasonLanguage, Mapping[str, str]] = MappingProxyType({
    "de": {
        "withdrawn": "zurückgezogen oder gelöscht, seit der Index gebaut wurde",
        "audience": "Zielgruppe {found}, gefragt wird für {expected}",
        "status": "Status {found}, vorgeschlagen wird nur Veröffentlichtes (published)",
        "frame": "steht um eine Antwort ({found}) und ist nie selbst eine",
        "not_yet_valid": "gilt erst ab {found}, gefragt wird zum {expected}",
        "expired": "gilt seit {found} nicht mehr, gefragt wird zum {expected}",
        "product": "gilt für das Produkt {found}, der Fall hat {expected}",
        "channel": "gilt für den Kanal {found}, der Fall hat {expected}",
        "filters": "passt nicht zu den Filtern: {found}",
        "filter": "{field} ist {found}, gefragt ist {expected}",
        "declined": "in diesem Fall vom Kunden abgelehnt, laut {found}",
        "context": "context.declined",
        "feedback": "Rückmeldung",
        "max_per_case": "schon {found}-mal erledigt, höchstens {expected}-mal je Fall (max_per_case)",
        "rule": "die Regel trifft nicht zu: {found}",
        "forbidden": "durch die Festlegung {expected} gesperrt: {found}",
        "or": " oder ",
    },
    "en": {
        "withdrawn": "withdrawn or deleted since the index was built",
        "audience": "audience {found}, asked for {expected}",
        "status": "status {found}, and only what is published is suggested",
        "frame": "stands around a reply ({found}) and is never one",
        "not_yet_valid": "not valid before {found}, asked for {expected}",
        "expired": "not valid since {found}, asked for {expected}",
        "product": "for the product {found}, and the case has {expected}",
        "channel": "for the channel {found}, and the case has {expected}",
        "filters": "does not pass the filters: {found}",
        "filter": "{field} is {found}, asked for {expected}",
        "declined": "declined by the customer in this case, according to {found}",
        "context": "context.declined",
        "feedback": "feedback",
        "max_per_case": "done {found} times already, at most {expected} per case (max_per_case)",
        "rule": "the rule does not hold: {found}",
        "forbidden": "kept out by the pin {expected}: {found}",
        "or": " or ",
    },
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierWords:
    """Words what held items back in one case; ``situation`` is that of actions, ``forbidden`` by their ids."""

    language: ReasonLanguage
    request: SuggestRequest
    as_of: datetime
    situation: Situation | None
    forbidden: Mapping[str, Pin]

    def why(self, item: Item, barrier: BarrierName) -> Why:
        """Return why a barrier held an item back."""
        if barrier in ("declined", "max_per_case", "rule") and isinstance(item, Action) and self.situation is not None:
            return self._of_action(item, barrier, self.situation)
        if barrier == "forbidden":
            pin = self.forbidden[item.id]
            return self._why("forbidden", found=pin.reason, expected=pin.id)
        if barrier == "audience":
            return self._audience(item)
        if barrier == "status":
            framing = item.status == "published"
            return self._why("frame" if framing else "status", found=str(item.kind) if framing else item.status)  # type: ignore[union-attr]  # only templates frame
        if barrier == "validity":
            return self._validity(item)
        if barrier == "filters":
            return self._filters(item)
        return self._fitting(item, barrier)

    def _of_action(self, action: Action, barrier: BarrierName, situation: Situation) -> Why:
        if barrier == "rule":
            words = GERMAN if self.language == "de" else ENGLISH
            return self._why("rule", found=first_failure(action.when, situation.facts, situation.as_of, words) or "")
        if barrier == "max_per_case":
            return self._why("max_per_case", found=situation.done[action.id], expected=action.max_per_case)
        said = not situation.declined.isdisjoint((action.id, *action.replaces))
        return self._why("declined", found=_TEXTS[self.language]["context" if said else "feedback"])

    def _audience(self, item: Item) -> Why:
        if not item.audience:
            return self._why("withdrawn")
        return self._why("audience", found=self._any(item.audience), expected=self._any(sorted(self.request.audiences)))

    def _validity(self, item: Item) -> Why:
        early = item.valid_from is not None and self.as_of < item.valid_from
        moment = item.valid_from if early else item.valid_until
        found, expected = (f"{each:%Y-%m-%d %H:%M}" if each else "" for each in (moment, self.as_of))
        return self._why("not_yet_valid" if early else "expired", found=found, expected=expected)

    def _fitting(self, item: Item, barrier: BarrierName) -> Why:
        field = "products" if barrier == "product" else "channels"
        expected = self.request.case.product if barrier == "product" else self.request.case.channel
        return self._why(barrier, found=self._any(getattr(item, field, ())), expected=expected)

    def _filters(self, item: Item) -> Why:
        filters = self.request.filters
        category = getattr(item, "category", None)
        asked: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
            ("language", filters.language, (item.language,) if item.language else ()),
            ("product", filters.product, getattr(item, "products", ())),
            ("category", filters.category, (category,) if category else getattr(item, "categories", ())),
            ("channel", filters.channel, getattr(item, "channels", ())),
        )
        told = [
            _TEXTS[self.language]["filter"].format(field=field, found=self._any(found), expected=self._any(wanted))
            for field, wanted, found in asked
            if wanted and found and _compared(field, wanted).isdisjoint(_compared(field, found))
        ]
        return self._why("filters", found="; ".join(told))

    def _any(self, values: object) -> str:
        return _TEXTS[self.language]["or"].join(map(str, values)) if isinstance(values, list | tuple) else str(values)

    def _why(self, code: str, **values: object) -> Why:
        return Why(code="status" if code == "frame" else code, text=_TEXTS[self.language][code].format(**values))


def _compared(field: str, values: tuple[str, ...]) -> frozenset[str | None]:
    return frozenset(primary_language(each) if field == "language" else each for each in values)
