"""The one module of this package that leans on ``assist``: what a corpus does to suggestions takes a suggester.

It is imported by need, so that whatever only reads an index never loads the suggester. ``docs/adr/0012-…`` tells why.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from corpus.smoke import read_smoke
from index.builder import Check
from index.effects import Effect
from index.encoder import Encoder
from index.guards import NotGoodEnoughError
from index.manifest import Manifest
from index.own_encoder import set_encoder
from index.progress import Reporter
from index.settings import IndexSettings
from index.snapshot import NoSnapshotError, load_current_or_last_good
from index.would_be import WouldBe

if TYPE_CHECKING:
    from assist.release import OpeningReport
    from assist.settings import Settings

TITLES_WARN, TITLES_REFUSE = 0.8, 0.5
"""Shares of titles that must find their own article among the first three."""
FEWEST_TITLES = 5
"""Fewer articles than this are no ground to refuse a snapshot."""

Warn = Callable[[str], None]


def print_warning(text: str) -> None:
    """Print a warning on stderr."""
    print(f"warning: {text}", file=sys.stderr)


def opening_check(
    settings: IndexSettings, encoder: Encoder, reporter: Reporter, *, force: bool, warn: Warn = print_warning
) -> Check:
    """Return what asks a new snapshot before it serves; with ``force`` it only warns."""

    def check(manifest: Manifest) -> None:
        from assist.release import try_snapshot

        questions = read_smoke(settings.smoke_questions)
        with reporter.stage("ask smoke questions"):
            report = try_snapshot(manifest.snapshot_id, _service_settings(settings), encoder, questions)
        _judge(manifest.snapshot_id, report, settings.smoke_failures, force=force, warn=warn)

    return check


def effect_of(change: WouldBe, settings: IndexSettings, reporter: Reporter, *, as_of: datetime) -> Effect | None:
    """Return how suggestions would change if a corpus served; ``None`` where nothing serves yet."""
    from assist import release

    try:
        serving, _ = load_current_or_last_good(settings.var)
    except NoSnapshotError:
        return None
    with reporter.stage("open encoder"):
        encoder = set_encoder(settings, many=True)
    return release.effect_of(change, serving, _service_settings(settings), encoder, reporter, as_of=as_of)


def _service_settings(settings: IndexSettings) -> Settings:
    from assist.settings import read_settings

    return replace(read_settings(os.environ, var=settings.var), index=settings)


def _judge(snapshot: str, report: OpeningReport, allowed: int, *, force: bool, warn: Warn) -> None:
    reasons = []
    failures = tuple(str(failure) for failure in report.failures)
    if report.failed > allowed:
        reasons.append(
            f"{report.failed} of {report.asked} smoke questions failed, expected at most {allowed} "
            "(ASSIST_SMOKE_FAILURES)"
        )
    titles = report.titles
    found = (
        f"{titles.asked - len(titles.missed)} of {titles.asked} articles are found by their own title among the first "
        f"three (missed: {', '.join(titles.missed)})"
    )
    if titles.share < TITLES_REFUSE and titles.asked >= FEWEST_TITLES:
        reasons.append(f"{found}, expected at least {TITLES_REFUSE:.0%}")
    elif titles.share < TITLES_WARN:
        warn(f"{found}, expected at least {TITLES_WARN:.0%}")
    if reasons and not force:
        raise NotGoodEnoughError(f"snapshot {snapshot} does not serve: {'; '.join(reasons)}. {_REMEDY}", failures)
    for told in (*reasons, *failures):
        warn(told)


_REMEDY = (
    "What served before serves on; the import is in the store. Correct the folder or its smoke.jsonl and import again, "
    "take the import back (`make imports`, `make undo IMPORT=number`), or let it serve all the same with FORCE=1 "
    "(`--force`)"
)
