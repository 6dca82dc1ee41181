"""Several documents may explain the same words of a message: which of them was used, or that nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SAME_WORDS = 0.5  # documents that share as much of the smaller one's find explain the same words
MORE_WORDS = 3  # a document that explains so many words more is the better explanation
MORE_COVERAGE = 0.1  # of two that explain the same words, the one that was sent so much more completely,
LACKING = 2.0  # and so many times what it lacks itself: else what tells the two apart may just have been left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A document says to have been used: what of it was found, and which words of the message it explains.

    ``convincing`` is whether it would be believed if there were no other.
    """

    id: str
    coverage: float
    words: frozenset[int]
    convincing: bool
    replaces: frozenset[str] = frozenset()


def believed(claims: Sequence[Claim]) -> list[Claim]:
    """Return the convincing claims that beat every other claim to the same words; of equals, none.

    Of two that nothing tells apart the one that replaces the other is believed.
    """
    return [
        claim
        for claim in claims
        if claim.convincing
        and all(_beats(claim, other) for other in claims if other is not claim and _rivals(claim, other))
    ]


def _rivals(one: Claim, other: Claim) -> bool:
    return len(one.words & other.words) >= SAME_WORDS * min(len(one.words), len(other.words))


def _beats(claim: Claim, other: Claim) -> bool:
    verdict = _better(claim, other) - _better(other, claim)
    return verdict > 0 or (verdict == 0 and other.id in claim.replaces and claim.id not in other.replaces)


def _better(claim: Claim, other: Claim) -> bool:
    """Whether a claim explains clearly more, everything and more, or the same by a document sent more completely."""
    more, less = len(claim.words - other.words), len(other.words - claim.words)
    if more - less >= MORE_WORDS:
        return True
    if less - more >= MORE_WORDS:
        return False
    if more and not less and claim.coverage >= other.coverage:
        return True
    return claim.coverage - other.coverage >= max(MORE_COVERAGE, LACKING * (1 - claim.coverage))
