"""Showing a receipt on a terminal, and as JSON in the form of the REST answer."""

from __future__ import annotations

import json

from assist.api.erasures import receipt_json
from corpus.receipts import Receipt
from corpus.times import format_time


def print_receipt(receipt: Receipt, *, as_json: bool) -> None:
    """Print a receipt on stdout."""
    if as_json:
        print(json.dumps(receipt_json(receipt), ensure_ascii=False))
        return
    erased = ", ".join(f"{number} {what}" for what, number in receipt.erased.items()) or "nothing was there"
    print(f"receipt {receipt.id}: {receipt.what}, {format_time(receipt.at.replace(microsecond=0))}")
    print(f"  erased: {erased}")
    for line in receipt.left:
        print(f"  left: {line}")
    for line in receipt.kept:
        print(f"  kept: {line}")
    if receipt.last_copy_gone_by is not None:
        gone = format_time(receipt.last_copy_gone_by.replace(microsecond=0))
        done = receipt.completed_at is not None
        said = "complete; the last copy, in a backup, is gone by" if done else "the last copy has to be gone by"
        print(f"  {said} {gone}")
