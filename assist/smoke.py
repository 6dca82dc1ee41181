"""Asking a snapshot before it serves: smoke questions of the knowledge manager, and titles of its own articles."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from assist.models import SuggestRequest
from assist.suggest import Suggester
from corpus.models import PUBLIC, Article, Case, Item
from corpus.smoke import SMOKE_FILE, SmokeKind, SmokeQuestion
from index.searcher import OpenSnapshot

TITLES_ASKED = 20
TITLE_AMONG = 3
_SEED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeFailure:
    """A question that was not answered as expected; holds ids only, never the question."""

    line: int
    kind: SmokeKind
    expected: tuple[str, ...]
    lacking: tuple[str, ...]
    found: tuple[str, ...]
    top: int

    def __str__(self) -> str:
        """Return one line such as ``smoke.jsonl:3: articles: expected kb-7 among the first 3, found kb-1, kb-2``."""
        lacking = f" (the corpus lacks {', '.join(self.lacking)})" if self.lacking else ""
        return (
            f"{SMOKE_FILE}:{self.line}: {self.kind}: expected {' or '.join(self.expected)} among the first {self.top}"
            f"{lacking}, found {', '.join(self.found) or 'nothing'}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleCheck:
    """How many articles were asked for by their title, and which of them were not among the first three."""

    asked: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """Return the share that was found, 1 where none was asked for."""
        return 1.0 - len(self.missed) / self.asked if self.asked else 1.0


def ask_questions(
    suggester: Suggester, snapshot: OpenSnapshot, questions: Iterable[SmokeQuestion]
) -> tuple[SmokeFailure, ...]:
    """Ask every question as somebody who may see what it expects, and return what was not answered as expected."""
    return tuple(failure for question in questions for failure in _failures(suggester, snapshot, question))


def ask_titles(suggester: Suggester, snapshot: OpenSnapshot, at: datetime) -> TitleCheck:
    """Ask for some twenty articles that are offered at a time by their titles; which ones, the corpus alone decides."""
    items, offered = snapshot.items["articles"].items, _offered(snapshot, at)
    rows = random.Random(_SEED).sample(offered, min(TITLES_ASKED, len(offered)))  # noqa: S311 - a sample, no secret
    drawn = [item for row in rows if isinstance(item := items[row], Article)]
    missed = [article.id for article in drawn if not _is_found(suggester, snapshot, article, at)]
    return TitleCheck(asked=len(drawn), missed=tuple(sorted(missed)))


def _offered(snapshot: OpenSnapshot, at: datetime) -> list[int]:
    """Return the rows of the articles that are offered to anybody at a time; none is read for that."""
    masks = snapshot.items["articles"].masks
    everybody = frozenset(masks.audience.rows_of)
    rows: list[int] = np.flatnonzero(masks.visible(everybody) & masks.valid(at)).tolist()
    return rows


def _failures(suggester: Suggester, snapshot: OpenSnapshot, question: SmokeQuestion) -> Iterable[SmokeFailure]:
    audiences = frozenset({PUBLIC}).union(*(item.audience for item in _expected_items(snapshot, question)))
    case = Case(id="", description=question.question, language=question.language)
    for kind, ids in question.expect.items():
        found = _first(suggester, kind, case, audiences, question.top)
        if found and not set(ids).isdisjoint(found):
            continue
        lacking = tuple(each for each in ids if each not in snapshot.items[kind].row_of)
        yield SmokeFailure(
            line=question.line, kind=kind, expected=ids, lacking=lacking, found=tuple(found), top=question.top
        )


def _expected_items(snapshot: OpenSnapshot, question: SmokeQuestion) -> Iterable[Item]:
    for kind, ids in question.expect.items():
        space = snapshot.items[kind]
        yield from (space.items[space.row_of[each]] for each in ids if each in space.row_of)


def _is_found(suggester: Suggester, snapshot: OpenSnapshot, article: Article, at: datetime) -> bool:
    case = Case(id="", description=article.title, language=article.language)
    found = _first(suggester, "articles", case, frozenset({PUBLIC, *article.audience}), TITLE_AMONG, at)
    # Another article of the same title is as right.
    space = snapshot.items["articles"]
    return any(_title(space.items[space.row_of[each]]) == article.title for each in found)


def _title(item: Item) -> str | None:
    return item.title if isinstance(item, Article) else None


def _first(
    suggester: Suggester,
    kind: SmokeKind,
    case: Case,
    audiences: Collection[str],
    top: int,
    at: datetime | None = None,
) -> Sequence[str]:
    request = SuggestRequest(
        case=case, limits={kind: top}, min_confidence=0.0, as_of=at, audiences=frozenset(audiences)
    )
    return [each.id for each in getattr(suggester.suggest(request), kind) or ()]
