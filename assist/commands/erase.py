"""``python -m assist erase``: erase a case, a customer or an agent, with a receipt; look for what may be left."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from assist.bootstrap import open_erasures
from assist.commands.receipts import print_receipt
from assist.erasing import SUBJECTS, ErasureRequest
from assist.opening import encoder_of
from assist.settings import Settings
from corpus.erasure_store import ErasureStore
from corpus.receipts import Receipt
from corpus.traces import Trace, find_traces
from index.builder import build
from index.erased_copies import copies_left, needs_build, remove_copies
from index.locks import WriterLock
from index.progress import open_reporter
from index.settings import SettingsError

BY = "command line"
# Erasing is worth waiting for an import that holds the store.
BUSY_TIMEOUT_S = 60.0
DONE, LEFT = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--case", metavar="ID", help="erase one case")
    what.add_argument("--customer", metavar="ID", help="erase all cases of a customer")
    what.add_argument("--agent", metavar="NAME", help="take an agent, as the CRM names one, out of all cases")
    what.add_argument("--receipt", metavar="RECEIPT", help="go on with an erasure, and show its receipt")
    what.add_argument("--list", action="store_true", help="show all receipts")
    what.add_argument("--verify", metavar="RECEIPT", help="look for what an erasure may have left; changes nothing")
    parser.add_argument("--text", action="append", default=[], help="with --verify: what no file may hold any more")
    parser.add_argument("--no-rebuild", action="store_true", help="leave the copies to the next build")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Erase, or do what else was asked; exit code 1 where something is left, 3 where a build holds the lock."""
    if options.list:
        with _open(settings) as store:
            for receipt in store.receipts():
                print_receipt(receipt, as_json=options.json)
        return DONE
    if options.verify is not None:
        return _verify(settings, options)
    if options.receipt is not None:
        receipt = _known(settings, options.receipt)
    else:
        receipt = open_erasures(settings, busy_timeout_s=BUSY_TIMEOUT_S).erase(_request(options), by=BY)
    return finish(settings, receipt, rebuild=not options.no_rebuild, as_json=options.json)


def finish(settings: Settings, receipt: Receipt, *, rebuild: bool, as_json: bool) -> int:
    """Remove the copies that a receipt waits for, and print it; without ``rebuild`` only print it."""
    if receipt.completed_at is None and rebuild:
        try:
            _remove_copies(settings)
        except BaseException:
            # Whatever the build says: what was asked for is erased from the store, and this is the proof of it.
            print_receipt(receipt, as_json=as_json)
            raise
        receipt = _known(settings, receipt.id)
        print_receipt(receipt, as_json=as_json)
        return DONE if receipt.completed_at is not None else LEFT
    print_receipt(receipt, as_json=as_json)
    return DONE


def _remove_copies(settings: Settings) -> None:
    if needs_build(settings.index):
        with open_reporter() as reporter:
            with reporter.stage("open encoder"):
                encoder = encoder_of(settings)
            build(settings.index, encoder, None, reporter)
    else:
        with WriterLock(settings.index.var):
            remove_copies(settings.index, None)


def _request(options: argparse.Namespace) -> ErasureRequest:
    (subject,) = (each for each in SUBJECTS if getattr(options, each) is not None)
    named: str = getattr(options, subject)
    if not named.strip():
        raise SettingsError(f"--{subject}: found nothing, expected whom or what to erase")
    return ErasureRequest(subject=subject, id=named)


def _known(settings: Settings, receipt_id: str) -> Receipt:
    with _open(settings) as store:
        receipt = store.receipt(receipt_id)
    if receipt is None:
        raise SettingsError(
            f"found no receipt {receipt_id!r}, expected the id of one that `python -m assist erase --list` shows"
        )
    return receipt


def _verify(settings: Settings, options: argparse.Namespace) -> int:
    index = settings.index
    receipt = _known(settings, options.verify)
    with _open(settings) as store:
        left = copies_left(index, store, [receipt]) if receipt.completed_at is None else _held(settings, store, receipt)
        cases = store.erased_under(receipt.id)
    # Tombstones and the ledger name erased cases, or they could not be refused.
    named = find_traces(index.var, cases, without=(index.database_file, index.erasures)) if cases else ()
    traces = (*named, *find_traces(index.var, options.text))
    _tell(left, traces, as_json=options.json)
    return LEFT if left or traces else DONE


def _held(settings: Settings, store: ErasureStore, receipt: Receipt) -> tuple[str, ...]:
    """Return the snapshots that hold what was erased although its receipt is complete, as one put back by hand."""
    return tuple(each for each in copies_left(settings.index, store, [receipt]) if each.startswith("snapshot"))


def _tell(left: Sequence[str], traces: Sequence[Trace], *, as_json: bool) -> None:
    if as_json:
        found = [{"file": str(trace.path), "text": trace.text} for trace in traces]
        print(json.dumps({"left": list(left), "traces": found}, ensure_ascii=False))
        return
    for line in left:
        print(line)
    for trace in traces:
        print(f"{trace.path}: {'cannot be read' if trace.text is None else f'holds {trace.text!r}'}")
    if not left and not traces:
        print("nothing is left", file=sys.stderr)


def _open(settings: Settings) -> ErasureStore:
    return ErasureStore.open(settings.index.database, create=False, busy_timeout_s=BUSY_TIMEOUT_S)
