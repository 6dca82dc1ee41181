"""Erasing a case, a customer's cases or an agent: at once from the store, and told where copies wait for a build."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal, Protocol, get_args

from assist.unavailable import Unavailable
from corpus.erasure_store import ErasureStore, Wish
from corpus.privacy.agents import kept_agent_keys
from corpus.receipts import Receipt, add_up
from index.erased_copies import copies_left
from index.erased_lines import remove_names
from index.erased_snapshots import cases_of_customer
from index.own_encoder import retire_own_encoder
from index.settings import IndexSettings

Subject = Literal["case", "customer", "agent"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
_DIGITS = 16
# An import holds the store while it writes; an erasure is worth waiting for, as long as nobody waits on a connection.
REST_WAIT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequest:
    """What somebody wants erased: ``id`` is that of a case or a customer, or an agent as the CRM names one."""

    subject: Subject
    id: str


class Erasures(Protocol):
    """Erases, and gives the receipts of what was erased."""

    def erase(self, request: ErasureRequest, *, by: str | None) -> Receipt:
        """Erase from the store at once and return the receipt; nothing new where nothing is left to erase."""
        ...

    def receipt(self, receipt_id: str) -> Receipt | None:
        """Return a receipt as it stands now, or ``None``."""
        ...


@dataclass(frozen=True, slots=True)
class NoErasures:
    """Where there is no store: nothing can be erased, and there are no receipts."""

    def erase(self, request: ErasureRequest, *, by: str | None) -> Receipt:
        """Raise ``Unavailable``."""
        raise Unavailable("This service has no store to erase from", retry_after_s=30)

    def receipt(self, receipt_id: str) -> Receipt | None:
        """Return ``None``."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreErasures:
    """Erases from the store of a deployment.

    Needs no writer lock, so that nobody waits for a build. ``secret`` keys the hash by which receipts name customers
    and agents.
    """

    settings: IndexSettings
    secret: Callable[[], bytes]
    busy_timeout_s: float = REST_WAIT_S

    def erase(self, request: ErasureRequest, *, by: str | None) -> Receipt:
        """Erase from the store and from what no build is needed for; raises ``StoreError`` and ``OSError``."""
        settings = self.settings
        with self._open() as store:
            store.replay(settings.erasures, settings.retention)
            receipt = store.erase(self._wish(request), by=by, ledger=settings.erasures, retention=settings.retention)
            if receipt.completed_at is not None:
                return receipt
            if request.subject != "agent":
                # What it learned cannot be taken out of it: the next index is built without it.
                retire_own_encoder(settings)
                names = {*store.erased_under(receipt.id), request.id}
                receipt = replace(receipt, erased=add_up(receipt.erased, remove_names(settings.var, names)))
            receipt = replace(receipt, left=copies_left(settings, store, [receipt]))
            store.update([receipt])
            return receipt

    def receipt(self, receipt_id: str) -> Receipt | None:
        """Return a receipt as it stands now; ``None`` also where there is no store yet."""
        if self.settings.database_url is None and not self.settings.database_file.exists():
            return None
        with self._open() as store:
            return store.receipt(receipt_id)

    def purge(self, *, by: str | None, dry_run: bool) -> Receipt:
        """Delete what is older than the settings allow and return the receipt; raises ``StoreError``."""
        settings = self.settings
        with self._open() as store:
            receipt = store.purge(settings.retention, by=by, dry_run=dry_run)
            if receipt.erased and not dry_run:
                receipt = replace(receipt, left=copies_left(settings, store, [receipt]))
                store.update([receipt])
            return receipt

    def _open(self) -> ErasureStore:
        return ErasureStore.open(self.settings.database, busy_timeout_s=self.busy_timeout_s)

    def _wish(self, request: ErasureRequest) -> Wish:
        if request.subject == "case":
            return Wish(what=f"case {request.id}", cases=frozenset({request.id}))
        what = f"{request.subject} {self._hashed(request)}"
        if request.subject == "agent":
            return Wish(what=what, pseudonyms=kept_agent_keys(self.settings.agent_keys).pseudonyms(request.id))
        # A snapshot may still hold a case that the store has lost meanwhile.
        return Wish(what=what, customer_id=request.id, cases=cases_of_customer(self.settings.var, request.id))

    def _hashed(self, request: ErasureRequest) -> str:
        said = f"erasure\0{request.subject}\0{request.id}"
        return hmac.new(self.secret(), said.encode("utf-8", "surrogatepass"), sha256).hexdigest()[:_DIGITS]
