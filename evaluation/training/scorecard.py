"""The scorecard of a learned ranker: what it learned from, what it reaches beside what ships, and what it believes.

It holds counts, shares and numbers of the fit; no text, no id and no name of any case or person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from evaluation.training.curve import CurvePoint
from evaluation.training.judge import LEARNED, SHIPPED, Judgement
from evaluation.training.records import Labels
from evaluation.training.words import WeightTold
from index.situations import UsedKind

SCORECARD = "scorecard.json"
PAGE = "scorecard.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCard:
    """One kind: ``fitted`` and ``history`` count the questions and cases it was learned from, ``answers`` all askings.

    ``dropped`` says which later questions were not asked, and why.
    """

    fitted: int
    answers: int
    history: int
    dropped: Mapping[str, int]
    judgement: Judgement
    weights: tuple[WeightTold, ...]
    curve: tuple[CurvePoint, ...]

    @property
    def takes(self) -> str:
        """Which numbers a ranker made of this takes for the kind: the ``learned`` or the ``shipped`` ones."""
        return SHIPPED if self.judgement.reasons else LEARNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All about one training; ``ranker`` is the name of what was learned, ``None`` where nothing of it serves."""

    ranker: str | None
    made_at: str
    encoder: str
    encoder_fingerprint: str
    data: str
    counts: Mapping[str, int]
    split: Mapping[str, str | int | float]
    coverage: Mapping[str, float]
    labels: Mapping[UsedKind, Labels]
    kinds: Mapping[UsedKind, KindCard]
    left_out: Mapping[UsedKind, str]

    def to_bytes(self) -> bytes:
        """Return the scorecard as JSON."""
        data = asdict(self)
        for kind, card in self.kinds.items():
            data["kinds"][kind]["takes"] = card.takes
        return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
