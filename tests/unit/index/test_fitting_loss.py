from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch

from index.fitting.loss import COLUMNS, Anchors, CustomerLoss
from index.fitting.recipe import Recipe

Texts = Sequence[Sequence[int]]

# Five problems; that of row p is told by the token p + 1, and no problem by these.
PROBLEMS = 5
STRANGE, STRANGER, STRANGEST = 9, 10, 11
DIMENSION = 12
RECIPE = Recipe(
    anchored=3, title_weight=2.0, message_weight=3.0, plain_weight=4.0, passage_weight=5.0, ranking_weight=6.0
)


class Words(torch.nn.Module):
    """An encoder in which each token is a direction and a text the mean of its tokens; it notes what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.table = torch.nn.Embedding.from_pretrained(torch.eye(DIMENSION), freeze=False)
        self.shapes: list[tuple[int, ...]] = []

    def forward(self, features: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        self.shapes.append(tuple(features["input_ids"].shape))
        kept = features["attention_mask"].unsqueeze(2).float()
        return {"sentence_embedding": (self.table(features["input_ids"]) * kept).sum(dim=1) / kept.sum(dim=1)}


def tokens(texts: Texts) -> dict[str, torch.Tensor]:
    """Return texts as a tokenizer gives them: padded at the right to the longest."""
    longest = max(map(len, texts))
    return {
        "input_ids": torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts]),
        "attention_mask": torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts]),
    }


def customer_loss(recipe: Recipe = RECIPE) -> tuple[CustomerLoss, Words]:
    where = torch.eye(DIMENSION)[1 : PROBLEMS + 1]
    model = Words()
    anchors = Anchors(titles=where, articles=where, questions=where, passages=where)
    return CustomerLoss(model, anchors, recipe), model


def rows(*problems: int) -> torch.Tensor:
    """Return the labels of problems whose question and passage have their number, too."""
    return torch.tensor([[row, row, row] for row in problems])


def losses(recipe: Recipe = RECIPE, **texts: Texts) -> dict[str, float]:
    """Return the losses of a batch about the problems 0, 1 and 2; texts not given are just as their anchors are."""
    as_anchored: Texts = [[1], [2], [3]]
    loss, _ = customer_loss(recipe)
    found = loss([tokens(texts.get(column, as_anchored)) for column in COLUMNS], rows(0, 1, 2))
    return {name: value.item() for name, value in found.items()}


@pytest.mark.parametrize("name", ["article", "title"])
def test_a_message_costs_less_the_nearer_it_is_to_its_own_article_and_title(name: str) -> None:
    right, between, wrong = (
        losses(message=each, other=each)[name] for each in ([[1], [2], [3]], [[1, 2], [2, 3], [3, 1]], [[2], [3], [1]])
    )

    assert right < 1e-6 < between < wrong


def test_articles_of_other_batches_are_wrong_answers_too() -> None:
    alone, confused = (
        losses(message=each, other=each)["article"] for each in ([[1, STRANGE], [2], [3]], [[1, 5], [2], [3]])
    )

    assert alone < 1e-6
    assert confused == pytest.approx(math.log(2) / 3, rel=1e-3)


def test_an_article_counts_where_it_lies_now() -> None:
    moved: Texts = [[STRANGE], [STRANGER], [STRANGEST]]

    assert losses(message=moved, other=moved, article=moved)["article"] < 1e-6


def test_of_a_batch_only_the_first_problems_show_how_far_plain_texts_moved() -> None:
    recipe = replace(RECIPE, anchored=1)
    moved: Texts = [[1], [STRANGE], [STRANGE]]

    found = losses(recipe, title=moved, question=moved, article=moved, passage=moved)

    held = ("title_moved", "question_moved", "article_moved", "passage_moved", "ranking")
    assert [found[name] for name in held] == pytest.approx([0] * 5, abs=1e-5)
    # the articles of the others are where they lay
    assert found["article"] < 1e-6


@pytest.mark.parametrize(
    ("name", "column", "weight"),
    [
        ("title_moved", "title", 2.0),
        ("question_moved", "question", 2.0),
        ("article_moved", "article", 2.5),
        ("passage_moved", "passage", 2.5),
    ],
)
def test_what_is_not_to_move_costs_nothing_in_its_place_and_its_weight_elsewhere(
    name: str, column: str, weight: float
) -> None:
    assert losses()[name] == pytest.approx(0, abs=1e-6)
    assert losses(**{column: [[STRANGE], [2], [3]]})[name] == pytest.approx(weight / 3)


@pytest.mark.parametrize("column", ["title", "question", "article", "passage"])
def test_what_changes_the_order_of_plain_search_costs(column: str) -> None:
    changed: Texts = [[2], [1], [3]]

    assert losses()["ranking"] == pytest.approx(0, abs=1e-5)
    assert losses(**{column: changed})["ranking"] > 1


def test_articles_of_earlier_batches_count_where_they_were_seen_last() -> None:
    loss, _ = customer_loss(replace(RECIPE, anchored=1))

    def article_loss(message: Sequence[int], article: Sequence[int], problem: int) -> float:
        texts = {"message": tokens([message]), "other": tokens([message]), "article": tokens([article])}
        columns = [texts.get(column, tokens([[problem + 1]])) for column in COLUMNS]
        return loss(columns, rows(problem))["article"].item()

    assert article_loss([2], [2], 1) < 1e-6
    article_loss([STRANGE], [STRANGE], 0)
    # the article of problem 0 lies where it was moved to, and is as near as that of problem 1
    assert article_loss([2, STRANGE], [2], 1) == pytest.approx(math.log(2), rel=1e-3)


def test_the_two_messages_of_a_problem_find_each_other() -> None:
    strange: Texts = [[STRANGE], [STRANGER], [STRANGEST]]

    together = losses(message=strange, other=strange)["other"]
    apart = losses(message=strange, other=[*strange[1:], strange[0]])["other"]

    assert together < 1e-6
    assert apart == pytest.approx(3.0 / RECIPE.temperature, rel=1e-3)


def test_a_message_is_no_answer_to_itself() -> None:
    # both lie between two problems, and the partner is the only text that is near
    halves: Texts = [[STRANGE, 6], [STRANGER, 7], [STRANGEST, 8]]

    assert losses(message=halves, other=[[STRANGE], [STRANGER], [STRANGEST]])["other"] < 1e-6


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("title", "title_weight"),
        ("other", "message_weight"),
        ("article_moved", "passage_weight"),
        ("ranking", "ranking_weight"),
    ],
)
def test_weights_multiply(name: str, field: str) -> None:
    texts: dict[str, Texts] = {"message": [[2], [3], [1]], "article": [[STRANGE], [2], [3]]}
    doubled = replace(RECIPE, **{field: 2 * getattr(RECIPE, field)})

    assert losses(doubled, **texts)[name] == pytest.approx(2 * losses(**texts)[name])


def test_all_texts_teach_the_model_and_anchors_stand_still() -> None:
    loss, model = customer_loss()
    columns = {"message": 6, "other": 7, "title": 8, "article": STRANGE, "question": STRANGER, "passage": STRANGEST}

    sum(loss([tokens([[columns[column], 1]]) for column in COLUMNS], rows(0)).values()).backward()

    gradient = model.table.weight.grad
    assert gradient is not None
    assert all(gradient[token].abs().sum() > 0 for token in columns.values())
    assert [name for name, _ in loss.named_parameters()] == ["model.table.weight"]


def test_texts_keep_their_order_though_they_are_encoded_by_length_and_without_padding() -> None:
    loss, model = customer_loss()
    texts = [[(7 * row + at) % DIMENSION for at in range(1 + (5 * row) % 17)] for row in range(20)]

    vectors = loss._embed(tokens(texts))

    alone = torch.cat([loss._embed(tokens([text])) for text in texts])
    assert torch.allclose(vectors, alone, atol=1e-6)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(20))
    lengths = sorted(map(len, texts))
    assert model.shapes[:3] == [(8, lengths[7]), (8, lengths[15]), (4, lengths[19])]
