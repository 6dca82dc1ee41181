"""``python -m evaluation mails``: what encoder, centring and view do for what customers write."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rich import box
from rich.table import Table

from corpus.training_problems import TrainingProblem, read_training
from evaluation.beir import read_beir
from evaluation.caching_encoder import CachingEncoder
from evaluation.commands.opening import fingerprints, open_workbench
from evaluation.fair_encoders import industry_of
from evaluation.mail_study import VIEWS, Cell, means_by_form, study
from evaluation.problems import read_problems, read_similar_problems
from evaluation.questions import JudgedSet
from evaluation.table import print_table
from evaluation.workbench import Workbench
from index.encoder import Encoder

LANGUAGE = "de"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--mails", type=Path, required=True, help="folder of problem files, one an industry")
    parser.add_argument("--dataset", type=Path, action="append", default=[], help="BEIR folder asked by mails, too")
    parser.add_argument("--views", action="store_true", help="measure what of a case to encode, instead of centring")
    parser.add_argument("--out", type=Path, default=Path("out/mails"), help="folder for the results")


def run(options: argparse.Namespace) -> int:
    """Measure every set in every setting; write ``mails.json`` and print the table."""
    training = read_training()
    cells: list[Cell] = []
    with open_workbench() as bench:
        for judged in _sets(options):
            print(f"{judged.name}, {judged.kind}", file=sys.stderr, flush=True)
            measure = _views if options.views else _settings
            cells += measure(judged, bench, training)
        facts = fingerprints(bench, options.mails)
    options.out.mkdir(parents=True, exist_ok=True)
    document = {"fingerprints": facts, "cells": [asdict(cell) for cell in cells]}
    (options.out / "mails.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_table(_table(cells), sys.stdout)
    return 0


def _sets(options: argparse.Namespace) -> Iterator[JudgedSet]:
    files = sorted(options.mails.glob("*.jsonl"))
    if not files:
        raise ValueError(f"found no *.jsonl in {options.mails}, expected files of problems, one an industry")
    yield from (read_problems(file) for file in files)
    yield from (read_beir(folder) for folder in options.dataset)
    yield from (read_similar_problems(file) for file in files)


def _settings(judged: JudgedSet, bench: Workbench, training: Sequence[TrainingProblem]) -> Iterator[Cell]:
    for name, encoder in _encoders(judged, bench):
        workbench = replace(bench, encoder=encoder)
        remembering = CachingEncoder(encoder, bench.cache)
        means = means_by_form(training, remembering, without=industry_of(judged.name), language=LANGUAGE)
        for setting, used in ((name, None), (f"{name}, centred", means)):
            yield from study(judged, workbench, means=used, setting=setting, ours=used is None)


def _views(judged: JudgedSet, bench: Workbench, _: Sequence[TrainingProblem]) -> Iterator[Cell]:
    for view in VIEWS:
        yield from study(judged, bench.fair_to(judged), view=view, setting=view)


def _encoders(judged: JudgedSet, bench: Workbench) -> Iterator[tuple[str, Encoder]]:
    if bench.named is None:
        yield bench.encoder.name, bench.encoder
        return
    yield "plain", bench.named("plain")
    yield "adapted", bench.fair_to(judged).encoder


def _table(cells: Sequence[Cell]) -> Table:
    """Return one row a set and setting, and the mean over industries; nDCG@10 with its interval above, P@1 below."""
    systems = list(dict.fromkeys(cell.system for cell in cells))
    table = Table(title="nDCG@10 with its 95 % interval above, P@1 below", box=box.SIMPLE_HEAD)
    for heading in ("set", "kind", "setting", *systems):
        table.add_column(heading, no_wrap=True)
    rows: dict[tuple[str, str, str], dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault((cell.dataset, cell.kind, cell.setting), {})[cell.system] = cell
    for (dataset, kind, setting), by_system in rows.items():
        table.add_row(dataset, kind, setting, *(_entry(by_system.get(system)) for system in systems))
    table.add_section()
    for kind, setting in dict.fromkeys((cell.kind, cell.setting) for cell in cells):
        means = [_mean(cells, kind, setting, system) for system in systems]
        table.add_row("mean of industries", kind, setting, *means)
    return table


def _entry(cell: Cell | None) -> str:
    if cell is None:
        return ""
    low, high = cell.ci95["nDCG@10"]
    return f"{cell.means['nDCG@10']:.3f} ({low:.3f} to {high:.3f})\n{cell.means['P@1']:.3f}"


def _mean(cells: Sequence[Cell], kind: str, setting: str, system: str) -> str:
    some = [
        cell
        for cell in cells
        if (cell.kind, cell.setting, cell.system) == (kind, setting, system) and industry_of(cell.dataset)
    ]
    if not some:
        return ""
    return "\n".join(f"{sum(cell.means[metric] for cell in some) / len(some):.3f}" for metric in ("nDCG@10", "P@1"))
