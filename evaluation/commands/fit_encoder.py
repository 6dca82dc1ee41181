"""``python -m evaluation fit-encoder``: fit the adapter to how customers write, or to a corpus's own cases."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from corpus.ledger import read_ledger
from corpus.models import Article, Case, Kind, Record, Template
from corpus.plain_passages import read_plain
from corpus.training_problems import read_training
from evaluation.commands.opening import open_workbench, say
from evaluation.encoder_scorecard import Scorecard, plain_questions, score
from evaluation.fair_encoders import place_of
from evaluation.history_sets import read_history
from evaluation.questions import JudgedSet
from evaluation.table import print_table
from index.adapted import ensure_adapted
from index.adapter import SHIPPED, read_adapter
from index.cli import DONE, NOT_GOOD_ENOUGH
from index.encoder import Encoder
from index.fitting.customers import held_texts, material_of
from index.fitting.material import FitProblem
from index.fitting.own_cases import own_material
from index.fitting.recipe import Recipe
from index.locks import WriterLock
from index.model_folder import verify
from index.own_encoder import encoders_folder, set_encoder, use_own_encoder
from index.progress import open_reporter
from index.settings import IndexSettings, SettingsError, read_index_settings
from index.weights import PACKAGED

REPORT = "fit.json"
SCORECARD = "scorecard.json"
# Seconds to wait for a build that is going on; what was fitted for long must not be thrown away for it.
PATIENCE = 600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--corpus", type=Path, default=None, help="canonical corpus: fit to its own solved cases")
    parser.add_argument(
        "--without", action="append", default=[], metavar="INDUSTRY", help="leave an industry out, to measure on it"
    )
    parser.add_argument("--out", type=Path, default=None, help="folder for the adapter (default: its place)")
    parser.add_argument("--recipe", nargs="*", default=[], metavar="NAME=VALUE", help="numbers to fit with otherwise")


def run(options: argparse.Namespace) -> int:
    """Fit an adapter; with a corpus, measure it and put it to use if it is not worse (exit code 4 if it is)."""
    settings = read_index_settings(os.environ)
    recipe = recipe_of(options.recipe)
    if options.corpus is not None:
        if options.without or options.out is not None:
            raise ValueError(
                "found --corpus together with --without or --out, expected it alone: its place is VAR/encoders"
            )
        return _fit_own(settings, options.corpus, recipe)
    training = read_training()
    known = sorted({each.industry for each in training})
    for industry in options.without:
        if industry not in known:
            raise ValueError(f"found no industry {industry!r} in the training data, expected one of {', '.join(known)}")
    _fit(settings, material_of(training, without=options.without), recipe, options.out or _place(options))
    return DONE


def recipe_of(changes: Sequence[str]) -> Recipe:
    """Return the shipped recipe with numbers changed, each as ``NAME=VALUE``; raise ``ValueError`` for unknown ones."""
    shipped = asdict(Recipe())
    values: dict[str, Any] = {}
    for change in changes:
        name, _, value = change.partition("=")
        try:
            values[name] = type(shipped[name])(value)
        except (KeyError, ValueError):
            known = ", ".join(f"{each}={number}" for each, number in shipped.items())
            raise ValueError(f"--recipe: found {change!r}, expected one of {known} with another number") from None
    return replace(Recipe(), **values)


def _place(options: argparse.Namespace) -> Path:
    return place_of(options.without) if options.without else SHIPPED


def _fit(settings: IndexSettings, problems: Sequence[FitProblem], recipe: Recipe, out: Path) -> None:
    # Imported here: the other commands must not take the seconds that importing PyTorch takes.
    from index.fitting.train import fit_adapter

    with open_reporter() as reporter, reporter.stage("fit") as update:
        plain = settings.models / PACKAGED
        report = fit_adapter(
            plain, problems, held_texts(read_plain()), recipe, out, threads=settings.threads, progress=update
        )
    (out / REPORT).write_text(json.dumps(report.to_json(), indent=2) + "\n", encoding="utf-8")
    print(
        f"{out}: {report.problems:,} problems, {report.messages:,} messages, {report.steps} steps in "
        f"{report.seconds:.0f} s, at most {report.peak_memory_mb:,} MB"
    )


def _fit_own(settings: IndexSettings, folder: Path, recipe: Recipe) -> int:
    """Fit to the cases before the split, measure on those after it, and use what is not worse."""
    _check_in_use(settings)
    sets = tuple(each for each in read_history(folder) if each.kind in ("articles", "templates"))
    if not sets:
        raise ValueError(
            f"{folder.name}: found no test case that used an article or a template, expected some to measure"
        )
    training = read_training()
    own = _own(sets[0].records, settings)
    if not own:
        raise ValueError(f"{folder.name}: found no solved case with text and an article, a template or a resolution")
    kept = encoders_folder(settings)
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept, prefix=".fitting-") as scratch:
        adapter = Path(scratch) / "adapter"
        _fit(settings, (*material_of(training), *own), recipe, adapter)
        merged = Path(scratch) / "merged"
        ensure_adapted(settings.models / PACKAGED, read_adapter(adapter), merged, say)
        new = _open(merged, settings)
        card = _measure((*sets, plain_questions(training)), new)
        _report(card, kept / SCORECARD)
        if card.reasons:
            return NOT_GOOD_ENOUGH
        name = f"own-{new.fingerprint[:12]}"
        # Held only now: a fit takes long, and nobody must wait for it with a correction.
        with WriterLock(settings.var, wait_seconds=PATIENCE):
            _check_unerased(own, _own(sets[0].records, settings))
            _keep(merged, kept / name)
            use_own_encoder(settings, name)
    print(f"{name} is in use from the next index on: run make reindex CORPUS={folder}")
    return DONE


def _own(records: Mapping[Kind, Sequence[Record]], settings: IndexSettings) -> tuple[FitProblem, ...]:
    """Return the material in the records of a history set, whose cases are those before the split.

    A folder may hold cases that were erased since it was exported: nothing is learned from these.
    """
    erased = read_ledger(settings.erasures).keys
    articles = [each for each in records["articles"] if isinstance(each, Article)]
    templates = [each for each in records["templates"] if isinstance(each, Template)]
    cases = [each for each in records["cases"] if isinstance(each, Case) and ("cases", each.id) not in erased]
    return own_material(articles, templates, cases)


def _check_unerased(learned: Sequence[FitProblem], left: Sequence[FitProblem]) -> None:
    """Refuse what was fitted on a case that was erased meanwhile: it cannot be taken out of a model again."""
    if learned != left:
        raise ValueError("found cases erased while the encoder was fitted on them, expected none: fit it anew")


def _check_in_use(settings: IndexSettings) -> None:
    """Say before the fit, not an hour later, that its encoder could not be compared or put to use."""
    if settings.encoder != "packaged":
        raise SettingsError(
            f"ASSIST_ENCODER: found {settings.encoder!r}, expected packaged or nothing, since an encoder fitted on own "
            "cases takes the place of the packaged one alone"
        )
    set_encoder(settings)


def _open(merged: Path, settings: IndexSettings) -> Encoder:
    # Imported by need: the other commands do without onnxruntime where the toy encodes.
    from index.encoders.onnx import OnnxEncoder

    return OnnxEncoder(merged, threads=settings.threads)


def _measure(sets: Sequence[JudgedSet], new: Encoder) -> Scorecard:
    with open_workbench() as bench:
        return score(sets, replace(bench, encoder_for=None), old=bench.encoder, new=new)


def _keep(merged: Path, kept: Path) -> None:
    # What bears the name already gives the same vectors, unless it was damaged since.
    if kept.exists() and not verify(kept):
        return
    shutil.rmtree(kept, ignore_errors=True)
    merged.rename(kept)


def _report(card: Scorecard, file: Path) -> None:
    file.write_text(json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    table = Table(title="nDCG@10 of the encoder in use and of the new one", box=box.SIMPLE_HEAD)
    for heading in ("set", "kind", "system", "questions", "in use", "new", "difference (95 %)"):
        table.add_column(heading, no_wrap=True)
    for line in card.lines:
        low, high = line.ci95
        apart = f"{line.diff:+.3f} ({low:+.3f} to {high:+.3f})"
        entries = (f"{line.questions:,}", f"{line.old:.3f}", f"{line.new:.3f}", apart)
        table.add_row(line.dataset, line.kind, line.system, *entries)
    print_table(table, sys.stdout)
    for reason in card.reasons:
        print(f"not used: {reason}", file=sys.stderr)
    print(f"scorecard: {file}")
