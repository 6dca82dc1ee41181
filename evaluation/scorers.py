"""Which shipped scorer a judged set may be measured with: one that was not fitted on its family."""

from __future__ import annotations

from importlib import resources


def scorer_for(family: str) -> str:
    """Return the name of the scorer file for a family of sets, to be named among the fingerprints.

    A family that a scorer was made without is measured with that one (``without-<family>``); others with the shipped
    ``all``; a build that ships neither has ``first``.
    """
    folder = resources.files("assist").joinpath("scorers")
    there = {file.name for file in folder.iterdir()}
    return next((name for name in (f"without-{family}", "all") if f"{name}.json" in there), "first")
