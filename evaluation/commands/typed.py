"""``python -m evaluation typed``: how well articles are found after 3, 6 and 12 typed words."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.table import Table

from evaluation.beir import read_beir
from evaluation.commands.opening import fingerprints, open_workbench, say
from evaluation.mail_study import Cell
from evaluation.problems import read_problems
from evaluation.questions import JudgedSet
from evaluation.results import OURS
from evaluation.table import print_table
from evaluation.typed_study import METRICS, typed_study

BEIR = ("mail_cwa_de", "mail_alchemy_de")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--open", type=Path, required=True, help="folder of open sets: mails/*.jsonl and beir/mail_*")
    parser.add_argument("--out", type=Path, default=Path("out/typed"), help="folder for the results")


def run(options: argparse.Namespace) -> int:
    """Measure every set of mails at every number of words; write ``typed.json`` and print the table."""
    cells: list[Cell] = []
    with open_workbench() as bench:
        for judged in _sets(options.open):
            say(judged.name)
            cells += typed_study(judged, bench)
        facts = fingerprints(bench, options.open / "mails")
    options.out.mkdir(parents=True, exist_ok=True)
    document = {"fingerprints": facts, "cells": [asdict(cell) for cell in cells]}
    (options.out / "typed.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print_table(_table(cells), sys.stdout)
    return 0


def _sets(folder: Path) -> Iterator[JudgedSet]:
    files = sorted((folder / "mails").glob("*.jsonl"))
    folders = [folder / "beir" / name for name in BEIR if (folder / "beir" / name).is_dir()]
    if not files and not folders:
        raise ValueError(
            f"found neither mails/*.jsonl nor beir/{BEIR[0]} in {folder}, expected the folder of the open sets: "
            "name it with --open"
        )
    yield from (read_problems(file) for file in files)
    yield from (read_beir(each) for each in folders)


def _table(cells: Sequence[Cell]) -> Table:
    """Return one row a set and number of words, and their means over sets: ours, and the best of the baselines."""
    table = Table(title="ours, with 95 % intervals below; best baseline by nDCG@10", box=box.SIMPLE_HEAD)
    for heading in ("set", "encoder", "n", "typed", *METRICS, "best baseline"):
        table.add_column(heading, no_wrap=True)
    for cell in cells:
        if cell.system == OURS:
            measured = (_with_interval(cell, metric) for metric in METRICS)
            table.add_row(cell.dataset, cell.encoder, str(cell.n), cell.setting, *measured, _best(cells, cell))
    table.add_section()
    for setting in dict.fromkeys(cell.setting for cell in cells):
        some = [cell for cell in cells if (cell.setting, cell.system) == (setting, OURS)]
        means = (f"{sum(cell.means[metric] for cell in some) / len(some):.3f}" for metric in METRICS)
        table.add_row("mean of sets", "", str(sum(cell.n for cell in some)), setting, *means, "")
    return table


def _with_interval(cell: Cell, metric: str) -> str:
    low, high = cell.ci95[metric]
    return f"{cell.means[metric]:.3f}\n({low:.3f} to {high:.3f})"


def _best(cells: Sequence[Cell], ours: Cell) -> str:
    """Return name and nDCG@10 of the baseline that is best on this set at this number of words."""
    others = [
        cell for cell in cells if (cell.dataset, cell.setting) == (ours.dataset, ours.setting) and cell.system != OURS
    ]
    best = max(others, key=lambda cell: cell.means["nDCG@10"])
    return f"{best.system} {best.means['nDCG@10']:.3f}"
