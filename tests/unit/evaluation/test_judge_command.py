from __future__ import annotations

import argparse
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evaluation import judge_command
from evaluation.beir import read_beir
from evaluation.judging_plan import JudgingError
from evaluation.runs import read_run

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
WriteCorpus = Callable[[Rows], Path]
Judge = Callable[..., str]

ARTICLES = {
    "rechnung": (
        "Doppelte Abbuchung einer Rechnung",
        "Wurde eine Rechnung doppelt abgebucht, erstatten wir den Betrag.",
    ),
    "kuendigung": ("Kündigung des Vertrags", "Sie kündigen den Vertrag mit einer Frist von einem Monat."),
    "stoerung": ("Störung des Internetanschlusses", "Blinkt die Lampe am Router rot, messen wir die Leitung."),
    "umzug": ("Umzug", "Beim Umzug nehmen Sie den Anschluss mit."),
    "intern": ("Kulanz bei Rechnungen", "Interne Regel für doppelte Abbuchung einer Rechnung."),
}
SOLVED = (
    ("c1", "Ihr habt mir die Rechnung zweimal abgezogen", "rechnung"),
    ("c2", "Ich will raus aus dem Vertrag", "kuendigung"),
    ("c3", "Internet geht nicht, Lampe blinkt rot", "stoerung"),
)
OPEN = (
    ("o1", "Die Rechnung wurde doppelt abgebucht, bitte erstatten"),
    ("o2", "Der Router blinkt rot und die Leitung ist tot"),
    ("o3", "Wie lang ist die Frist der Kündigung beim Vertrag"),
    ("o4", "Wir ziehen um, kommt der Anschluss mit"),
)


@pytest.fixture
def folder(write_corpus: WriteCorpus) -> Path:
    """A corpus of five articles (one internal), three solved cases and four open ones."""
    articles: list[dict[str, Any]] = [
        {"id": key, "title": title, "body": body, "language": "de"} for key, (title, body) in ARTICLES.items()
    ]
    articles[-1]["audience"] = ["second_level"]
    times = {"opened_at": "2026-03-01T08:00:00Z", "closed_at": "2026-03-01T09:00:00Z"}
    solved = [
        {"id": key, "description": text, "language": "de", "articles": [article], **times}
        for key, text, article in SOLVED
    ]
    asked = [
        {"id": key, "description": text, "language": "de", "channel": "email", "opened_at": "2026-04-01T08:00:00Z"}
        for key, text in OPEN
    ]
    return write_corpus({"articles": articles, "cases": [*solved, *asked]})


