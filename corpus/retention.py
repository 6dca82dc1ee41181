"""How long a deployment keeps what, as its settings say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from corpus.models import Case

FEEDBACK_DAYS = 400
AUDIT_DAYS = 1_095
ERASE_WITHIN_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Periods in days, ``None`` for "as long as the store"; what is older goes with ``make purge``.

    ``cases_days`` counts from when a case was closed, the others from when a row was written. ``within_hours`` is how
    long after an erasure its copies may lie in snapshots and caches until a build removes them, ``backup_days`` how
    long the operator keeps backups of the state: both tell when the last copy of something erased is gone.
    """

    cases_days: int | None = None
    versions_days: int | None = None
    feedback_days: int | None = FEEDBACK_DAYS
    audit_days: int | None = AUDIT_DAYS
    within_hours: int = ERASE_WITHIN_HOURS
    backup_days: int = 0

    def cases_closed_before(self, now: datetime) -> datetime | None:
        """Return the time before which a closed case is too old to be kept; ``None`` where none is."""
        return _before(now, self.cases_days)

    def versions_before(self, now: datetime) -> datetime | None:
        """Return the time up to which superseded versions go."""
        return _before(now, self.versions_days)

    def feedback_before(self, now: datetime) -> datetime | None:
        """Return the time before which feedback goes."""
        return _before(now, self.feedback_days)

    def audit_before(self, now: datetime) -> datetime | None:
        """Return the time before which entries of the audit go."""
        return _before(now, self.audit_days)

    def copies_gone_by(self, erased_at: datetime) -> datetime:
        """Return when the last copy of something erased has to be gone, if the next build comes in time."""
        return self.backups_gone_by(erased_at + timedelta(hours=self.within_hours))

    def backups_gone_by(self, done_at: datetime) -> datetime:
        """Return when the last backup is gone that was made before a time."""
        return done_at + timedelta(days=self.backup_days)


DEFAULT_RETENTION = Retention()


def young_enough(cases: Iterable[Case], held: Collection[str], closed_before: datetime | None) -> tuple[Case, ...]:
    """Return the cases that an import may bring: those closed too long ago to be kept are passed over.

    Of these, the ones in ``held`` (ids) come once more as they did before: they wait for the next purge.
    """
    return tuple(
        case
        for case in cases
        if closed_before is None or case.closed_at is None or case.closed_at >= closed_before or case.id in held
    )


def _before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)
