"""What the demo corpus and its README promise: texts of their own, counts that are true, rules that agents kept."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from corpus.eligibility import first_failure
from corpus.folder import Corpus, read_corpus
from corpus.models import Action, Article, Case, Template
from corpus.nearness import are_near, words_of

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "corpus" / "demo"
README = (DEMO / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demo() -> Corpus:
    return read_corpus(DEMO)


def _asked(case: Case) -> str:
    """Return what a query may see of a case: what the customer brought, not what was answered."""
    turns = (message.text for message in case.messages if message.role == "customer")
    return "\n".join((case.subject or "", case.description or "", *turns))


def test_no_two_cases_have_nearly_the_same_words(demo: Corpus) -> None:
    words = [(case.id, words_of(_asked(case))) for case in demo.cases]
    near = [(one, other) for (one, left), (other, right) in combinations(words, 2) if are_near(left, right)]
    assert near == []
    assert min(len(found) for _, found in words) > 0  # an empty text would be near to none


def test_the_counts_of_the_readme_are_what_its_command_prints() -> None:
    found = re.search(r"<<'PY'\n(.+?)\nPY\n```\n\n```text\n(.+?)```", README, re.DOTALL)
    assert found is not None
    command = [sys.executable, "-c", found[1]]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    assert printed == found[2]


def test_every_case_is_closed_history_in_order_of_time(demo: Corpus) -> None:
    opened = [case.opened_at for case in demo.cases if case.opened_at]
    assert len(opened) == len(demo.cases)
    assert opened == sorted(opened)
    assert all(case.closed_at and case.opened_at and case.closed_at > case.opened_at for case in demo.cases)


def test_what_cases_templates_and_actions_name_exists_or_was_replaced(demo: Corpus) -> None:
    items: tuple[Article | Template | Action, ...] = (*demo.articles, *demo.templates, *demo.actions)
    assert [old for item in items for old in item.replaces]
    assert demo.dangling == {}


def _facts(case: Case, done: list[str]) -> dict[str, Any]:
    fields = {"product": case.product, "channel": case.channel, "language": case.language, "priority": case.priority}
    return {"case": {**fields, "actions_done": list(done)}, "customer": case.customer, "context": {}}


def test_agents_took_actions_only_where_the_rule_allows_them(demo: Corpus) -> None:
    catalogue = {action.id: action for action in demo.actions}
    against = []
    for case in demo.cases:
        assert case.opened_at is not None
        done: list[str] = []
        for use in case.actions:
            action = catalogue[use.id]
            why = first_failure(action.when, _facts(case, done), case.opened_at)
            if why or done.count(use.id) >= (action.max_per_case or sys.maxsize):
                against.append((case.id, use.id, why))
            done.append(use.id)
    assert against == []


def test_nothing_was_used_outside_its_validity_status_or_audience(demo: Corpus) -> None:
    items = {item.id: item for item in (*demo.articles, *demo.templates)}
    wrong = [
        (case.id, item.id)
        for case in demo.cases
        for use in (*case.articles, *case.templates)
        if (item := items.get(use.id)) and not _was_there(item, case)
    ]
    assert wrong == []


def _was_there(item: Article | Template, case: Case) -> bool:
    at = case.opened_at
    assert at is not None
    begun = item.valid_from is None or item.valid_from <= at
    ended = item.valid_until is not None and item.valid_until < at
    shown = bool({"public", *case.audience} & set(item.audience))
    return item.status == "published" and begun and not ended and shown


def test_the_wrong_labels_that_the_readme_admits_are_labels_of_cases(demo: Corpus) -> None:
    admitted = set(re.findall(r"`(c-\d{3})`", README))
    labelled = {case.id for case in demo.cases if case.articles}
    assert admitted
    assert admitted <= labelled


def test_the_pins_hold_for_cases_of_the_day_of_the_outage_and_end(demo: Corpus) -> None:
    assert {pin.effect for pin in demo.pins} == {"pin", "forbid"}
    for pin in demo.pins:
        assert pin.valid_from
        assert pin.valid_until
        meant = [
            case.id
            for case in demo.cases
            if case.opened_at
            and pin.valid_from <= case.opened_at < pin.valid_until
            and first_failure(pin.when, _facts(case, []), case.opened_at) is None
        ]
        assert "c-308" in meant
