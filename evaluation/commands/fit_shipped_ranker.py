"""``python -m evaluation fit-shipped-ranker``: fit the scorers that the product ships on the open sets."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assist.confidence import KindConfidence
from assist.precision import TARGET_PRECISION
from assist.ranking import RankWeights
from assist.scorer import SHIPPED, Scorer, scorer_json
from evaluation.commands.opening import files_hash, open_workbench
from evaluation.fit_history import START, fit_certainty, fit_history
from evaluation.fit_material import Material, collect
from evaluation.fit_ranker import (
    Answered,
    claim_of,
    claims_of,
    examples_of,
    fit_confidence,
    fit_content_weights,
    similar_examples_of,
    with_thresholds,
)


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

    Articles and templates believe history alike; the thresholds of articles are those of a first day, without history.
    Without judged actions these take the model of templates, and believe the sequence as they believe votes.
    """
    articles = _weights(material.content)
    replies = _weights([*material.content, *material.replies])
    cold = list(examples_of(material.content, articles))
    items = fit_confidence([*cold, *examples_of(material.replies, replies)])
    # How history is believed is much the same for all kinds: the more corpora teach it, the better it carries over.
    past = [*material.voted, *material.acted]
    replies = _believing(past, replies, items)
    articles = replace(articles, history=replies.history)
    claimed = [*(claim_of(items, each) for each in cold), *claims_of(material.voted, replies, items)]
    templates = with_thresholds(items, claimed)
    actions, acting = _actions(material, replies, templates)
    return Scorer(
        name=name,
        weights={"articles": articles, "templates": replies, "actions": actions},
        confidence={
            "articles": with_thresholds(items, [claim_of(items, each) for each in cold]),
            "templates": templates,
            "actions": acting,
            "similar_cases": fit_confidence(list(similar_examples_of(material.similar))),
        },
    )


def _actions(material: Material, replies: RankWeights, templates: KindConfidence) -> tuple[RankWeights, KindConfidence]:
    if not material.acted or replies.history is None:
        history = replies.history and replace(replies.history, sequence=replies.history.votes)
        return replace(replies, history=history), templates
    content = replace(replies, history=None)
    model = fit_confidence(list(examples_of(material.steps, content)))
    actions = _believing(material.acted, content, model, sequence=True)
    return actions, with_thresholds(model, list(claims_of(material.acted, actions, model)))


def _believing(
    answered: Sequence[Answered], content: RankWeights, model: KindConfidence, *, sequence: bool = False
) -> RankWeights:
    """Return content weights with those of history, fitted on questions that were answered with one."""
    history = fit_history(answered, content, sequence=sequence) if answered else START
    weights = replace(content, history=history)
    return replace(weights, history=fit_certainty(answered, weights, model)) if answered else weights


def _told(scorer: Scorer) -> str:
    weights, history = scorer.weights["articles"], scorer.weights["templates"].history
    return (
        f"meaning 1, alignment {weights.alignment}, words {weights.words}, across languages "
        f"{weights.words_across_languages}; articles from a confidence of "
        f"{scorer.confidence['articles'].threshold(TARGET_PRECISION['articles']):.3f}; history {history}"
    )


def _weights(answered: Sequence[Answered]) -> RankWeights:
    alignment, words, across = fit_content_weights(answered)
    return RankWeights(alignment=alignment, words=words, words_across_languages=across)
