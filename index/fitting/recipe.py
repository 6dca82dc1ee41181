"""What a fit is made with; ``docs/encoder.md`` tells how each number was chosen, on industries that no fit had seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The adapter's shape, and how it is trained.

    ``rank`` and ``first_layer`` (0 to 11; layers below stay as they are) bound what can change. One epoch shows each
    pair of messages once, ``batch`` problems at a time, of which the first ``anchored`` show how far plain texts have
    moved. ``temperature`` divides the cosines of the contrastive losses. The weights are those of the losses in
    ``index.fitting.loss``, where message to article weighs 1. Of what was learned, the share ``strength`` is applied:
    half-way between two sets of weights more is kept of both than either end has (Wortsman et al. 2021,
    arXiv 2109.01903).
    """

    rank: int = 16
    first_layer: int = 6
    epochs: float = 2.0
    learning_rate: float = 1e-3
    temperature: float = 0.02
    batch: int = 16
    anchored: int = 8
    title_weight: float = 1.0
    message_weight: float = 0.5
    plain_weight: float = 10.0
    passage_weight: float = 20.0
    ranking_weight: float = 1.0
    strength: float = 0.55
    seed: int = 1
