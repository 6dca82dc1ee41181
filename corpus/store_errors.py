"""What can go wrong with the store of record; every message says what was found, expected, and how to mend it."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what it was asked to; nothing was written."""


class StoreAwayError(StoreError):
    """The database cannot be used now: it is locked, full, damaged or out of reach."""


class StoreBusyError(StoreAwayError):
    """Another process held the database for longer than the busy timeout; trying again later helps."""


class RecordBuriedError(StoreError):
    """A live edit named a record that was erased or withdrawn."""


class RecordChangedError(StoreError):
    """A live edit expected another content than the record has now."""
