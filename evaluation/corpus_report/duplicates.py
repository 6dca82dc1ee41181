"""Articles and templates that say nearly the same: in the same words, or by meaning."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.models import Article, Template, primary_language
from corpus.nearness import NEAR, Words, words_of
from evaluation.corpus_report.contradictions import is_for_the_same
from evaluation.corpus_report.findings import Finding, Section, ref_of
from evaluation.corpus_report.material import TEXT_KINDS, Material
from evaluation.near_duplicates import near_groups
from index.analysis import analyzer_for
from index.itemtext import item_text
from index.situations import UsedKind

MUTUAL_STANDING = 3.0
"""By meaning: how far two items stand out for each other among all of their kind, in standard deviations."""
IN_COMMON = 0.3
"""By meaning: how much of what the shorter one says the other says too, rare words weighing more. Items that are near
but share less are two sides of one subject."""
LEAST_ITEMS, LEAST_WORDS = 10, 8
"""Of fewer items nothing can be told about what stands out, nor by meaning of items of fewer different words."""
_AT_ONCE = 512
_APART = 6

Pair = tuple[Article | Template, Article | Template]


def duplicates_section(material: Material) -> Section:
    """Compare the current articles with each other, and the current templates."""
    findings: list[Finding] = []
    for kind in TEXT_KINDS:
        items = material.offered(kind)
        groups = _same_words(items)
        together = {item.id: number for number, group in enumerate(groups) for item in group}
        findings += [_words_finding(group, kind, material) for group in groups]
        findings += [
            _meaning_finding(pair, standing, kind, material)
            for pair, standing in _same_meaning(items, kind, material)
            if together.get(pair[0].id, -1) != together.get(pair[1].id, -2)
        ]
    findings.sort(
        key=lambda each: (each.sort != "same words", -len(each.items), -each.facts["likeness"], each.items[0].id)
    )
    return Section(
        name="near_duplicates",
        title="Near-duplicates",
        about="Articles or templates of one language that say nearly the same. They share the votes of history, and "
        "agents cannot tell which to take.",
        findings=tuple(findings),
        notes=(
            f"Same words: word sets with a Jaccard coefficient of at least {float(NEAR):.2f}; likeness is that of the "
            "least alike pair of neighbours. By meaning: each is the other's nearest, both stand out for each other by "
            f"{MUTUAL_STANDING:g} standard deviations, and {IN_COMMON:.0%} of the shorter one's words, by rarity, are "
            "in the other too.",
            "Variants for different products, channels, audiences or forms of address (Sie, du) are not told.",
        ),
    )


def _words(item: Article | Template) -> Words:
    return words_of(item_text(item).whole)


def _same_words(items: Sequence[Article | Template]) -> list[list[Article | Template]]:
    """Return groups of two items or more, each chained by near-duplicates for the same cases."""
    by_language: dict[str | None, list[Article | Template]] = defaultdict(list)
    for item in items:
        by_language[primary_language(item.language)].append(item)
    found = []
    for _, spoken in sorted(by_language.items(), key=lambda each: str(each[0])):
        roots = near_groups([_words(item) for item in spoken])
        members: dict[int, list[Article | Template]] = defaultdict(list)
        for item, root in zip(spoken, roots, strict=True):
            members[root].append(item)
        found += [kept for group in members.values() if len(kept := _without_variants(group)) > 1]
    return found


def _without_variants(group: Sequence[Article | Template]) -> list[Article | Template]:
    """Return the items of a group that are for the same cases as another of it."""
    return [item for item in group if any(item is not other and _rival(item, other) for other in group)]


def _rival(one: Article | Template, other: Article | Template) -> bool:
    first, second = getattr(one, "address", None), getattr(other, "address", None)
    return is_for_the_same(one, other) and not (first and second and first != second)


def _same_meaning(
    items: Sequence[Article | Template], kind: UsedKind, material: Material
) -> Iterator[tuple[Pair, float]]:
    """Yield pairs of which each is the other's nearest, with the lesser of how far they stand out for each other."""
    by_language: dict[str | None, list[Article | Template]] = defaultdict(list)
    for item in items:
        by_language[primary_language(item.language)].append(item)
    space = material.snapshot.items[kind]
    for _, spoken in sorted(by_language.items(), key=lambda each: str(each[0])):
        if len(spoken) < LEAST_ITEMS:
            continue
        rows = np.array([space.row_of[item.id] for item in spoken], dtype=np.int64)
        nearest, standing = _nearest(space.documents.vectors(rows))
        shared = SharedWords(spoken)
        for one, other in enumerate(nearest.tolist()):
            least = float(min(standing[one], standing[other]))
            mutual = one < other and nearest[other] == one
            alike = mutual and least >= MUTUAL_STANDING and shared.share(one, other) >= IN_COMMON
            if alike and _rival(spoken[one], spoken[other]):
                yield (spoken[one], spoken[other]), least


