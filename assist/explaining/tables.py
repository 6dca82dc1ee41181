"""An explanation for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from assist.explain import ReasonLanguage
from assist.explaining.models import ConsideredItem, Explanation, HeldBackItem, ItemStory, KindExplanation

PARTS = ("meaning", "alignment", "words", "history", "head", "sequence", "silence")
_WIDTH = 160
_WORDS: Mapping[ReasonLanguage, Mapping[str, str]] = MappingProxyType({
    "de": {
        "articles": "Artikel", "templates": "Vorlagen", "actions": "Nächste Schritte",
        "meaning": "Sinn", "alignment": "Wortlaut", "words": "Begriffe", "history": "Fälle", "head": "Modell",
        "sequence": "Abfolge", "silence": "Stille",
        "score": "Punkte", "confidence": "Konfidenz", "became": "Ergebnis und Gründe",
        "head_line": "{kind}: {candidates} von {allowed} erlaubten verglichen; Schwelle {threshold}; gelösten Fällen "
        "({cases}) zu {trust} geglaubt{abstained}",
        "abstained": "; nichts wird gezeigt",
        "held": "Zurückgehalten: {counts}", "held_head": "Zurückgehalten, das Nächstliegende zuerst", "why": "Warum",
        "nothing": "nichts verglichen",
        "story": "„{name}“ ({id})", "would": "Wäre es erlaubt", "rank": "Platz {rank}",
    },
    "en": {
        "articles": "Articles", "templates": "Templates", "actions": "Next steps",
        "meaning": "meaning", "alignment": "wording", "words": "words", "history": "cases", "head": "model",
        "sequence": "sequence", "silence": "silence",
        "score": "Score", "confidence": "Confidence", "became": "What became of it, and reasons",
        "head_line": "{kind}: {candidates} of {allowed} allowed ones compared; threshold {threshold}; solved cases "
        "({cases}) believed to {trust}{abstained}",
        "abstained": "; nothing is shown",
        "held": "Held back: {counts}", "held_head": "Held back, the nearest first", "why": "Why",
        "nothing": "nothing compared",
        "story": "“{name}” ({id})", "would": "If it were allowed", "rank": "rank {rank}",
    },
})  # fmt: skip


def print_explanation(told: Explanation, language: ReasonLanguage, file: IO[str]) -> None:
    """Print an explanation in German or English."""
    console = Console(file=file, width=_WIDTH, highlight=False)
    console.print(Text(f"{told.text}\n", "italic"))
    console.print(
        f"{told.language} ({told.language_confidence:.0%}) · {told.as_of:%Y-%m-%d %H:%M} UTC · {told.snapshot} · "
        f"{told.encoder} · {told.ranker}"
    )
    for warning in told.warnings:
        console.print(Text(warning, "bold"))
    stories = [kind for kind in told.kinds if kind.story is not None]
    for kind in stories or told.kinds:
        for part in _kind(kind, _WORDS[language]):
            console.print(part)


def _kind(kind: KindExplanation, words: Mapping[str, str]) -> Iterator[RenderableType]:
    abstained = words["abstained"] if kind.abstained else ""
    yield Text(
        "\n"
        + words["head_line"].format(
            kind=words[kind.kind],
            candidates=kind.candidates,
            allowed=kind.allowed,
            threshold=f"{kind.threshold:.1%}",
            cases=kind.cases,
            trust=f"{kind.trust:.0%}",
            abstained=abstained,
        ),
        "bold",
    )
    if kind.story is not None:
        yield from _story(kind.story, words)
        return
    yield (
        _considered(kind.considered, words, with_why=not kind.abstained) if kind.considered else Text(words["nothing"])
    )
    if kind.held_back:
        counts = ", ".join(f"{number} {code}" for code, number in kind.held_counts.items())
        yield Text(words["held"].format(counts=counts))
        yield _held_back(kind.held_back, words)


def _story(story: ItemStory, words: Mapping[str, str]) -> Iterator[RenderableType]:
    item = story.considered
    yield Text(words["story"].format(name=item.name, id=item.id))
    if story.held_back is not None:
        for why in story.held_back.why:
            yield Text(f"  {why.code}: {why.text}")
        place = "" if item.rank is None else ", " + words["rank"].format(rank=item.rank)
        yield Text(f"{words['would']}{place}:")
    yield _considered((item,), words, with_why=True)
    for name, value in item.evidence.items():
        yield Text(f"  {name}: {value}", "dim")


def _considered(items: tuple[ConsideredItem, ...], words: Mapping[str, str], *, with_why: bool) -> Table:
    """Return the table of ranked items; why one is not shown is left out where the same holds for all of them."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", justify="right", width=3)
    table.add_column("", ratio=4)
    for column in ("score", *PARTS, "confidence"):
        table.add_column(words[column], justify="right", width=max(5, len(words[column])))
    table.add_column(words["became"], ratio=6)
    for item in items:
        told = "; ".join((*((item.why,) if with_why else ()), *(reason.text for reason in item.reasons)))
        table.add_row(
            "" if item.rank is None else str(item.rank),
            Text(f"{item.name} ({item.id})", "" if item.standing == "shown" else "dim"),
            f"{item.score:.2f}",
            *(f"{item.parts[part]:.2f}" for part in PARTS),
            f"{item.confidence:.1%}",
            Text(told),
        )
    return table


def _held_back(items: tuple[HeldBackItem, ...], words: Mapping[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column(words["held_head"], ratio=3)
    table.add_column(words["why"], ratio=6)
    for item in items:
        table.add_row(Text(f"{item.name} ({item.id})"), Text("; ".join(why.text for why in item.why)))
    return table
