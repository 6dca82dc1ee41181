"""What the shipped scorers are fitted on: candidates of judged questions, labelled right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evaluation import fit_material
from evaluation.fit_material import Material, collect
from evaluation.fit_ranker import Answered
from evaluation.questions import JudgedSet
from evaluation.workbench import Workbench
from index.encoder import Encoder
from index.encoders.toy import ToyEncoder
from tests.unit.evaluation.benches import bench_of
from tests.unit.evaluation.tiny_open_sets import FAMILIES, write_open_sets

PARTS = ("content", "replies", "steps", "voted", "acted", "similar")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_open_sets(tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return bench_of(tmp_path_factory.mktemp("bench")).workbench


@pytest.fixture(scope="module")
def material(bench: Workbench, folder: Path) -> Material:
    return collect(bench, folder)


def _all(material: Material) -> list[Answered]:
    return [each for part in PARTS for each in getattr(material, part)]


def _whole(answered: Sequence[Answered]) -> list[Answered]:
    """Return what was answered with all the history there is; the source of others names theirs."""
    return [each for each in answered if "," not in each.source]


def _pairs(answered: Sequence[Answered]) -> list[tuple[Answered, Answered]]:
    return list(zip(answered[::2], answered[1::2], strict=True))


def _right(answered: Answered) -> set[str]:
    return {each for each, right in zip(answered.ids, answered.right.tolist(), strict=True) if right}


def test_every_question_of_every_set_is_asked_twice(material: Material) -> None:
    asked = {part: len(_whole(getattr(material, part))) / 2 for part in PARTS}
    # 2 questions and 6 mails; two histories of templates, 2 questions each; these with votes, and one of articles; one
    # of actions, without and with theirs; second mails, for what solved the first and for their cases, and the
    # histories of templates again.
    assert asked == {"content": 8, "replies": 4, "steps": 2, "voted": 9, "acted": 2, "similar": 7}


def test_with_less_history_every_question_is_asked_once(material: Material) -> None:
    less = [each for each in [*material.voted, *material.acted] if "," in each.source]
    assert {each.source for each in less} == {
        f"{name}, hidden" for name in ("roboai_de", "roboai_en", "banking77_en", "star_en", "mails_energy")
    }
    assert len(less) == 11
    assert not any(each.removed for each in less)


def test_the_second_time_the_right_answers_are_gone_and_all_others_still_there(material: Material) -> None:
    found = 0
    for part in ("content", "replies", "steps", "voted", "acted"):
        for with_answers, without in _pairs(_whole(getattr(material, part))):
            assert (with_answers.removed, without.removed) == (False, True)
            assert not without.right.any()
            assert set(without.ids) == set(with_answers.ids) - _right(with_answers)
            found += bool(_right(with_answers))
    assert found == 25


def test_the_solved_case_of_the_same_problem_is_right_and_is_missed_when_taken_away(material: Material) -> None:
    mails = [each for each in material.similar if each.family == "mails"]
    assert len(mails) == 6
    for with_answers, without in _pairs(mails):
        assert len(_right(with_answers)) == 1
        assert not without.right.any()
        assert not _right(with_answers) & set(without.ids)
        assert len(with_answers.evidence.meaning) == len(with_answers.ids)


def test_evidence_has_a_number_for_each_candidate(material: Material) -> None:
    for each in _all(material):
        for of, name in [(each.evidence, name) for name in ("meaning", "alignment", "words", "same_language")] + [
            (each.evidence.history, name) for name in ("votes", "sequence", "head", "used")
        ]:
            assert getattr(of, name).shape == (len(each.ids),)
            assert np.isfinite(getattr(of, name)).all()
        assert len(each.right) == len(each.ids) == len(set(each.ids))


def test_content_is_judged_without_history_and_votes_with_it(material: Material) -> None:
    cold = [*material.content, *material.replies, *material.steps]
    assert not any(each.evidence.history.used.any() or each.evidence.history.cases for each in cold)
    assert all(each.evidence.history.votes.any() for each in _whole(material.voted) if not each.removed)
    assert any(each.evidence.history.sequence.any() for each in material.acted)


def test_a_family_can_be_left_out_of_everything(material: Material) -> None:
    assert material.families == FAMILIES
    for family in FAMILIES:
        left = material.without(family)
        assert left.families == tuple(each for each in FAMILIES if each != family)
        assert len(_all(left)) == sum(each.family != family for each in _all(material))
    assert material.without(None) == material


def test_a_set_is_asked_with_the_encoder_that_never_saw_its_like(bench: Workbench, folder: Path) -> None:
    other, asked = ToyEncoder(32), []

    def fair(judged: JudgedSet) -> Encoder:
        asked.append(judged.name)
        return other if judged.family == "mails" else bench.encoder

    found = collect(replace(bench, encoder_for=fair), folder)

    assert set(asked) == {"ab_c", "mails_energy", "roboai_de", "roboai_en", "banking77_en", "star_en"}
    own = collect(bench, folder)
    for one, same in zip(_all(found), _all(own), strict=True):
        assert np.array_equal(one.evidence.meaning, same.evidence.meaning) == (one.family != "mails")


def test_of_a_large_set_the_same_sample_is_asked_every_time(
    bench: Workbench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_material, "QUESTIONS_PER_SET", 1)
    monkeypatch.setattr(fit_material, "QUESTIONS_PER_PROBLEM_FILE", 2)
    once, again = collect(bench, folder), collect(bench, folder)
    assert len(once.content) == 2 * (1 + 2)
    assert len(once.replies) == 2 * 2
    for one, other in zip(_all(once), _all(again), strict=True):
        assert (one.ids, one.right.tolist()) == (other.ids, other.right.tolist())
        assert np.array_equal(one.evidence.meaning, other.evidence.meaning)