class SharedWords:
    """How much two of some items of one language have in common; a word weighs as it is rare among them (IDF)."""

    def __init__(self, items: Sequence[Article | Template]) -> None:
        analyzer = analyzer_for(items[0].language)
        self._stems = [frozenset(t.terms[0] for t in analyzer.tokens(item_text(item).whole)) for item in items]
        having = Counter(stem for stems in self._stems for stem in stems)
        self._weights = {stem: math.log((len(items) + 1) / number) for stem, number in having.items()}

    def share(self, one: int, other: int) -> float:
        """Return how much of the lighter of two items the other says too, 0 to 1; 0 where one says hardly anything."""
        if min(len(self._stems[one]), len(self._stems[other])) < LEAST_WORDS:
            return 0.0
        lighter = min(self._weight(self._stems[one]), self._weight(self._stems[other]))
        return self._weight(self._stems[one] & self._stems[other]) / lighter if lighter else 0.0

    def _weight(self, stems: frozenset[str]) -> float:
        return sum(self._weights[stem] for stem in sorted(stems))


def _nearest(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest other row of each of n vectors, and how far it stands out among all others (n,)."""
    nearest = np.zeros(len(vectors), dtype=np.int64)
    standing = np.zeros(len(vectors))
    for begin in range(0, len(vectors), _AT_ONCE):
        cosines = (vectors[begin : begin + _AT_ONCE] @ vectors.T).astype(np.float64)
        own = np.arange(len(cosines))
        cosines[own, begin + own] = np.nan
        best = np.nanargmax(cosines, axis=1)
        peak = cosines[own, best]
        # Against the others: the peak itself would raise the mean that it is measured by.
        cosines[own, best] = np.nan
        spread = np.maximum(np.nanstd(cosines, axis=1), 1e-3)
        nearest[begin + own] = best
        standing[begin + own] = (peak - np.nanmean(cosines, axis=1)) / spread
    return nearest, standing


def _words_finding(group: Sequence[Article | Template], kind: UsedKind, material: Material) -> Finding:
    words = [_words(item) for item in group]
    likeness = min(
        max(len(one & other) / len(one | other) for place, other in enumerate(words) if place != number)
        for number, one in enumerate(words)
    )
    apart = _apart(group, words)
    return Finding(
        sort="same words",
        items=tuple(ref_of(item) for item in group),
        says=f"{len(group)} {kind} say nearly the same in the same words (likeness {likeness:.2f}{apart}). "
        f"Used: {_uses(group, kind, material)}.",
        todo="Keep the better one, name the others in its replaces (it inherits their history), and archive these.",
        facts={"likeness": round(likeness, 3), "uses": [material.used(item, kind) for item in group]},
    )


def _apart(group: Sequence[Article | Template], words: Sequence[Words]) -> str:
    """Return the words that only one of two has."""
    if len(group) != 2 or words[0] == words[1]:
        return ""
    own = (sorted(words[0] - words[1])[:_APART], sorted(words[1] - words[0])[:_APART])
    told = (f"only in {item.id}: {', '.join(each)}" for item, each in zip(group, own, strict=True) if each)
    return "; " + "; ".join(told)


def _meaning_finding(pair: Pair, standing: float, kind: UsedKind, material: Material) -> Finding:
    return Finding(
        sort="by meaning",
        items=tuple(ref_of(item) for item in pair),
        says=f"Each is the other's nearest by far ({standing:.1f} standard deviations). "
        f"Used: {_uses(pair, kind, material)}.",
        todo="Read both. If they answer the same question, merge them and name the one that goes in replaces; if not, "
        "make the titles say what sets them apart.",
        facts={"likeness": round(standing, 2), "uses": [material.used(item, kind) for item in pair]},
    )


def _uses(items: Sequence[Article | Template], kind: UsedKind, material: Material) -> str:
    return ", ".join(f"{item.id} {material.used(item, kind):,}" for item in items)
