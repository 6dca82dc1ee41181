"""A reason is told only of what moved the score, and what moved it most comes first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assist.considering import Considered
from assist.explain import explainer
from assist.presenting import reasons_of
from index.lexical import TermMatch
from index.space import ItemSpace
from tests.unit.evaluation.benches import bench_of


@pytest.fixture(scope="module")
def considered(tmp_path_factory: pytest.TempPathFactory) -> Considered:
    bench = bench_of(_folder(tmp_path_factory))
    case = bench.asked["q1"].case
    return bench.suggester.consider("articles", case, bench.suggester.look_back(case))


def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reasons")


def _moved(considered: Considered, **parts: float) -> Considered:
    names = ("meaning", "alignment", "words", "history", "sequence", "silence")
    given = {name: np.full_like(considered.parts.meaning, parts.get(name, 0.0)) for name in names}
    return replace(considered, parts=replace(considered.parts, **given))


def _kinds(considered: Considered, **parts: float) -> list[str]:
    changed = _moved(considered, **parts)
    return [reason.kind for reason in reasons_of(changed, considered.ranking[0], explainer("de"))]


def test_what_moved_the_score_most_comes_first(considered: Considered) -> None:
    assert _kinds(considered, meaning=1.0, words=2.0, history=3.0) == ["history", "terms", "meaning"]
    assert _kinds(considered, meaning=3.0, words=2.0, history=1.0) == ["meaning", "terms", "history"]


def test_what_did_not_move_it_is_not_told(considered: Considered) -> None:
    assert _kinds(considered, words=1.0) == ["terms"]
    assert _kinds(considered, meaning=-1.0) == []


def test_the_words_of_a_text_in_their_meaning_are_part_of_its_meaning(considered: Considered) -> None:
    assert _kinds(considered, alignment=1.0) == ["meaning"]
    assert _kinds(considered, meaning=1.0, alignment=1.5, words=2.0) == ["meaning", "terms"]
    assert _kinds(considered, meaning=1.0, alignment=-1.5) == []


def test_a_lone_digit_is_no_word_to_name(considered: Considered, monkeypatch: pytest.MonkeyPatch) -> None:
    matches = [TermMatch(surface=each, term=each, contribution=9.0, item_surface=each) for each in ("2", "Box")]
    monkeypatch.setattr(ItemSpace, "matches", lambda *_, **__: matches)
    (reason,) = reasons_of(_moved(considered, words=1.0), considered.ranking[0], explainer("de"))
    assert reason.facts["terms"] == ["Box"]

    monkeypatch.setattr(ItemSpace, "matches", lambda *_, **__: matches[:1])
    assert reasons_of(_moved(considered, words=1.0), considered.ranking[0], explainer("de")) == ()
