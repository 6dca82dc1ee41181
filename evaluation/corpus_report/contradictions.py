"""Items that answer the same question with different figures, in the plain form.

Few and right rather than many: two sentences count only when they say nearly the same words with other figures, under
titles that speak of the same thing, and when neither item says the other's figure anywhere. What differs by a name (two
tariffs, two products) or by a word such as "at most" is no contradiction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.models import PUBLIC, Article, Template, primary_language
from evaluation.corpus_report.findings import Finding, Quote, Section, ref_of
from evaluation.corpus_report.material import TEXT_KINDS, Material
from evaluation.corpus_report.statements import Statement, Topic, statements, title_topic
from evaluation.corpus_report.translated import translated_pairs

SAME_WORDS = 0.6
"""Jaccard coefficient of the stems of two sentences without their figures, from which on they say the same."""
LEAST_WORDS = 2
PARAMETER = 4
"""A sentence that states so many different figures in different items states a parameter: they are meant to differ."""
_KINDS = {
    "amount": "amounts",
    "period": "periods",
    "percentage": "percentages",
    "phone": "telephone numbers",
    "date": "dates",
}

Pair = tuple[Statement, Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is worked out once for each item."""

    titles: dict[str, Topic]
    links: frozenset[tuple[str, str]]

    def is_same_question(self, one: Statement, other: Statement) -> bool:
        if one.heading.names_another(other.heading):
            return False
        first, second = _key(one.item), _key(other.item)
        if (first, second) in self.links or (second, first) in self.links:
            return True
        title, others = self.titles[first], self.titles[second]
        return bool(title.stems & others.stems) and not title.names_another(others)


def contradictions_section(material: Material) -> Section:
    """Compare the figures in all current articles and templates."""
    items = [item for kind in TEXT_KINDS for item in material.offered(kind)]
    with material.reporter.stage("compare figures"):
        said = [each for item in items for each in statements(item)]
        known = _Known(titles={_key(item): title_topic(item) for item in items}, links=_links(items))
        pairs = [*_pairs(said, known), *translated_pairs(items, said, material.encoder)]
    together: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        together[_key(pair[0].item), _key(pair[1].item)].append(pair)
    findings = [_finding(each) for _, each in sorted(together.items())]
    return Section(
        name="contradictions",
        title="Contradictions",
        about="Articles and templates that say the same with different amounts, periods, percentages, telephone "
        "numbers or dates.",
        findings=tuple(findings),
        notes=(
            f"{len(said):,} sentences with figures in {len(items):,} current articles and templates were compared. "
            "Only the plain form is told: the same sentence with another figure under a title about the same thing, an "
            "article and a template that belong together, or an article and its translation.",
        ),
    )


def _pairs(said: Sequence[Statement], known: _Known) -> Iterator[Pair]:
    groups: dict[tuple[str | None, str], list[Statement]] = defaultdict(list)
    for each in said:
        if len(each.topic.stems) >= LEAST_WORDS:
            groups[primary_language(each.item.language), each.kind].append(each)
    for _, group in sorted(groups.items(), key=lambda item: (str(item[0][0]), item[0][1])):
        figures: dict[frozenset[str], set[frozenset[str]]] = defaultdict(set)
        for each in group:
            figures[each.topic.stems].add(each.values)
        for one, other in _alike(group):
            if len(figures[one.topic.stems] | figures[other.topic.stems]) < PARAMETER and _contradict(
                one, other, known
            ):
                yield one, other


def _alike(group: Sequence[Statement]) -> Iterator[Pair]:
    """Yield pairs of statements of different items whose words are nearly the same, by prefix filtering."""
    rarity = Counter(stem for each in group for stem in each.topic.stems)
    held: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(group):
        stems = sorted(each.topic.stems, key=lambda stem: (rarity[stem], stem))
        least = int(-(-SAME_WORDS * len(stems) // 1))
        prefix = stems[: len(stems) - least + 1]
        for before in sorted({place for stem in prefix for place in held[stem]}):
            other = group[before]
            if _key(other.item) != _key(each.item) and _jaccard(other.topic, each.topic) >= SAME_WORDS:
                yield other, each
        for stem in prefix:
            held[stem].append(number)


def _contradict(one: Statement, other: Statement, known: _Known) -> bool:
    return (
        len(one.values) == len(other.values)
        and not one.values & other.elsewhere
        and not other.values & one.elsewhere
        and {value.partition(" ")[2] for value in one.values} == {value.partition(" ")[2] for value in other.values}
        and one.qualifiers == other.qualifiers
        and not one.topic.names_another(other.topic)
        and is_for_the_same(one.item, other.item)
        and known.is_same_question(one, other)
    )


def is_for_the_same(one: Article | Template, other: Article | Template) -> bool:
    """Whether two items may be shown for the same case: of no different products, channels or audiences."""
    return (
        _overlap(getattr(one, "products", ()), getattr(other, "products", ()))
        and _overlap(getattr(one, "channels", ()), getattr(other, "channels", ()))
        and (PUBLIC in (*one.audience, *other.audience) or _overlap(one.audience, other.audience))
    )


def _overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    first, second = set(one), set(other)
    return not first or not second or bool(first & second)


def _jaccard(one: Topic, other: Topic) -> float:
    return len(one.stems & other.stems) / max(len(one.stems | other.stems), 1)


def _links(items: Sequence[Article | Template]) -> frozenset[tuple[str, str]]:
    """Return the pairs that belong together: templates and the articles they name, and templates of one article."""
    found: set[tuple[str, str]] = set()
    naming: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for article in getattr(item, "articles", ()):
            found.add((_key(item), f"articles {article}"))
            naming[article].append(_key(item))
    for together in naming.values():
        found.update((one, other) for one in together for other in together)
    return frozenset(found)


def _key(item: Article | Template) -> str:
    return f"{'articles' if isinstance(item, Article) else 'templates'} {item.id}"


def _finding(pairs: Sequence[Pair]) -> Finding:
    one, other = pairs[0][0].item, pairs[0][1].item
    kinds = sorted({_KINDS[each.kind] for each, _ in pairs})
    shown = pairs[:3]
    return Finding(
        sort=" and ".join(kinds),
        items=(ref_of(one), ref_of(other)),
        says=f"Different {' and '.join(kinds)} for the same thing: "
        + "; ".join(f"{_told(first)} against {_told(second)}" for first, second in shown)
        + ".",
        todo="Find out which holds and correct the other. If both hold, say in each sentence for whom or since when.",
        quotes=tuple(Quote(id=each.item.id, text=each.text) for pair in shown for each in pair),
        facts={
            "pairs": [
                {"kind": first.kind, "values": [sorted(first.values), sorted(second.values)]} for first, second in pairs
            ]
        },
    )


def _told(statement: Statement) -> str:
    return ", ".join(sorted(statement.values))
