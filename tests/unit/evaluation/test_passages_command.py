"""The command over a small folder of open sets, with the toy encoder."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from evaluation.__main__ import main
from evaluation.commands import passages
from evaluation.workbench import Workbench
from tests.unit.evaluation.benches import bench_of

ARTICLES = {
    "abo": "Ein Abo endet durch Nachricht an den Verlag.",
    "karte": "Die Karte ist gesperrt, wenn sie verloren ging.",
    "router": "Blinkt der Router rot, trennen Sie ihn vom Strom.",
}
ASKED = {"abo": "Wie endet mein Abo?", "router": "Der Router blinkt rot"}
Study = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return bench_of(tmp_path_factory.mktemp("passages")).workbench


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workbench: Workbench) -> Path:
    monkeypatch.setattr(passages, "open_workbench", lambda: nullcontext(workbench))
    folder = tmp_path / "data"
    for name in ("shop_de", "bank_de"):
        _beir(folder / "beir" / name)
    (folder / "mails").mkdir()
    problem = {
        "id": "p1",
        "title": "Zähler ablesen",
        "article": "Melden Sie den Stand bis zum Stichtag.",
        "mails": [{"form": "chat", "text": "Wo melde ich die Zahl?"}, {"form": "note", "text": "Stand melden, wo"}],
    }
    (folder / "mails" / "energy.jsonl").write_text(json.dumps(problem) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def study(data: Path, tmp_path: Path) -> Study:
    """Run the command and return what it wrote."""

    def run(*arguments: str) -> dict[str, Any]:
        out = tmp_path / "out"
        assert main(["passages", "--open", str(data), "--out", str(out), *arguments]) == 0
        document: dict[str, Any] = json.loads((out / "passages.json").read_text(encoding="utf-8"))
        return document

    return run


def _beir(folder: Path) -> None:
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": key, "text": text, "language": "de"} for key, text in ARTICLES.items()]
    queries = [{"_id": f"q-{key}", "text": text, "language": "de"} for key, text in ASKED.items()]
    for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    lines = "".join(f"q-{key}\t{key}\t1\n" for key in ASKED)
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{lines}", encoding="utf-8")


def test_every_set_that_asks_for_articles_is_measured_and_written(study: Study) -> None:
    document = study()
    assert list(dict.fromkeys(cell["dataset"] for cell in document["cells"])) == ["bank_de", "shop_de", "mails_energy"]
    assert {each["sets"] for each in document["summaries"]} == {3}
    assert document["cuts"]["45 words, overlap 10, with title"] == {
        "target_words": 45,
        "overlap_words": 10,
        "with_title": True,
    }
    assert document["fingerprints"]["encoder"] == "toy-64"
    assert "draws" not in document["cells"][0]


def test_tables_of_both_parts_and_both_systems_are_printed(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    study("--sizes", "90")
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("### ")]
    assert [head.partition(", 3 sets")[0] for head in heads] == [
        "### How articles are cut into passages: nDCG@10 of dense",
        "### How articles are cut into passages: nDCG@10 of stichwort",
        "### How the cosines of article and passages are blended: nDCG@10 of dense",
        "### How the cosines of article and passages are blended: nDCG@10 of stichwort",
    ]


def test_sets_and_sizes_can_be_chosen(study: Study) -> None:
    document = study("--sets", "shop_de, mails_energy", "--sizes", "90,200")
    assert {cell["dataset"] for cell in document["cells"]} == {"shop_de", "mails_energy"}
    assert {each["target_words"] for each in document["cuts"].values()} == {90, 200}


def test_the_same_study_gives_the_same_file(study: Study) -> None:
    assert study("--sizes", "45") == study("--sizes", "45")


def test_an_unknown_set_is_named_with_those_that_are_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["passages", "--open", str(data), "--sets", "shop_de,none"]) == 1
    assert "found no set none, expected some of bank_de, shop_de, mails_energy" in capsys.readouterr().err


def test_a_folder_without_sets_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["passages", "--open", str(tmp_path)]) == 1
    assert "expected folders in beir/, or files in mails/" in capsys.readouterr().err


@pytest.mark.parametrize("sizes", ["many", "9", "-90", ""])
def test_sizes_that_cannot_be_used_are_refused(data: Path, sizes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["passages", "--open", str(data), f"--sizes={sizes}"])
    assert left.value.code == 2
    assert "expected whole numbers of 10 or more, parted by commas" in capsys.readouterr().err
