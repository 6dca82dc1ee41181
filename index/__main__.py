"""``python -m index``: build, check, verify and roll back the index from the command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from corpus.diff import VERDICTS, CorpusDiff, Verdict, compare
from corpus.folder import read_corpus
from corpus.merge_syntax.maps import merge_maps
from corpus.models import KINDS, Kind, Template
from corpus.privacy.agents import open_agent_keys
from corpus.quicktext.lint import remarks_on
from corpus.recovery.shares import label_shares
from corpus.store import Store
from corpus.stored import StoredRecord
from index import verify_command
from index.builder import BuildReport, build
from index.cli import DONE, exit_code_of
from index.locks import WriterLock
from index.own_encoder import set_encoder
from index.progress import open_reporter
from index.rows import rows_of
from index.settings import IndexSettings, read_index_settings
from index.snapshot import SnapshotInfo, list_snapshots, rollback

_SHOWN_IDS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage, 3 refused by a guard."""
    options = _parser().parse_args(arguments)
    return exit_code_of(lambda: int(options.run(read_index_settings(os.environ, var=options.var), options)))


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--var", type=Path, default=None, help="directory of all state (ASSIST_VAR, default var)")
    common.add_argument("--json", action="store_true", help="print the result as JSON")
    parser = argparse.ArgumentParser(prog="python -m index", description="Build, check and roll back the index.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    building = commands.add_parser("build", parents=[common], help="import a corpus folder, index it, let it serve")
    building.add_argument("--corpus", type=Path, default=None, help="corpus folder; without it the store is indexed")
    building.set_defaults(run=_build)
    checking = commands.add_parser("check", parents=[common], help="say what a build would change; reads only")
    checking.add_argument("--corpus", type=Path, required=True, help="corpus folder")
    checking.set_defaults(run=_check)
    rolling = commands.add_parser("rollback", parents=[common], help="serve the snapshot that served before")
    rolling.set_defaults(run=_rollback)
    listing = commands.add_parser("snapshots", parents=[common], help="list the snapshots that are kept")
    listing.set_defaults(run=_snapshots)
    verifying = commands.add_parser("verify", parents=[common], help="read and check snapshots, encoders and the store")
    verify_command.add_arguments(verifying)
    verifying.set_defaults(run=verify_command.run)
    return parser


def _build(settings: IndexSettings, options: argparse.Namespace) -> int:
    with open_reporter() as reporter:
        with reporter.stage("open encoder"):
            encoder = set_encoder(settings)
        report = build(settings, encoder, options.corpus, reporter)
    _print_build(report, as_json=options.json)
    return DONE


def _check(settings: IndexSettings, options: argparse.Namespace) -> int:
    corpus = read_corpus(options.corpus)
    agents = open_agent_keys(settings.agent_keys, datetime.now(UTC), write=False)
    rows = [row for rows in rows_of(corpus, agents).values() for row in rows]
    difference = _compare(settings, rows)
    shares = label_shares(corpus, recover=settings.recover_labels)
    if options.json:
        document = {
            "diff": difference.counts(),
            "dangling": {where: dict(ids) for where, ids in corpus.dangling.items()},
            "labels": {each.kind: each.to_json() for each in shares},
        }
        print(json.dumps(document, ensure_ascii=False))
        return DONE
    print(f"{options.corpus} is well-formed. Re-indexing it would change:")
    for kind in KINDS:
        print(f"  {kind}: " + ", ".join(_verdicts(difference, kind)))
    _print_dangling(corpus.dangling)
    _print_lint(corpus.templates, options.corpus)
    print("Cases that say what was used in them, and others that show it by what was sent:")
    for share in shares:
        print(f"  {share}")
    return DONE


def _rollback(settings: IndexSettings, options: argparse.Namespace) -> int:
    with WriterLock(settings.var):
        snapshot = rollback(settings.var)
    print(json.dumps({"snapshot": snapshot}) if options.json else f"snapshot {snapshot} serves again")
    return DONE


def _snapshots(settings: IndexSettings, options: argparse.Namespace) -> int:
    for info in list_snapshots(settings.var):
        print(json.dumps(_snapshot_json(info)) if options.json else _snapshot_line(info))
    return DONE


def _compare(settings: IndexSettings, rows: Sequence[StoredRecord]) -> CorpusDiff:
    if settings.database_url is None and not settings.database_file.exists():
        return compare(None, rows)
    with Store.open(settings.database, create=False) as store:
        return compare(store, rows)


def _verdicts(difference: CorpusDiff, kind: Kind) -> list[str]:
    return [_verdict(verdict, difference.ids(verdict)[kind]) for verdict in VERDICTS]


def _verdict(verdict: Verdict, ids: Sequence[str]) -> str:
    if not ids or verdict == "unchanged":
        return f"{len(ids)} {verdict}"
    shown = ", ".join(ids[:_SHOWN_IDS]) + (", …" if len(ids) > _SHOWN_IDS else "")
    return f"{len(ids)} {verdict} ({shown})"


def _print_build(report: BuildReport, *, as_json: bool) -> None:
    snapshot, imported = report.snapshot, report.imported
    if as_json:
        counts = imported.counts() if imported is not None else None
        print(json.dumps({"snapshot": snapshot.snapshot_id, "counts": dict(snapshot.counts), "imported": counts}))
        return
    if imported is not None:
        print(
            f"import {imported.import_id}: {imported.added} new, {imported.changed} changed, "
            f"{imported.removed} removed, {imported.unchanged} unchanged, {imported.refused} refused, "
            f"{imported.conflicts} conflicts"
        )
    _print_dangling(report.dangling)
    counted = ", ".join(f"{number} {kind}" for kind, number in snapshot.counts.items())
    print(f"snapshot {snapshot.snapshot_id} serves: {counted}")


def _print_lint(templates: Sequence[Template], folder: Path) -> None:
    warned = sum(1 for template in templates if remarks_on(template, merge_maps(os.environ)))
    if warned:
        print(f"{warned} of {len(templates)} templates have warnings; `make lint-templates CORPUS={folder}` tells them")


def _print_dangling(dangling: Mapping[str, Mapping[str, int]]) -> None:
    for where, ids in dangling.items():
        if ids:
            shown = ", ".join(list(ids)[:_SHOWN_IDS]) + (", …" if len(ids) > _SHOWN_IDS else "")
            print(f"  {where} name {len(ids)} ids that the corpus lacks, {sum(ids.values())} times: {shown}")


def _snapshot_json(info: SnapshotInfo) -> dict[str, object]:
    return {
        "id": info.id,
        "created_at": info.created_at.isoformat() if info.created_at else None,
        "counts": dict(info.counts),
        "bytes": info.bytes,
        "current": info.is_current,
        "problems": [str(problem) for problem in info.problems],
    }


def _snapshot_line(info: SnapshotInfo) -> str:
    created = f"{info.created_at:%Y-%m-%d %H:%M:%S} UTC" if info.created_at else "unknown time"
    state = "; ".join(map(str, info.problems)) or ("serves" if info.is_current else "kept")
    return f"{info.id}  {created}  {info.bytes / 1e6:8.1f} MB  {state}"


if __name__ == "__main__":
    sys.exit(main())
