"""What nothing answers is clustered, with why nothing was found and what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from corpus.models import Article, Case, Outcome
from evaluation.corpus_report.asking import ask_again
from evaluation.corpus_report.findings import Finding, Section
from evaluation.corpus_report.gaps import gaps_section
from tests.unit.evaluation.corpus_report.made import NOW, SUBJECTS, article, case, material, subjects, using

SMELL = (
    "Zählerschrank im Treppenhaus riecht verbrannt",
    "Der Zählerschrank riecht verbrannt",
    "Zählerschrank riecht verbrannt",
    "Unser Zählerschrank riecht verbrannt",
)


def _asked(texts: Sequence[str], **more: Any) -> list[Case]:
    return [case(f"g{number}", text, customer_id=f"k{number}", **more) for number, text in enumerate(texts)]


def _background() -> list[Case]:
    return [case(f"c-{name}", f"{title}: {body}", articles=using(name)) for name, title, body in SUBJECTS]


def _section(
    folder: Path, cases: Sequence[Case], articles: Sequence[Article] = (), *, with_text: bool = False
) -> Section:
    made = material(folder, articles=(*subjects(), *articles), cases=(*_background(), *cases))
    return gaps_section(made, ask_again(made), with_text=with_text)


def _only(folder: Path, cases: Sequence[Case], articles: Sequence[Article] = ()) -> Finding:
    (found,) = _section(folder, cases, articles).findings
    assert found.facts["cases"] == len(cases)
    return found


def test_what_no_article_answers_is_missing(tmp_path: Path) -> None:
    found = _only(tmp_path, _asked(SMELL))

    assert found.sort == "missing"
    assert set(found.facts["words"]) == {"Zählerschrank", "riecht", "verbrannt"}
    assert found.facts["examples"] == ["g0", "g1", "g2", "g3"]


def test_what_agents_answered_with_an_article_that_is_not_suggested_is_unfindable(tmp_path: Path) -> None:
    hidden = article("elektro", "Schmorschaden", "Bei Brandgeruch vom Sicherungskasten Strom abschalten.")
    same_time = _asked(SMELL, articles=using("elektro"))

    found = _only(tmp_path, same_time, (hidden,))

    assert found.sort == "unfindable"
    assert [item.id for item in found.items] == ["elektro"]
    assert "elektro in 4" in found.says


def test_what_only_an_article_of_another_language_answers_is_in_the_wrong_language(tmp_path: Path) -> None:
    english = article("meter", "Burnt smell at the fuse box", "Switch off the mains and call us.", language="en")

    found = _only(tmp_path, _asked(SMELL, articles=using("meter")), (english,))

    assert found.sort == "wrong language"


def test_what_only_a_hidden_a_drafted_or_an_expired_article_answers_is_restricted(tmp_path: Path) -> None:
    text = ("Zählerschrank riecht verbrannt", "Riecht der Zählerschrank verbrannt, Strom abschalten.")
    hidden: tuple[dict[str, Any], ...] = (
        {"audience": ("l2",)},
        {"status": "draft"},
        {"valid_until": NOW - timedelta(days=200)},
    )
    for number, how in enumerate(hidden):
        folder = tmp_path / str(number)
        folder.mkdir()

        assert _only(folder, _asked(SMELL), (article("elektro", *text, **how),)).sort == "restricted"


def test_what_is_answered_is_no_gap(tmp_path: Path) -> None:
    answer = article(
        "elektro", "Zählerschrank riecht verbrannt", "Riecht der Zählerschrank verbrannt, Strom abschalten."
    )

    assert _section(tmp_path, _asked(SMELL), (answer,)).findings == ()


def test_two_gaps_are_two_findings_the_larger_first(tmp_path: Path) -> None:
    bees = [
        case(f"b{number}", f"Bienenvolk nistet {word} im Verteilerkasten")
        for number, word in enumerate(("", "schon", "hier"))
    ]

    found = _section(tmp_path, [*_asked(SMELL), *bees]).findings

    assert [finding.facts["cases"] for finding in found] == [4, 3]


def test_a_gap_tells_how_long_its_cases_took(tmp_path: Path) -> None:
    minutes = (10.0, 20.0, 60.0, None)
    cases = [
        case(f"g{number}", text, outcome=Outcome(solved=True, handle_minutes=each))
        for number, (text, each) in enumerate(zip(SMELL, minutes, strict=True))
    ]

    assert _only(tmp_path, cases).facts["minutes"] == {"cases": 3, "sum": 90.0, "median": 20.0}


def test_no_text_of_a_case_is_told_unless_asked_and_then_masked(tmp_path: Path) -> None:
    cases = _asked([f"{text}, Rückruf an 0171 2345678" for text in SMELL])

    bare, (shown,) = _section(tmp_path, cases).findings, _section(tmp_path, cases, with_text=True).findings

    assert "texts" not in bare[0].facts
    assert "Treppenhaus" not in str(bare)
    assert "Treppenhaus" in str(shown.facts["texts"])
    assert "2345678" not in str(shown)


def test_a_word_that_one_customer_says_again_and_again_is_not_told(tmp_path: Path) -> None:
    cases = [
        case(f"g{number}", f"{text} sagt Quernheim", customer_id="k1" if number < 3 else "k2")
        for number, text in enumerate(SMELL)
    ]

    assert _only(tmp_path, cases).facts["words"] == []


def test_a_case_does_not_answer_itself(tmp_path: Path) -> None:
    hidden = article("elektro", "Schmorschaden", "Bei Brandgeruch vom Sicherungskasten Strom abschalten.")
    made = material(
        tmp_path, articles=(*subjects(), hidden), cases=(*_background(), *_asked(SMELL, articles=using("elektro")))
    )

    first = next(each for each in ask_again(made) if each.case.id == "g0")

    assert first.past.eligible == 0 or "g0" not in {first.past.space.cases[row].id for row in first.past.nearest.cases}
