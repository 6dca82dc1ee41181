"""What the checks of the training data find."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFinding:
    """What is wrong with a problem, or with one of its messages (``message`` counts from 0)."""

    problem: str
    message: int | None
    what: str

    def __str__(self) -> str:
        """Return one line such as ``energy-001, message 0: has 3 words of the title …``."""
        place = self.problem if self.message is None else f"{self.problem}, message {self.message}"
        return f"{place}: {self.what}"
