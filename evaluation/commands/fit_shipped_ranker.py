"""``python -m evaluation fit-shipped-ranker``: fit the scorers that the product ships on the open sets."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assist.confidence import KindConfidence
from assist.models import SuggestKind
from assist.ranking import RankWeights
from assist.scorer import SHIPPED, TARGET_PRECISION, Scorer, scorer_json
from evaluation.commands.opening import files_hash, open_workbench
from evaluation.fit_material import Material, collect
from evaluation.fit_ranker import (
    Answered,
    examples_of,
    fit_confidence,
    fit_content_weights,
    similar_examples_of,
    with_thresholds,
)
from index.situations import UsedKind

# Votes and sequence weigh what they weighed when they were tried by hand; `make train` is to learn them from history.
VOTES = 10.0
SEQUENCE = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--open", type=Path, required=True, help="folder of the open sets")
    parser.add_argument("--out", type=Path, required=True, help="folder for the scorers")


def run(options: argparse.Namespace) -> int:
    """Fit one scorer on everything, and one without each family."""
    with open_workbench() as bench:
        material = collect(bench, options.open)
    options.out.mkdir(parents=True, exist_ok=True)
    facts = {
        "made_by": "make fit-shipped-ranker",
        "encoder": bench.encoder.fingerprint,
        "data": {part: files_hash(options.open / part) for part in ("beir", "history", "mails")},
    }
    for family in (None, *material.families):
        name = SHIPPED if family is None else f"without-{family}"
        used = material.without(family)
        scorer = fit_scorer(name, used)
        data = {**facts, "families": list(used.families), **scorer_json(scorer)}
        (options.out / f"{name}.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
        print(f"wrote {name}.json: {_told(scorer)}")
    return 0


def fit_scorer(name: str, material: Material) -> Scorer:
    """Fit weights and confidence of every kind.

    Articles and templates share a model of confidence, since both are found by content and voted for by history; the
    thresholds of articles are those of a first day, without history. Without judged actions these take that model too,
    and believe the sequence as they believe votes.
    """
    articles = _weights(material.content)
    replies = _weights([*material.content, *material.replies])
    actions = RankWeights(
        alignment=replies.alignment,
        words=replies.words,
        words_across_languages=replies.words_across_languages,
        votes=VOTES,
        sequence=SEQUENCE,
    )
    weights: dict[UsedKind, RankWeights] = {"articles": articles, "templates": replies, "actions": actions}
    cold = list(examples_of(material.content, articles))
    items = fit_confidence([*cold, *examples_of([*material.replies, *material.voted], replies)])
    confidence: dict[SuggestKind, KindConfidence] = {
        "articles": with_thresholds(items, cold),
        "templates": items,
        "actions": _acting(material, actions, items),
        "similar_cases": fit_confidence(list(similar_examples_of(material.similar))),
    }
    return Scorer(name=name, weights=weights, confidence=confidence)


def _acting(material: Material, weights: RankWeights, items: KindConfidence) -> KindConfidence:
    if material.actions:
        return fit_confidence(list(examples_of(material.actions, weights)))
    standing, votes, _ = items.coefficients
    return replace(items, coefficients=(standing, votes, votes))


def _told(scorer: Scorer) -> str:
    weights = scorer.weights["articles"]
    return (
        f"meaning 1, alignment {weights.alignment}, words {weights.words}, across languages "
        f"{weights.words_across_languages}; articles from a confidence of "
        f"{scorer.confidence['articles'].threshold(TARGET_PRECISION['articles']):.3f}"
    )


def _weights(answered: Sequence[Answered]) -> RankWeights:
    alignment, words, across = fit_content_weights(answered)
    return RankWeights(alignment=alignment, words=words, words_across_languages=across, votes=VOTES)
