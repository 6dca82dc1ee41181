"""The sets as they were published, read in place where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluation.audit import audit
from evaluation.hiding import hide_history
from evaluation.history_sets import read_kind, used_in_history
from evaluation.open_sets import OpenSet, find_open_sets
from evaluation.questions import JudgedSet
from index.situations import UsedKind

REPOSITORY = Path(__file__).parents[3]
DATA = Path(os.environ.get("STICHWORT_OPEN_DATA", REPOSITORY.parent / "shared" / "data"))

here = pytest.mark.skipif(not DATA.is_dir(), reason="the open data sets are not here: set STICHWORT_OPEN_DATA")

# Documents and questions of each set as its documentation counts them.
BEIR = {
    "adobe_issue_de2de": (229, 130),
    "adobe_issue_de2en": (211, 121),
    "adobe_issue_en2en": (211, 122),
    "alchemy_title_de": (2776, 1300),
    "alchemy_title_en2de": (2776, 1300),
    "covid_deepset_de": (390, 232),
    "covid_deepset_en": (205, 166),
    "cwa_title_de2de": (144, 144),
    "cwa_title_de2en": (144, 144),
    "cwa_title_en2de": (144, 144),
    "cwa_title_en2en": (144, 144),
    "mail_alchemy_de": (2776, 110),
    "mail_cwa_de": (144, 70),
    "stackfaq_en": (125, 1249),
}
INDUSTRIES = ("appliances", "banking", "energy", "insurance", "itservice", "retail", "telecom")
# Items, cases of history, questions, and near-duplicates of history among those that could have been asked.
HISTORIES: dict[str, tuple[UsedKind, int, int, int, int]] = {
    "banking77_en": ("articles", 77, 10_003, 1469, 1611),
    "roboai_de": ("templates", 207, 2534, 634, 0),
    "roboai_en": ("templates", 208, 3122, 767, 14),
    "star_en": ("actions", 173, 3552, 7756, 1784),
}


def _check_sound(judged: JudgedSet) -> None:
    for kind, records in judged.records.items():
        ids = [record.id for record in records]
        assert ids == sorted(set(ids)), kind
    assert len({question.id for question in judged.questions}) == len(judged.questions)
    known = {record.id for records in judged.records.values() for record in records}
    for question in judged.questions:
        assert question.relevant
        assert question.relevant <= known
        assert question.id.split() == [question.id]
        assert {"language", "length"} <= question.slices.keys()
    assert audit(judged) == ()


def test_sets_are_found_without_being_read(tmp_path: Path) -> None:
    for path in ("beir/b_two", "beir/a_one", "history/h_three", "mails"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "mails" / "energy.jsonl").write_text("not even JSON", encoding="utf-8")
    (tmp_path / "mails" / "README.md").write_text("no set", encoding="utf-8")
    found = find_open_sets(tmp_path)
    assert [each.name for each in found] == ["a_one", "b_two", "h_three", "mails_energy"]
    assert [each.family for each in found] == ["a", "b", "h", "mails"]
    with pytest.raises(ValueError, match=r"b_two/corpus\.jsonl: found no file of this name"):
        found[1].load()


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"found no set in .*, expected folders in beir/ or history/"):
        find_open_sets(tmp_path)


@here
def test_all_open_sets_are_found() -> None:
    names = [each.name for each in find_open_sets(DATA)]
    assert names == [*sorted(BEIR), *sorted(HISTORIES), *(f"mails_{each}" for each in INDUSTRIES)]


@here
@pytest.mark.parametrize("name", BEIR)
def test_beir_sets_have_the_documents_and_questions_that_are_documented(name: str) -> None:
    (judged,) = _open(name).load()
    assert (len(judged.records["articles"]), len(judged.questions)) == BEIR[name]
    assert set(judged.dropped.values()) == {0}
    _check_sound(judged)


@here
def test_foreign_language_sets_and_forms_are_told_apart() -> None:
    (crossing,) = _open("cwa_title_de2en").load()
    assert {question.slices["language"] for question in crossing.questions} == {"de>en"}
    (mails,) = _open("mail_cwa_de").load()
    assert mails.family == "cwa"
    assert {question.slices["form"] for question in mails.questions} == {"email", "note", "chat"}


@here
@pytest.mark.parametrize("industry", INDUSTRIES)
def test_problem_files_ask_for_articles_and_for_similar_cases(industry: str) -> None:
    articles, similar = _open(f"mails_{industry}").load()
    assert (len(articles.records["articles"]), len(articles.questions)) == (130, 260)
    assert (len(similar.records["cases"]), len(similar.questions)) == (130, 130)
    for judged in (articles, similar):
        _check_sound(judged)


@here
@pytest.mark.parametrize(
    "name",
    ["roboai_de", *(pytest.param(each, marks=pytest.mark.slow) for each in ("banking77_en", "roboai_en", "star_en"))],
)
def test_histories_are_split_in_time_without_leaks(name: str) -> None:
    kind, items, history, questions, near = HISTORIES[name]
    (judged,) = _open(name).load()
    assert judged.kind == kind
    assert (len(judged.records[kind]), len(judged.records["cases"])) == (items, history)
    assert (len(judged.questions), judged.dropped["near-duplicates in history"]) == (questions, near)
    assert sum(judged.dropped.values()) == near
    assert judged.split["encoded_ids"] == (1 if name == "banking77_en" else 0)
    _check_sound(judged)


@here
def test_hiding_is_the_same_every_time_on_real_data() -> None:
    judged = read_kind(DATA / "history" / "roboai_de", "templates")
    less, hidden = hide_history(judged)
    again, same = hide_history(judged)
    assert (less, hidden) == (again, same)
    assert len(hidden) == round(0.15 * len(used_in_history(judged)))
    assert not used_in_history(less).keys() & hidden
    assert 0 < sum(question.relevant <= hidden for question in less.questions) < len(less.questions) / 2


def _open(name: str) -> OpenSet:
    return next(each for each in find_open_sets(DATA) if each.name == name)
