"""What became of a ranked item, in a German or English sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assist.considering import DEPTH
from assist.cutting import HOPELESS_SHARE
from assist.explain import ReasonLanguage
from assist.explaining.models import Standing

_TEXTS: Mapping[ReasonLanguage, Mapping[Standing, str]] = MappingProxyType({
    "de": {
        "pinned": "wird gezeigt, weil es so festgelegt ist",
        "shown": "wird gezeigt",
        "abstained": "nicht gezeigt: der erste Eintrag erreicht {first}, die Schwelle ist {threshold}",
        "hopeless": "nicht gezeigt: aussichtslos neben dem ersten, unter {hopeless} ({share} der Schwelle)",
        "beyond_limit": "nicht gezeigt: erst hinter den {limit} Einträgen, die gefragt sind",
        "not_retrieved": "nicht verglichen: weder dem Inhalt noch den Begriffen nach unter den {depth} nächsten, und "
        "kein gelöster Fall spricht dafür; die Zahlen gelten für den Fall, dass er verglichen würde",
    },
    "en": {
        "pinned": "shown because it is pinned",
        "shown": "shown",
        "abstained": "not shown: the first item has {first}, the threshold is {threshold}",
        "hopeless": "not shown: hopeless beside the first, below {hopeless} ({share} of the threshold)",
        "beyond_limit": "not shown: behind the {limit} items that are asked for",
        "not_retrieved": "not compared: neither by content nor by words among the nearest {depth}, and no solved case "
        "speaks for it; its figures are those that it would have had",
    },
})  # fmt: skip


def standing_text(standing: Standing, language: ReasonLanguage, *, first: float, threshold: float, limit: int) -> str:
    """Return what became of an item; ``first`` is the confidence of the first one."""
    return _TEXTS[language][standing].format(
        first=f"{first:.1%}",
        threshold=f"{threshold:.1%}",
        hopeless=f"{HOPELESS_SHARE * threshold:.1%}",
        share=f"{HOPELESS_SHARE:.0%}",
        limit=limit,
        depth=DEPTH,
    )
