"""Telling the audit which snapshot serves from now on, as far as there is a store to tell."""

from __future__ import annotations

from typing import Literal

from corpus.store import Store
from corpus.store_errors import StoreError
from index.settings import IndexSettings


def note_serving(
    settings: IndexSettings, action: Literal["activate", "rollback"], snapshot_id: str, *, by: str
) -> str | None:
    """Write into the audit that a snapshot serves now; return why that could not be, if so.

    Going back must work above all where something is broken, so that a store that is away is no reason to fail: the
    log of activations beside the snapshots tells of it in any case.
    """
    if settings.database_url is None and not settings.database_file.exists():
        return None
    try:
        with Store.open(settings.database, create=False) as store:
            store.note_change(action, by=by, detail={"snapshot": snapshot_id})
    except StoreError as error:
        return f"the audit does not tell that snapshot {snapshot_id} serves now: {error}"
    return None
