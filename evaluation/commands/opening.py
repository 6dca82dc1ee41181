"""What the measuring commands share: the workbench, the options, the fingerprints."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import assist
import corpus
import evaluation
import index
from assist.scorer import scorer_bytes
from corpus import VERSION
from corpus.language import LanguageIdentifier
from evaluation.evaluate import Wanted
from evaluation.fair_encoders import FairEncoders
from evaluation.results import OURS, Fact
from evaluation.systems import ABLATIONS, REVERSED
from evaluation.workbench import Workbench
from index.embedding_cache import EmbeddingCache
from index.progress import open_reporter
from index.settings import IndexSettings, read_index_settings

_CODE = (corpus, index, assist, evaluation)


def add_measuring_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what every measuring command understands."""
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the results (default out)")
    parser.add_argument("--with-text", action="store_true", help="show texts of cases and titles in the report")
    parser.add_argument("--ablations", action="store_true", help="measure the suggester without each kind of evidence")
    parser.add_argument("--no-abstention", action="store_true", help="do not ask again without the right answers")
    parser.add_argument("--no-latency", action="store_true", help="do not time answers")
    parser.add_argument(
        "--ranker",
        choices=(OURS, REVERSED, *ABLATIONS),
        default=OURS,
        help="what stands for our system: to see that a gate stops a worse one",
    )


def wanted_of(options: argparse.Namespace) -> Wanted:
    """Return what the options ask to be measured."""
    return Wanted(
        with_ablations=options.ablations,
        with_abstention=not options.no_abstention,
        with_latency=not options.no_latency,
        runs=tuple(getattr(options, "run_files", None) or ()),
        ranker=options.ranker,
    )


@contextmanager
def open_workbench(*, rules: bool = True) -> Iterator[Workbench]:
    """Open encoder, embedding cache and progress; the store of ``ASSIST_VAR`` is never touched.

    Without ``rules`` those of actions do not count, nor how often one may be done in a case.
    """
    settings = read_index_settings(os.environ)
    with open_reporter() as reporter, EmbeddingCache(_cache_of(settings)) as cache:
        encoders = FairEncoders(settings, say)
        with reporter.stage("open encoder"):
            encoder = encoders.set_one()
            identifier = LanguageIdentifier.load()
        yield Workbench(
            encoder=encoder,
            cache=cache,
            identifier=identifier,
            reporter=reporter,
            encoder_for=encoders.of,
            named=encoders.named if settings.encoder == "packaged" else None,
            rules=rules,
        )


def fingerprints(bench: Workbench, data: Path) -> dict[str, Fact]:
    """Return what the results depend on: data, code, encoder and scorer."""
    return {
        "version": VERSION,
        "encoder": bench.encoder.name,
        "encoder_fingerprint": bench.encoder.fingerprint,
        "scorer": f"{bench.scorer.name}.json",
        "scorer_sha256": _hash(scorer_bytes(bench.scorer.name)),
        "data_sha256": files_hash(data),
        "action_rules": "on" if bench.rules else "off",
        "code_sha256": _hash("".join(files_hash(Path(package.__path__[0]), "*.py") for package in _CODE).encode()),
    }


def files_hash(path: Path, pattern: str = "*") -> str:
    """Return the SHA-256 over names and contents of a file, or of all files below a folder."""
    files = [path] if path.is_file() else sorted(each for each in path.rglob(pattern) if each.is_file())
    lines = (f"{each.relative_to(path.parent)}\0{_hash(each.read_bytes())}\n" for each in files)
    return _hash("".join(lines).encode("utf-8"))


def say(line: str) -> None:
    """Print a line of progress on stderr at once."""
    print(line, file=sys.stderr, flush=True)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _cache_of(settings: IndexSettings) -> Path:
    # Beside the service's own cache: an evaluation may be thrown away without touching what serves.
    return settings.var / "evaluation" / "embeddings.sqlite"
