"""``python -m evaluation urgency``: whether urgent cases of a corpus can be told by what customers write."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.table import Table

from evaluation.commands.opening import fingerprints, open_workbench
from evaluation.encoded_corpus import read_any_corpus
from evaluation.table import print_table
from evaluation.workbench import Workbench
from index.cached_encoding import encode_cached
from index.encoder import Role
from index.urgency.fitting import LEAST_URGENT, Judged, judge
from index.urgency.proof import Figure
from index.urgency.ways import WAYS, Way

_NAMES: Mapping[Way, str] = {
    "rules": "rules alone",
    "learned": "learned alone",
    "both": "learned with rules",
    "popularity": "channel and product",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of a corpus with solved cases")
    parser.add_argument("--out", type=Path, default=Path("out/urgency"), help="folder for the results")


def run(options: argparse.Namespace) -> int:
    """Judge as a build does, with baselines; write ``urgency.json`` and print a table and the verdict."""
    corpus, _ = read_any_corpus(options.corpus)
    with open_workbench() as bench:
        judged = judge(corpus.cases, _Encode(bench), ways=WAYS)
        facts = fingerprints(bench, options.corpus)
    options.out.mkdir(parents=True, exist_ok=True)
    document = {"fingerprints": facts, "corpus": options.corpus.name, **_document(judged)}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (options.out / "urgency.json").write_text(text, encoding="utf-8")
    if judged.standings:
        print_table(_table(judged), sys.stdout)
    print(
        f"{judged.cases} cases say how urgent they were, {judged.urgent} were; of {judged.later} later ones "
        f"{judged.later_urgent} (at least {LEAST_URGENT} are needed)"
    )
    print(f"serves: {judged.model.serves} ({judged.model.why})")
    return 0


@dataclass(frozen=True, slots=True)
class _Encode:
    bench: Workbench

    def vectors(self, texts: Sequence[str], role: Role, what: str) -> NDArray[np.float32]:
        with self.bench.reporter.stage(f"encode {what}") as update:
            return encode_cached(self.bench.encoder, self.bench.cache, texts, role=role, progress=update)


def _document(judged: Judged) -> dict[str, Any]:
    model = judged.model
    return {
        "cases": judged.cases,
        "urgent": judged.urgent,
        "later": judged.later,
        "later_urgent": judged.later_urgent,
        "ways": {way: asdict(each) for way, each in judged.standings.items()},
        "serves": model.serves,
        "why": model.why,
        "belief": None if model.belief is None else asdict(model.belief),
        "rules_belief": None if model.rules_belief is None else asdict(model.rules_belief),
    }


def _table(judged: Judged) -> Table:
    share = judged.later_urgent / judged.later
    table = Table(title=f"Urgent cases, later period; chance {share:.3f}; with 95 % intervals", box=box.SIMPLE_HEAD)
    for heading in ("way", "average precision", "over chance", "over rules", "precision of the first so many"):
        table.add_column(heading, no_wrap=True)
    for way, each in judged.standings.items():
        figures = (each.average_precision, each.over_chance, each.over_rules, each.precision)
        signs = ("", "+", "+", "")
        cells = [_told(figure, sign) for figure, sign in zip(figures, signs, strict=True)]
        if way == "rules":
            cells[2] = ""
        table.add_row(_NAMES[way], *cells)
    return table


def _told(figure: Figure, sign: str) -> str:
    return f"{figure.value:{sign}.3f} ({figure.low:{sign}.3f} to {figure.high:{sign}.3f})"
