"""Items that nobody is shown and nobody used are told; refused ones, too, where enough agents saw them."""

from __future__ import annotations

from pathlib import Path

from corpus.item_feedback import ItemFeedback
from evaluation.corpus_report.asking import ask_again, sampled
from evaluation.corpus_report.dismissed import dismissed_section
from evaluation.corpus_report.material import Limits
from evaluation.corpus_report.unused import unused_section
from tests.unit.evaluation.corpus_report.made import SUBJECTS, article, case, ids, material, subjects, using


def _asked_for_all_but(key: str) -> list[object]:
    return [case(f"c-{name}", f"{title}: {body}") for name, title, body in SUBJECTS if name != key]


def test_an_article_that_no_case_brings_up_and_nobody_used_is_told(tmp_path: Path) -> None:
    others = (article("fremd", "Xylophon", "Qwertz zyx vuw."), article("intern", "Zzz", "Yyy", audience=("l2",)))
    made = material(tmp_path, articles=(*subjects(), *others), cases=_asked_for_all_but("erbe"))  # type: ignore[arg-type]

    found = ids(unused_section(made, ask_again(made)).findings)

    assert ("fremd",) in found
    assert ("umzug",) not in found
    assert ("intern",) not in found


def test_an_article_that_was_used_without_being_suggested_is_not_told(tmp_path: Path) -> None:
    other = article("fremd", "Xylophon", "Qwertz zyx vuw.")
    cases = [*_asked_for_all_but("erbe"), case("c-used", "Mahnung erhalten", articles=using("fremd"))]
    made = material(tmp_path, articles=(*subjects(), other), cases=cases)  # type: ignore[arg-type]

    assert ("fremd",) not in ids(unused_section(made, ask_again(made)).findings)


def test_the_report_says_when_too_few_cases_were_asked(tmp_path: Path) -> None:
    made = material(tmp_path, articles=subjects(), cases=(case("c1", "Umzug melden"),))

    notes = unused_section(made, ask_again(made)).notes

    assert any("1 cases say little" in note and "at least 60" in note for note in notes)


def test_the_same_seed_draws_the_same_cases() -> None:
    cases = [case(f"c{number:03}", "Frage") for number in range(100)]

    drawn = sampled(cases, 10, seed=7)

    assert drawn == sampled(cases, 10, seed=7)
    assert drawn != sampled(cases, 10, seed=8)
    assert [each.id for each in drawn] == sorted(each.id for each in drawn)
    assert sampled(cases, 100, seed=7) == cases


def test_only_the_last_period_is_asked_again_and_it_ends_with_the_newest_case(tmp_path: Path) -> None:
    cases = (case("neu", "Umzug", days=500), case("alt", "Umzug", days=540), case("uralt", "Umzug", days=600))
    made = material(tmp_path, articles=subjects(), cases=cases, limits=Limits(period_days=60))

    assert [each.case.id for each in ask_again(made)] == ["alt", "neu"]


def test_an_item_that_agents_always_dismiss_is_told(tmp_path: Path) -> None:
    feedback = (
        ItemFeedback(kind="articles", item_id="umzug", shown=30, taken=0, refused=28),
        ItemFeedback(kind="articles", item_id="router", shown=30, taken=1, refused=28),
        ItemFeedback(kind="articles", item_id="karte", shown=19, taken=0, refused=19),
        ItemFeedback(kind="articles", item_id="erbe", shown=None, taken=None, refused=None),
        ItemFeedback(kind="articles", item_id="geloescht", shown=30, taken=0, refused=30),
    )

    section = dismissed_section(material(tmp_path, articles=subjects(), feedback=feedback))

    assert ids(section.findings) == [("umzug",)]
    assert any("fewer than ten agents" in note for note in section.notes)
