"""Nothing but the places named here handles agents, so that no figure about one can come to be unnoticed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.models import Case
from evaluation.judged import slices_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("corpus", "index", "assist", "evaluation")
# What hashes agents, what carries the hash from a suggestion to its feedback, what keeps it, and what counts agents in
# tens (``corpus.privacy.agent_figures``).
MAY_READ_AGENTS = {
    "corpus/privacy/agents.py",
    "assist/signing.py",
    "assist/feedback.py",
    "corpus/feedback_store.py",
    "corpus/acceptance.py",
    "corpus/privacy/agent_figures.py",
}
MAY_MAKE_STORED_RECORDS = {"index/rows.py", "corpus/store.py"}


def _nodes(package: str, word: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield what the files of a package are made of, with their names; a file without the word names it nowhere."""
    for path in sorted((ROOT / package).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if word in text:
            name = path.relative_to(ROOT).as_posix()
            yield from ((name, node) for node in ast.walk(ast.parse(text)))


@pytest.mark.parametrize("package", PACKAGES)
def test_only_the_places_named_here_read_agents(package: str) -> None:
    nodes = _nodes(package, "agent")
    readers = {name for name, node in nodes if isinstance(node, ast.Attribute) and node.attr == "agent"}

    assert readers <= MAY_READ_AGENTS


@pytest.mark.parametrize("package", PACKAGES)
def test_records_for_the_store_are_made_where_agents_are_hashed(package: str) -> None:
    makers = {
        name
        for name, node in _nodes(package, "StoredRecord")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "StoredRecord"
    }

    assert makers <= MAY_MAKE_STORED_RECORDS


def test_results_cannot_be_sliced_by_agent() -> None:
    with pytest.raises(ValueError, match="agent"):
        slices_of(Case(id="c", subject="x"), agent="a-1")
