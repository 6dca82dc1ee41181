"""``python -m assist purge``: delete what is older than the settings allow, with a receipt."""

from __future__ import annotations

import argparse
import sys

from assist.bootstrap import open_erasures
from assist.commands.erase import BUSY_TIMEOUT_S, BY, DONE, finish
from assist.commands.receipts import print_receipt
from assist.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--dry-run", action="store_true", help="count what would go; delete nothing")
    parser.add_argument("--no-rebuild", action="store_true", help="leave the copies to the next build")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Purge the store and its copies; exit code 1 where something is left, 3 where a build holds the lock."""
    erasures = open_erasures(settings, busy_timeout_s=BUSY_TIMEOUT_S)
    receipt = erasures.purge(by=BY, dry_run=options.dry_run)
    if options.dry_run:
        print("nothing was deleted; a purge now would delete:", file=sys.stderr)
        print_receipt(receipt, as_json=options.json)
        return DONE
    if not receipt.erased:
        print("nothing is older than the settings allow; no receipt was kept", file=sys.stderr)
        return DONE
    return finish(settings, receipt, rebuild=not options.no_rebuild, as_json=options.json)
