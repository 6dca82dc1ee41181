"""``python -m evaluation passages``: how articles are cut into passages and how their cosines are blended."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluation.commands.opening import fingerprints, open_workbench, say
from evaluation.open_sets import OpenSet, find_article_sets
from evaluation.paired import Difference
from evaluation.passage_cuts import SIZES, cuts
from evaluation.passage_means import Cell, Summary, cells_of, summaries
from evaluation.passage_study import passage_study
from evaluation.passage_tables import markdown
from evaluation.questions import JudgedSet
from evaluation.results import Fact
from index.passages import LEAST_WORDS, PassageSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--open", type=Path, required=True, help="folder with beir/ and mails/")
    parser.add_argument("--sets", type=_names, default=(), metavar="A,B", help="only sets of these names")
    parser.add_argument("--sizes", type=_sizes, default=SIZES, metavar="N,N", help="sizes of passages in words")
    parser.add_argument("--out", type=Path, default=Path("out/passages"), help="folder for the results")


def run(options: argparse.Namespace) -> int:
    """Measure every set in every setting; write ``passages.json`` and print the tables as Markdown."""
    found, settings = _chosen(find_article_sets(options.open), options.sets), cuts(options.sizes)
    cells: list[Cell] = []
    with open_workbench() as bench:
        for number, each in enumerate(found, start=1):
            say(f"[{number}/{len(found)}] {each.name}")
            for judged in _articles(each):
                cells += cells_of(passage_study(judged, bench.fair_to(judged), settings))
        facts = fingerprints(bench, options.open)
    means = summaries(cells)
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_document(facts, settings, cells, means), indent=1, ensure_ascii=False) + "\n"
    (options.out / "passages.json").write_text(text, encoding="utf-8")
    print(markdown(means), end="")
    return 0


def _chosen(found: Sequence[OpenSet], names: Sequence[str]) -> list[OpenSet]:
    unknown = set(names) - {each.name for each in found}
    if unknown:
        known = ", ".join(each.name for each in found)
        raise ValueError(f"--sets: found no set {', '.join(sorted(unknown))}, expected some of {known}")
    return [each for each in found if not names or each.name in names]


def _articles(each: OpenSet) -> Iterator[JudgedSet]:
    yield from (judged for judged in each.load() if judged.kind == "articles")


def _document(
    facts: Mapping[str, Fact], settings: Mapping[str, PassageSettings], cells: Sequence[Cell], means: Sequence[Summary]
) -> dict[str, Any]:
    return {
        "fingerprints": facts,
        "cuts": {name: asdict(each) for name, each in settings.items()},
        "cells": [_told(cell) for cell in cells],
        "summaries": [asdict(each) for each in means],
    }


def _told(cell: Cell) -> dict[str, Any]:
    return {
        **asdict(cell.tried),
        "questions": cell.questions,
        "changed": cell.changed,
        "mean": cell.mean,
        "difference": asdict(Difference(cell.difference.mean, cell.difference.ci95)),
    }


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _sizes(text: str) -> tuple[int, ...]:
    found = _names(text)
    if not found or not all(each.isdecimal() and int(each) >= LEAST_WORDS for each in found):
        raise argparse.ArgumentTypeError(
            f"found {text!r}, expected whole numbers of {LEAST_WORDS} or more, parted by commas"
        )
    return tuple(map(int, found))