@pytest.fixture
def judge(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Run the command with a row of keys, and return all that was shown."""
    monkeypatch.setenv("ASSIST_ENCODER", "toy")
    monkeypatch.setenv("ASSIST_VAR", str(tmp_path / "var"))

    def run(keys: str, *arguments: str, name: str = "anna", out: str = "judging") -> str:
        given = ["--corpus", str(folder), "--out", str(tmp_path / out), "--judge", name, *arguments]
        shown = io.StringIO()
        left = iter(keys)
        code = judge_command.judge(
            _options(*given),
            Console(file=shown, width=120, highlight=False),
            lambda: next(left, ""),
            lambda: datetime(2026, 11, 21, 12, tzinfo=UTC),
        )
        assert code == 0
        return shown.getvalue()

    return run


def _options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    judge_command.add_arguments(parser)
    return parser.parse_args(arguments)


def _plan(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    return found


OURS = ("--questions", "4")


def test_what_was_judged_is_a_judged_set(judge: Judge, tmp_path: Path) -> None:
    judge("j" * 99, *OURS)
    judged = read_beir(tmp_path / "judging")
    assert {question.id for question in judged.questions} == {"o1", "o2", "o3", "o4"}
    pooled = {each["id"]: set(each["items"]) for each in _plan(tmp_path / "judging")["questions"]}
    assert {question.id: set(question.relevant) for question in judged.questions} == pooled
    assert [question.case.description for question in judged.questions if question.id == "o1"] == [OPEN[0][1]]


def test_articles_that_customers_may_not_see_are_neither_judged_nor_in_the_set(judge: Judge, tmp_path: Path) -> None:
    assert "Kulanz" not in judge("j" * 99, *OURS)
    ids = {record.id for record in read_beir(tmp_path / "judging").records["articles"]}
    assert ids == set(ARTICLES) - {"intern"}


def test_several_systems_are_pooled_and_none_is_named_to_the_judge(judge: Judge, tmp_path: Path) -> None:
    shown = judge("j" * 99, *OURS)
    plan = _plan(tmp_path / "judging")
    assert plan["systems"] == ["stichwort", "bm25", "dense", "knn-cases"]
    assert not any(name in shown for name in plan["systems"])
    for name in plan["systems"]:
        run = read_run(tmp_path / "judging" / "runs" / f"{name}-pooled.trec")
        for question in plan["questions"]:
            if question["id"] in run.rankings:
                assert set(run.rankings[question["id"]].ids[: plan["depth"]]) <= set(question["items"])


def test_a_judge_is_shown_the_candidates_in_the_order_of_the_plan(judge: Judge, tmp_path: Path) -> None:
    shown = judge("n" * 99, *OURS)
    titles = {key: title for key, (title, _) in ARTICLES.items()}
    expected = [titles[item] for each in _plan(tmp_path / "judging")["questions"] for item in each["items"]]
    seen = [line.strip("│ \n") for line in shown.splitlines() if line.strip("│ \n") in titles.values()]
    assert seen == expected


def test_a_second_judge_gets_a_share_and_kappa_is_told(judge: Judge, tmp_path: Path) -> None:
    judge("jn" * 50, *OURS, "--share", "0.5")
    shown = judge("jn" * 50, name="ben")
    assert "anna and ben: 100% alike" in shown
    assert "kappa 1.00 (from too few cases for an interval" in shown
    found = json.loads((tmp_path / "judging" / "agreement.json").read_text(encoding="utf-8"))
    assert found["judgements"]["ben"] < found["judgements"]["anna"]
    assert found["pairs"][0]["kappa"] == 1.0
    assert found["disputed"] == []


def test_a_session_can_be_ended_and_taken_up_again(judge: Judge, tmp_path: Path) -> None:
    assert "anna: 2 of" in judge("jnq", *OURS)
    assert (tmp_path / "judging" / "qrels" / "test.tsv").read_text(encoding="utf-8") == "query-id\tcorpus-id\tscore\n"
    judge("n" * 99)
    words = [json.loads(line)["grade"] for line in (tmp_path / "judging" / "judgements" / "anna.jsonl").open()]
    assert words[:3] == [1, 0, 0]
    assert len(words) == sum(len(each["items"]) for each in _plan(tmp_path / "judging")["questions"])


def test_the_texts_are_kept_so_that_a_changed_corpus_changes_nothing(
    judge: Judge, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judge("q", *OURS)
    path = folder / "articles.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("Doppelte", "Dreifache"), encoding="utf-8")
    capsys.readouterr()
    assert "Dreifache" not in judge("n" * 99)
    assert "has changed" in capsys.readouterr().err


def test_two_judgings_of_the_same_are_the_same_to_the_byte(judge: Judge, tmp_path: Path) -> None:
    for out in ("one", "other"):
        judge("jnbs" * 30, *OURS, out=out)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) == 10
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_templates_can_be_judged_too(judge: Judge, folder: Path, tmp_path: Path) -> None:
    row = {"id": "t1", "name": "rechnung_erstattet", "body": "Guten Tag {{ contact.last_name }}, Rechnung erstattet.",
           "language": "de"}  # fmt: skip
    (folder / "templates.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    shown = judge("j" * 99, *OURS, "--kind", "templates")
    assert "rechnung erstattet" in shown
    assert "{{" not in shown
    assert "knn-cases" not in _plan(tmp_path / "judging")["systems"]


def test_another_systems_run_is_pooled_too(judge: Judge, tmp_path: Path) -> None:
    run = tmp_path / "theirs.trec"
    run.write_text("o1 Q0 umzug 1 -1 theirs\n", encoding="utf-8")
    judge("q", *OURS, "--depth", "1", "--systems", "bm25", "--run-file", str(run))
    plan = _plan(tmp_path / "judging")
    assert plan["systems"] == ["bm25", "theirs"]
    assert "umzug" in next(each["items"] for each in plan["questions"] if each["id"] == "o1")


def test_an_option_that_contradicts_the_judging_is_refused(judge: Judge) -> None:
    judge("q", *OURS, "--seed", "3")
    judge("q", *OURS, "--seed", "3")
    with pytest.raises(JudgingError, match="--seed 3, found 4"):
        judge("q", "--seed", "4")


def test_a_folder_with_something_else_in_it_is_left_alone(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "judging").mkdir()
    (tmp_path / "judging" / "corpus.jsonl").write_text("mine", encoding="utf-8")
    with pytest.raises(JudgingError, match="something else"):
        judge("q", *OURS)
    assert [path.name for path in (tmp_path / "judging").iterdir()] == ["corpus.jsonl"]
    assert not list(tmp_path.glob(".tmp-*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--systems", "bm26"), "bm26"),
        (("--team", "anna,Anna"), "twice"),
        (("--kind", "templates"), "no templates"),
    ],
)
def test_what_cannot_be_made_is_told(judge: Judge, arguments: Sequence[str], message: str) -> None:
    with pytest.raises(JudgingError, match=message):
        judge("q", *arguments)


@pytest.mark.parametrize("arguments", [["--judge", "anna"], ["--judge", "../anna", "--out", "x"], ["--out", "none"]])
def test_usage_is_told_with_its_exit_code(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert judge_command.run(_options(*arguments)) == 2
    assert "error: " in capsys.readouterr().err


def test_the_tables_for_planning_count_the_candidates_of_the_pool(
    judge: Judge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge_command.run(_options("--power")) == 0
    assert "10 candidates a question" in capsys.readouterr().out
    judge("q", *OURS, "--depth", "1", "--systems", "bm25")
    capsys.readouterr()
    assert judge_command.run(_options("--power", "--out", str(tmp_path / "judging"))) == 0
    assert "1 candidates a question" in capsys.readouterr().out
