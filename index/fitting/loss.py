"""What an adapter is trained for: to find by a customer's words, and to forget nothing.

The plain encoder is the anchor. A message is to be nearest to the article and the title of its problem among *all*
problems, and to the other message about it within its batch (InfoNCE, van den Oord et al. 2018, arXiv 1807.03748).
Titles and short questions, as queries, and articles and passages of other documents are to stay where the plain encoder
puts them (1 - cosine), and queries are to put those texts in the order it puts them in (Kullback-Leibler divergence
of the softmaxes over all of them), so that plain search keeps its level. Titles are compared with where they stood,
articles and passages where they were encoded last: each of them serves as a negative without being encoded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - the customary name
from sentence_transformers import SentenceTransformer
from torch import Tensor

from index.fitting.recipe import Recipe

# The columns of the training data, in their order; the prompt of a query or a passage belongs to each.
COLUMNS = ("message", "other", "title", "article", "question", "passage")

# Texts encoded at once. One long mail among short ones would make all of them as long.
_CHUNK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """Vectors of the plain encoder, float32: ``titles`` and ``articles`` (n, d) have one row a problem.

    ``questions`` (k, d) are short, ``passages`` (m, d) of documents about anything. Titles and questions are queries.
    """

    titles: Tensor
    articles: Tensor
    questions: Tensor
    passages: Tensor


class CustomerLoss(torch.nn.Module):
    """The weighted sum of the losses over a batch of problems; see the module."""

    def __init__(self, model: SentenceTransformer, anchors: Anchors, recipe: Recipe) -> None:
        super().__init__()
        self.model = model
        self._anchors = anchors
        self._recipe = recipe
        self._plain = torch.cat([anchors.articles, anchors.passages])
        self._latest = self._plain.clone()

    def forward(self, features: Iterable[Mapping[str, object]], labels: Tensor) -> dict[str, Tensor]:
        """Return the losses by name; ``features`` follow ``COLUMNS``.

        ``labels`` (b, 3) are the rows of the problem, of the question and of the passage.
        """
        recipe, anchors = self._recipe, self._anchors
        first, problems = recipe.anchored, len(anchors.articles)
        message, other, title, article, question, passage = features
        about, some = labels[:, 0], labels[:first]
        messages, others = self._embed(message), self._embed(other)
        titles, questions = self._embed(title, first=first), self._embed(question, first=first)
        articles, passages = self._embed(article, first=first), self._embed(passage, first=first)
        now = self._latest.index_copy(0, some[:, 0], articles).index_copy(0, problems + some[:, 2], passages)
        self._latest = now.detach()
        both, right = torch.cat([messages, others]), torch.cat([about, about])
        plain_titles, plain_questions = anchors.titles[some[:, 0]], anchors.questions[some[:, 1]]
        return {
            "article": self._found(both, now[:problems], right),
            "title": recipe.title_weight * self._found(both, anchors.titles, right),
            "other": recipe.message_weight * self._each_other(both),
            "title_moved": recipe.plain_weight / 2 * _moved(titles, plain_titles),
            "question_moved": recipe.plain_weight / 2 * _moved(questions, plain_questions),
            "article_moved": recipe.passage_weight / 2 * _moved(articles, anchors.articles[some[:, 0]]),
            "passage_moved": recipe.passage_weight / 2 * _moved(passages, anchors.passages[some[:, 2]]),
            "ranking": recipe.ranking_weight
            * self._reordered(torch.cat([titles, questions]), torch.cat([plain_titles, plain_questions]), now),
        }

    def _embed(self, features: Mapping[str, object], *, first: int | None = None) -> Tensor:
        """Encode texts (all, or the first ones) in chunks of like length; float32 (b, d), length 1, in their order."""
        tokens = {
            name: values[:first]
            for name, values in features.items()
            if isinstance(values, Tensor) and values.dim() == 2
        }
        lengths = tokens["attention_mask"].sum(dim=1)
        order = torch.argsort(lengths)
        vectors = []
        for start in range(0, len(order), _CHUNK):
            rows = order[start : start + _CHUNK]
            longest = int(lengths[rows].max())
            chunk = {name: values[rows][:, :longest] for name, values in tokens.items()}
            vectors.append(F.normalize(self.model(chunk)["sentence_embedding"].float(), dim=1))
        return torch.cat(vectors)[torch.argsort(order)]

    def _found(self, messages: Tensor, targets: Tensor, right: Tensor) -> Tensor:
        return F.cross_entropy(messages @ targets.T / self._recipe.temperature, right)

    def _reordered(self, queries: Tensor, plain: Tensor, texts: Tensor) -> Tensor:
        before = F.log_softmax(plain @ self._plain.T / self._recipe.temperature, dim=1)
        now = F.log_softmax(queries @ texts.T / self._recipe.temperature, dim=1)
        return F.kl_div(now, before, log_target=True, reduction="batchmean")

    def _each_other(self, both: Tensor) -> Tensor:
        cosines = both @ both.T / self._recipe.temperature
        cosines = cosines.masked_fill(torch.eye(len(both), dtype=torch.bool), -torch.inf)
        return F.cross_entropy(cosines, torch.arange(len(both)).roll(len(both) // 2))


def _moved(vectors: Tensor, anchors: Tensor) -> Tensor:
    return (1 - (vectors * anchors).sum(dim=1)).mean()
