"""The store of record as erasing and purging see it: what was asked for, receipts, and the ledger beside the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from corpus import erasure
from corpus.audit import note
from corpus.database import reading, rewrite, writing
from corpus.edits import read_tombstones
from corpus.ledger import Ledger, LedgerEntry, append_entry, read_ledger
from corpus.opened import OpenDatabase
from corpus.purging import purge
from corpus.receipts import Receipt, add_up, new_receipt_id, read_receipt, read_receipts, write_receipt
from corpus.retention import Retention
from corpus.stored import Key

PURGE = "purge"
FROM_LEDGER = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be erased; ``what`` is how receipts name it, which must not tell a customer or an agent."""

    what: str
    cases: frozenset[str] = frozenset()
    customer_id: str | None = None
    pseudonyms: frozenset[str] = frozenset()


class ErasureStore(OpenDatabase):
    """Every method is one transaction and raises ``StoreError`` as those of ``Store`` do."""

    def erase(self, wish: Wish, *, by: str | None, ledger: Path, retention: Retention) -> Receipt:
        """Erase, and return the receipt: a new one, or the earlier one where nothing was left to erase.

        The ledger is written before the store forgets: a process that is killed between the two has erased all the
        same, as soon as the ledger is replayed.
        """
        with writing(self._engine) as connection:
            now, receipt_id = self._clock(), new_receipt_id()
            cases = wish.cases
            if wish.customer_id is not None:
                cases |= erasure.cases_of_customer(connection, wish.customer_id)
            fresh = erasure.unerased(connection, cases)
            erased = erasure.erase_cases(connection, fresh, at=now, by=by, receipt=receipt_id)
            erased = add_up(erased, erasure.erase_agent(connection, wish.pseudonyms))
            earlier = _earlier(connection, wish)
            if earlier is not None and not fresh and not erased:
                return earlier
            receipt = Receipt(
                id=receipt_id,
                at=now,
                by=by,
                what=wish.what,
                erased=erased,
                pseudonyms=wish.pseudonyms,
                last_copy_gone_by=retention.copies_gone_by(now),
            )
            write_receipt(connection, receipt)
            note(connection, "erased", at=now, by=by, detail={"receipt": receipt_id, "erased": erased})
            append_entry(ledger, _entry(receipt, fresh))
        return receipt

    def purge(self, retention: Retention, *, by: str | None, dry_run: bool = False) -> Receipt:
        """Delete what is too old and return the receipt, which is kept only if anything went and this is no dry run."""
        now = self._clock()
        receipt = Receipt(
            id=new_receipt_id(),
            at=now,
            by=by,
            what=PURGE,
            closed_before=retention.cases_closed_before(now),
            versions_before=retention.versions_before(now),
            last_copy_gone_by=retention.copies_gone_by(now),
        )
        with writing(self._engine) as connection:
            receipt = replace(receipt, erased=purge(connection, retention, now))
            if dry_run:
                connection.rollback()
            elif receipt.erased:
                write_receipt(connection, receipt)
                note(connection, "purge", at=now, by=by, detail={"receipt": receipt.id, "purged": receipt.erased})
        return receipt

    def replay(self, path: Path, retention: Retention) -> int:
        """Bring store and ledger to the same erasures, as after a restored backup; return how many the store lacked.

        Nothing is written where they agree, so that this costs little.
        """
        ledger = read_ledger(path)
        with reading(self._engine) as connection:
            lacking = [entry for entry in ledger.entries if _is_lacking(connection, entry)]
            unlisted = _unlisted(connection, ledger)
        for entry in unlisted:
            append_entry(path, entry)
        if lacking:
            with writing(self._engine) as connection:
                for entry in lacking:
                    _replay(connection, entry, retention, self._clock())
        return len(lacking)

    def erased_keys(self) -> frozenset[Key]:
        """Return kind and id of every record that was erased."""
        with reading(self._engine) as connection:
            stones = read_tombstones(connection)
        return frozenset((stone.kind, stone.record_id) for stone in stones if stone.reason == "erased")

    def erased_under(self, receipt_id: str) -> tuple[str, ...]:
        """Return the ids of the cases that went with a receipt."""
        with reading(self._engine) as connection:
            return tuple(stone.record_id for stone in read_tombstones(connection) if stone.receipt == receipt_id)

    def receipt(self, receipt_id: str) -> Receipt | None:
        """Return the receipt of that id, or ``None``."""
        with reading(self._engine) as connection:
            return read_receipt(connection, receipt_id)

    def receipts(self, *, is_open: bool = False) -> tuple[Receipt, ...]:
        """Return all receipts, or those of which copies may be left, oldest first."""
        with reading(self._engine) as connection:
            return read_receipts(connection, is_open=is_open)

    def update(self, receipts: Iterable[Receipt]) -> None:
        """Write down how far erasures have come."""
        with writing(self._engine) as connection:
            for receipt in receipts:
                write_receipt(connection, receipt)

    def rewrite(self) -> None:
        """Write the file of the database anew, without anything that was deleted."""
        rewrite(self._engine)


def _earlier(connection: Connection, wish: Wish) -> Receipt | None:
    """Return the newest receipt that tells of the same thing, if there is one."""
    for stone in read_tombstones(connection):
        if stone.record_id in wish.cases and stone.kind == "cases" and stone.receipt is not None:
            return read_receipt(connection, stone.receipt)
    known = read_receipts(connection, what=wish.what)
    return known[-1] if known else None


def _entry(receipt: Receipt, cases: Iterable[str]) -> LedgerEntry:
    return LedgerEntry(
        receipt=receipt.id, at=receipt.at, what=receipt.what, cases=frozenset(cases), agents=receipt.pseudonyms
    )


def _is_lacking(connection: Connection, entry: LedgerEntry) -> bool:
    return read_receipt(connection, entry.receipt) is None or bool(erasure.unerased(connection, entry.cases))


def _unlisted(connection: Connection, ledger: Ledger) -> list[LedgerEntry]:
    listed = {entry.receipt for entry in ledger.entries}
    receipts = [each for each in read_receipts(connection) if each.what != PURGE and each.id not in listed]
    stones = read_tombstones(connection) if receipts else ()
    return [_entry(each, (stone.record_id for stone in stones if stone.receipt == each.id)) for each in receipts]


def _replay(connection: Connection, entry: LedgerEntry, retention: Retention, now: datetime) -> None:
    """Erase once more what a restored database brought back; its copies are looked for again."""
    fresh = erasure.unerased(connection, entry.cases)
    erased = erasure.erase_cases(connection, fresh, at=now, by=FROM_LEDGER, receipt=entry.receipt)
    erased = add_up(erased, erasure.erase_agent(connection, entry.agents))
    known = read_receipt(connection, entry.receipt)
    receipt = known or Receipt(id=entry.receipt, at=entry.at, by=FROM_LEDGER, what=entry.what, pseudonyms=entry.agents)
    again = replace(
        receipt,
        erased=add_up(receipt.erased, erased),
        completed_at=None,
        last_copy_gone_by=retention.copies_gone_by(now),
    )
    write_receipt(connection, again)
    note(connection, "erased", at=now, by=FROM_LEDGER, detail={"receipt": entry.receipt, "erased": erased})
