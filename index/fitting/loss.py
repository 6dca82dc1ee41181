"""What an adapter is trained for: to find by a customer's words, and to forget nothing.

The plain encoder is the anchor. Its vectors of all articles and titles stand still: a message is to be nearest to the
article and the title of its problem among *all* problems, and to the other message about it within its batch
(InfoNCE, van den Oord et al. 2018, arXiv 1807.03748). Titles and short questions, as queries, and articles are to stay
where the plain encoder puts them (1 - cosine), so that plain search keeps its level. Since nothing but a customer's
message may move far, every article of the training data serves as a negative without being encoded again.
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
COLUMNS = ("message", "other", "title", "article", "question")

# Texts encoded at once. One long mail among short ones would make all of them as long.
_CHUNK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """Vectors of the plain encoder, one row a problem, float32 (n, d): short texts as queries, articles as passages."""

    titles: Tensor
    questions: Tensor
    articles: Tensor


class CustomerLoss(torch.nn.Module):
    """The weighted sum of the losses over a batch of problems; see the module."""

    def __init__(self, model: SentenceTransformer, anchors: Anchors, recipe: Recipe) -> None:
        super().__init__()
        self.model = model
        self._anchors = anchors
        self._recipe = recipe

    def forward(self, features: Iterable[Mapping[str, object]], labels: Tensor) -> dict[str, Tensor]:
        """Return the losses by name; ``features`` follow ``COLUMNS``, ``labels`` (b,) are rows of problems."""
        recipe, anchors = self._recipe, self._anchors
        message, other, title, article, question = features
        first = recipe.anchored
        some = labels[:first]
        articles = self._embed(article, first=first)
        messages, others = self._embed(message), self._embed(other)
        moved = anchors.articles.index_copy(0, some, articles)
        both, about = torch.cat([messages, others]), torch.cat([labels, labels])
        return {
            "article": self._found(both, moved, about),
            "title": recipe.title_weight * self._found(both, anchors.titles, about),
            "other": recipe.message_weight * self._each_other(both),
            "title_moved": recipe.plain_weight / 2 * _moved(self._embed(title, first=first), anchors.titles[some]),
            "question_moved": recipe.plain_weight
            / 2
            * _moved(self._embed(question, first=first), anchors.questions[some]),
            "article_moved": recipe.passage_weight * _moved(articles, anchors.articles[some]),
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

    def _each_other(self, both: Tensor) -> Tensor:
        cosines = both @ both.T / self._recipe.temperature
        cosines = cosines.masked_fill(torch.eye(len(both), dtype=torch.bool), -torch.inf)
        return F.cross_entropy(cosines, torch.arange(len(both)).roll(len(both) // 2))


def _moved(vectors: Tensor, anchors: Tensor) -> Tensor:
    return (1 - (vectors * anchors).sum(dim=1)).mean()
