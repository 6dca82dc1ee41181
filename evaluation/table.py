"""The table at the end of a run over many sets: families first, since many sets are few families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evaluation.results import EvaluationResults, in_order

SHOWN = ("nDCG@10", "P@1")
Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kind of item of one set, or the mean of several: system -> metric -> mean (0 to 1).

    ``items`` and ``questions`` are the sums of what a mean was taken over; ``sets`` counts it, 0 for a set itself.
    """

    name: str
    family: str
    kind: str
    items: int
    questions: int
    scores: Scores
    sets: int = 0


def set_rows(results: EvaluationResults) -> tuple[Row, ...]:
    """Return a row for each kind of item that was measured on a set."""
    return tuple(
        Row(
            name=results.dataset,
            family=results.family,
            kind=kind,
            items=each.items,
            questions=max((scores.n for scores in each.systems.values()), default=0),
            scores={system: scores.means for system, scores in each.systems.items()},
        )
        for kind, each in sorted(results.kinds.items())
    )


def family_means(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the mean row of each family and kind, ordered by kind and family."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.kind, row.family), []).append(row)
    return tuple(_mean(groups[key], name=key[1], family=key[1]) for key in sorted(groups))


def macro_means(families: Iterable[Row]) -> tuple[Row, ...]:
    """Return, for each kind, the mean over families, each of which weighs the same."""
    kinds: dict[str, list[Row]] = {}
    for row in families:
        kinds.setdefault(row.kind, []).append(row)
    return tuple(_mean(kinds[kind], name="mean of families", family="") for kind in sorted(kinds))


def sets_table(every: Sequence[EvaluationResults]) -> Table:
    """Return the table: family means, their macro mean, then every set, with nDCG@10 and P@1 by system."""
    rows = [row for results in every for row in set_rows(results)]
    families = family_means(rows)
    means = macro_means(families)
    systems = in_order({system: None for row in rows for system in row.scores})
    table = Table(title="nDCG@10 above, P@1 below; best of a row in bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("set", "kind"):
        table.add_column(heading, no_wrap=True)
    for heading in ("docs", "queries", *(escape(system.replace("-", "-\n")) for system in systems)):
        table.add_column(heading, justify="right", no_wrap=True)
    for section in (families, means, sorted(rows, key=lambda row: (row.kind, row.family, row.name))):
        for row in section:
            table.add_row(*_cells(row, systems))
        table.add_section()
    return table


def print_table(table: Table, file: IO[str]) -> None:
    """Print a table so wide that no number is cut, on a narrow terminal or in a file."""
    console = Console(file=file)
    console.width = max(console.width, console.measure(table, options=console.options.update(width=1000)).maximum)
    console.print(table)


def _cells(row: Row, systems: Sequence[str]) -> Iterator[str]:
    yield escape(f"{row.name} ({row.sets})" if row.sets else row.name)
    yield row.kind
    yield f"{row.items:,}"
    yield f"{row.questions:,}"
    best = {metric: max((means[metric] for means in row.scores.values()), default=0.0) for metric in SHOWN}
    for system in systems:
        means = row.scores.get(system)
        yield "" if means is None else "\n".join(_number(means[metric], best[metric]) for metric in SHOWN)


def _number(value: float, best: float) -> str:
    text = _short(value)
    return f"[bold]{text}[/bold]" if text == _short(best) else text


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _mean(rows: Sequence[Row], *, name: str, family: str) -> Row:
    # A system is averaged only where every row has it: a mean over other sets than its rivals' would mislead.
    systems = set.intersection(*(set(row.scores) for row in rows))
    return Row(
        name=name,
        family=family,
        kind=rows[0].kind,
        items=sum(row.items for row in rows),
        questions=sum(row.questions for row in rows),
        scores={
            system: {metric: sum(row.scores[system][metric] for row in rows) / len(rows) for metric in SHOWN}
            for system in sorted(systems)
        },
        sets=len(rows),
    )
