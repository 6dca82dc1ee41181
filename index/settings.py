"""Settings that building and opening an index share, read from environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from corpus.ledger import LEDGER
from corpus.privacy.masking import MASKED, Masking
from corpus.retention import AUDIT_DAYS, DEFAULT_RETENTION, ERASE_WITHIN_HOURS, FEEDBACK_DAYS, Retention

_MOST_DAYS = 36_500

DEFAULT_SHRINK_LIMIT = 20
UrgencySetting = Literal["auto", "rules", "off"]


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """Where state and weights lie, and which encoder turns text into vectors.

    ``database_url`` is ``None`` for the SQLite file under ``var``. ``encoder`` is ``packaged``, ``plain``, ``toy``, or
    the name or folder of a sentence-transformers model. ``threads`` is what encoding may use (1 to 64).
    ``recover_labels`` is whether cases that name no templates or articles learn from what was sent in them,
    ``learn_feedback`` whether they learn from what agents did with suggestions.
    ``urgency`` is what may be said of how urgent cases are: what is proven, rules in any case, nothing.
    ``shrink_limit`` is the share of the live records of a kind, in percent, that a full import may remove;
    ``smoke_failures`` is how many smoke questions may fail before a new snapshot is kept from serving.
    """

    var: Path = Path("var")
    models: Path = Path("models")
    encoder: str = "packaged"
    threads: int = 2
    database_url: str | None = None
    masking: Masking = MASKED
    recover_labels: bool = True
    learn_feedback: bool = True
    urgency: UrgencySetting = "auto"
    shrink_limit: int = DEFAULT_SHRINK_LIMIT
    smoke_failures: int = 0
    retention: Retention = DEFAULT_RETENTION

    @property
    def erasures(self) -> Path:
        """The ledger of what was erased."""
        return self.var / LEDGER

    @property
    def agent_keys(self) -> Path:
        """The file of the keys that agents are hashed with."""
        return self.var / "agent-keys.json"

    @property
    def database(self) -> str:
        """The URL of the store of record."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """The SQLite file that is the store where no URL names another."""
        return self.var / "stichwort.db"

    @property
    def smoke_questions(self) -> Path:
        """The file of smoke questions that the last corpus folder with any brought."""
        return self.var / "smoke.jsonl"

    @property
    def embedding_cache(self) -> Path:
        """The file that keeps vectors of texts already encoded."""
        return self.var / "cache" / "embeddings.sqlite"


def read_index_settings(environ: Mapping[str, str], *, var: Path | None = None) -> IndexSettings:
    """Read the variables of this module, from ``ASSIST_VAR`` to ``ASSIST_BACKUP_DAYS``.

    ``var`` (from a command line) wins over the environment. Raises ``SettingsError`` naming the bad variable.
    """
    return IndexSettings(
        var=var or Path(environ.get("ASSIST_VAR") or "var"),
        models=Path(environ.get("ASSIST_MODELS") or "models"),
        encoder=environ.get("ASSIST_ENCODER") or "packaged",
        threads=read_int(environ, "ASSIST_THREADS", default=2, low=1, high=64),
        database_url=environ.get("ASSIST_DATABASE_URL") or None,
        masking=Masking(enabled=_read_switch(environ, "ASSIST_MASKING")),
        recover_labels=_read_switch(environ, "ASSIST_RECOVER_LABELS"),
        learn_feedback=_read_switch(environ, "ASSIST_LEARN_FEEDBACK"),
        urgency=_read_urgency(environ),
        shrink_limit=read_int(environ, "ASSIST_SHRINK_LIMIT", default=DEFAULT_SHRINK_LIMIT, low=0, high=100),
        smoke_failures=read_int(environ, "ASSIST_SMOKE_FAILURES", default=0, low=0, high=10_000),
        retention=_read_retention(environ),
    )


def _read_retention(environ: Mapping[str, str]) -> Retention:
    def days(name: str, default: int) -> int | None:
        return read_int(environ, name, default=default, low=0, high=_MOST_DAYS) or None

    return Retention(
        cases_days=days("ASSIST_RETAIN_CASES_DAYS", 0),
        versions_days=days("ASSIST_RETAIN_VERSIONS_DAYS", 0),
        feedback_days=days("ASSIST_RETAIN_FEEDBACK_DAYS", FEEDBACK_DAYS),
        audit_days=days("ASSIST_RETAIN_AUDIT_DAYS", AUDIT_DAYS),
        within_hours=read_int(environ, "ASSIST_ERASE_WITHIN_HOURS", default=ERASE_WITHIN_HOURS, low=1, high=8_760),
        backup_days=read_int(environ, "ASSIST_BACKUP_DAYS", default=0, low=0, high=_MOST_DAYS),
    )


def _read_switch(environ: Mapping[str, str], name: str) -> bool:
    raw = environ.get(name) or "on"
    if raw not in ("on", "off"):
        raise SettingsError(f"{name}: found {raw!r}, expected on or off")
    return raw == "on"


def _read_urgency(environ: Mapping[str, str]) -> UrgencySetting:
    raw = environ.get("ASSIST_URGENCY") or "auto"
    for known in get_args(UrgencySetting):
        if raw == known:
            return cast("UrgencySetting", known)
    raise SettingsError(f"ASSIST_URGENCY: found {raw!r}, expected one of {', '.join(get_args(UrgencySetting))}")


def read_int(environ: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    """Return the whole number in ``environ[name]``; raise ``SettingsError`` when it is none or out of range."""
    raw = environ.get(name, "").strip()
    if not raw:
        return default
    if not raw.lstrip("-").isdecimal() or not low <= int(raw) <= high:
        raise SettingsError(f"{name}: found {raw!r}, expected a whole number from {low} to {high}")
    return int(raw)
