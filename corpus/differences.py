"""What differs between two states of a corpus, by the hashes of its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.diff import IdsByKind
from corpus.models import KINDS, Kind

Hashes = Mapping[Kind, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The ids by kind (every kind is there), ascending by code point, that are new, changed or removed."""

    new: IdsByKind
    changed: IdsByKind
    removed: IdsByKind

    @property
    def total(self) -> int:
        """Return how many records differ."""
        return sum(len(ids) for part in (self.new, self.changed, self.removed) for ids in part.values())

    def to_json(self) -> dict[str, dict[str, list[str]]]:
        """Return ``{kind: {new, changed, removed: ids}}``."""
        return {
            kind: {
                "new": list(self.new[kind]),
                "changed": list(self.changed[kind]),
                "removed": list(self.removed[kind]),
            }
            for kind in KINDS
        }


def changes_between(before: Hashes, after: Hashes) -> Changes:
    """Return how ``after`` differs from ``before``; both give the content hash of each id by kind."""
    new: dict[Kind, tuple[str, ...]] = {}
    changed: dict[Kind, tuple[str, ...]] = {}
    removed: dict[Kind, tuple[str, ...]] = {}
    for kind in KINDS:
        was, is_now = before.get(kind, {}), after.get(kind, {})
        new[kind] = tuple(sorted(is_now.keys() - was.keys()))
        removed[kind] = tuple(sorted(was.keys() - is_now.keys()))
        changed[kind] = tuple(sorted(key for key in was.keys() & is_now.keys() if was[key] != is_now[key]))
    return Changes(new=new, changed=changed, removed=removed)
