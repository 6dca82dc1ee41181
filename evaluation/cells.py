"""Cells of a table that a spreadsheet opens without running them."""

from __future__ import annotations

# What spreadsheets take for the start of a formula, full-width forms included (OWASP, "CSV Injection").
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The mark itself is doubled, so that reading restores exactly what was written.
_MARK = "'"


def harmless(text: str) -> str:
    """Return text that starts no formula: an apostrophe goes before what would.

    >>> harmless("=SUM(A1)")
    "'=SUM(A1)"
    """
    return _MARK + text if text.startswith((*_RUNS, _MARK)) else text


def original(cell: str) -> str:
    """Return what ``harmless`` was given."""
    return cell.removeprefix(_MARK)
