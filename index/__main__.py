"""``python -m index``: build, check, compare and take back what serves, and find where something stands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from index import verify_command
from index.cli import exit_code_of
from index.commands import backups, build, check, imports, recall, snapshots, urgency
from index.settings import IndexSettings, read_index_settings

Run = Callable[[IndexSettings, argparse.Namespace], int]
AddArguments = Callable[[argparse.ArgumentParser], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage, 3 refused by a guard, 4 not good enough."""
    options = _parser().parse_args(arguments)
    run: Run = options.run
    return exit_code_of(lambda: run(read_index_settings(os.environ, var=options.var), options))


def _nothing(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


_COMMANDS: tuple[tuple[str, str, AddArguments, Run], ...] = (
    ("build", "import a corpus folder, index it, let it serve", build.add_arguments, build.run),
    ("check", "say what a build would change; reads only", check.add_arguments, check.run),
    ("imports", "list all imports", _nothing, imports.run_imports),
    ("undo", "take one import back, and let what was before it serve", imports.add_undo_arguments, imports.run_undo),
    ("rollback", "serve the snapshot that served before", _nothing, snapshots.run_rollback),
    ("snapshots", "list the snapshots that are kept", _nothing, snapshots.run_snapshots),
    ("diff", "say which records differ between two snapshots", snapshots.add_diff_arguments, snapshots.run_diff),
    ("where", "find where a text stands", recall.add_where_arguments, recall.run_where),
    ("affected", "list the cases that were given an item", recall.add_affected_arguments, recall.run_affected),
    ("urgency", "say what may be told of how urgent cases are, and why", _nothing, urgency.run_urgency),
    ("backup", "copy what cannot be built again", backups.add_backup_arguments, backups.run_backup),
    (
        "restore",
        "put a backup in place, without what was erased since",
        backups.add_restore_arguments,
        backups.run_restore,
    ),
    ("verify", "read and check snapshots, encoders and the store", verify_command.add_arguments, verify_command.run),
)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--var", type=Path, default=None, help="directory of all state (ASSIST_VAR, default var)")
    common.add_argument("--json", action="store_true", help="print the result as JSON")
    parser = argparse.ArgumentParser(prog="python -m index", description="Build, check and roll back the index.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, text, add_arguments, run in _COMMANDS:
        command = commands.add_parser(name, parents=[common], help=text)
        add_arguments(command)
        command.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
