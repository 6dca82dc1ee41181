"""What a change of the corpus does to suggestions, as it is told; ``assist.effect`` finds it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A case in which another item of a kind would come first; ``None`` stands for nothing at all."""

    case: str
    kind: str
    was: str | None
    would_be: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """In how many of the ``cases`` that were asked something else comes first: in all, and by kind."""

    cases: int
    changed_cases: int
    changes: Mapping[str, int]
    examples: tuple[Change, ...]

    def to_json(self) -> dict[str, object]:
        """Return everything as plain JSON."""
        return {
            "cases": self.cases,
            "changed_cases": self.changed_cases,
            "changes": dict(self.changes),
            "examples": [
                {"case": each.case, "kind": each.kind, "was": each.was, "would_be": each.would_be}
                for each in self.examples
            ],
        }
