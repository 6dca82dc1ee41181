"""``python -m index backup`` and ``restore``: keep what cannot be built again, and put it back."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from corpus.times import now_utc
from index.backup import write_backup
from index.cli import DONE
from index.restoring import restore
from index.settings import IndexSettings

NO_STORE = "the store is on a server: save it by that server's own means, at about the same time"
NEXT = "now build the index of what was restored: python -m index build"


def add_backup_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``backup``."""
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a folder that is not there yet")


def add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``restore``."""
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FOLDER", help="a backup")
    parser.add_argument("--force", action="store_true", help="replace the store that is there")


def run_backup(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Write a backup and say what is in it."""
    backup = write_backup(settings, options.to, now_utc())
    if options.json:
        print(json.dumps({"folder": str(options.to), "made_at": backup.made_at, "files": len(backup.files)}))
        return DONE
    print(f"backup {options.to}: {len(backup.files)} files, made at {backup.made_at}")
    if not backup.has_store:
        print(NO_STORE if settings.database_url else "there is no store yet")
    return DONE


def run_restore(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Put a backup back and say what is to be done next."""
    done = restore(settings, options.source, force=options.force)
    if options.json:
        print(json.dumps({"made_at": done.backup.made_at, "files": done.files, "erased_again": done.erased_again}))
        return DONE
    print(f"restored {done.files} files of {done.backup.made_at}; {done.erased_again} erasures were done again")
    print(NEXT)
    return DONE
