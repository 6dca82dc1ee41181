from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from assist.scorer import shipped_scorer
from evaluation import fair_encoders, workbench
from evaluation.commands.measuring import measure_set
from evaluation.commands.opening import add_measuring_arguments, open_workbench
from evaluation.fair_encoders import FairEncoders, adapter_without, industry_of, place_of
from index.adapter import Adapter
from index.encoder import Encoder
from index.encoders import onnx
from index.encoders.toy import ToyEncoder
from index.model_folder import Report
from index.settings import IndexSettings
from tests.unit.evaluation.benches import bench_of, judged

ENERGY = replace(judged(), name="mails_energy")
RETAIL = replace(judged(), name="mails_retail")
TELECOM = replace(judged(), name="mails_telecom")


class Named(ToyEncoder):
    """A toy encoder that is called as the folder or name that it was opened by."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put an adapter without energy and telecom in place, and return what is opened from now on."""
    done: list[str] = []

    def open_as(name: str) -> Encoder:
        done.append(name)
        return Named(name)

    def merge(plain: Path, adapter: Adapter, folder: Path, report: Report) -> None:
        report(f"merging {adapter.folder.name} into {plain.name} as {folder.relative_to(tmp_path)}")

    monkeypatch.setattr(fair_encoders, "ADAPTERS", tmp_path / "adapters")
    adapter = place_of(["telecom", "energy"])
    adapter.mkdir(parents=True)
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        (adapter / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(fair_encoders, "ensure_adapted", merge)
    monkeypatch.setattr(fair_encoders, "set_encoder", lambda settings: open_as(settings.encoder))
    monkeypatch.setattr(fair_encoders, "open_encoder", lambda name, models, threads: open_as(name))
    monkeypatch.setattr(onnx, "OnnxEncoder", lambda folder, threads: open_as(folder.name))
    return done


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def encoders(tmp_path: Path, opened: list[str], told: list[str]) -> FairEncoders:
    return FairEncoders(IndexSettings(var=tmp_path / "var"), told.append)


@pytest.mark.parametrize(
    ("name", "industry"),
    [("mails_energy", "energy"), ("mails_it_service", "it_service"), ("mail_cwa_de", ""), ("demo", ""), ("mails", "")],
)
def test_the_industry_of_a_set_is_in_its_name(name: str, industry: str) -> None:
    assert industry_of(name) == industry


def test_an_adapter_lies_where_it_is_looked_for_by_each_industry_that_it_never_saw(opened: list[str]) -> None:
    assert adapter_without("energy") == adapter_without("telecom") == place_of(["energy", "telecom"])
    assert [adapter_without(each) for each in ("retail", "ener", "")] == [None, None, None]


def test_an_industry_is_measured_with_the_adapter_that_never_saw_it(encoders: FairEncoders, told: list[str]) -> None:
    assert encoders.of(ENERGY).name == encoders.of(TELECOM).name == "without-energy-telecom"
    merged = "var/evaluation/encoders/without-energy-telecom"
    assert told == [f"merging without-energy-telecom into multilingual-e5-small as {merged}"]


@pytest.mark.parametrize("name", ["mails_retail", "mails_tele", "demo", "mail_cwa_de", "mails_"])
def test_a_set_without_an_adapter_of_its_own_is_measured_with_the_set_encoder(
    name: str, encoders: FairEncoders, told: list[str]
) -> None:
    assert encoders.of(replace(judged(), name=name)) is encoders.set_one()
    assert told == []


def test_every_encoder_is_opened_once(encoders: FairEncoders, opened: list[str]) -> None:
    for _ in range(2):
        for each in (ENERGY, TELECOM, RETAIL, judged()):
            encoders.of(each)
        assert encoders.named("plain").name == "plain"
        assert encoders.set_one().name == "packaged"
    assert sorted(opened) == ["packaged", "plain", "without-energy-telecom"]


@pytest.mark.parametrize("name", ["toy", "plain", "some/model"])
def test_an_encoder_that_was_set_otherwise_measures_all_sets(name: str, tmp_path: Path, opened: list[str]) -> None:
    encoders = FairEncoders(IndexSettings(var=tmp_path / "var", encoder=name), print)
    assert {encoders.of(each).name for each in (ENERGY, RETAIL, judged())} == {name}
    assert opened == [name]


@pytest.mark.parametrize(("name", "beside"), [("packaged", "plain"), ("toy", None)])
def test_others_are_measured_beside_the_packaged_encoder_alone(
    name: str, beside: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.setenv("ASSIST_ENCODER", name)
    monkeypatch.setenv("ASSIST_VAR", str(tmp_path / "var"))
    with open_workbench() as bench:
        assert (bench.named and bench.named("plain").name) == beside
        assert bench.encoder.name == name
        assert bench.fair_to(ENERGY).encoder.name == ("without-energy-telecom" if name == "packaged" else "toy")


def test_a_set_is_measured_with_the_scorer_that_never_saw_its_family(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = shipped_scorer()
    monkeypatch.setattr(workbench, "scorer_without", lambda family: f"without-{family}")
    monkeypatch.setattr(workbench, "shipped_scorer", lambda name: replace(shipped, name=name))
    bench = bench_of(tmp_path).workbench
    assert bench.scorer.name == shipped.name
    assert bench.fair_to(ENERGY).scorer.name == bench.fair_to(RETAIL).scorer.name == "without-small"
    assert bench.fair_to(replace(ENERGY, family="cwa")).scorer.name == "without-cwa"


def test_results_name_the_encoder_that_the_set_was_measured_with(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_measuring_arguments(parser)
    options = parser.parse_args(["--no-abstention", "--no-latency"])
    bench = bench_of(tmp_path).workbench
    fair = replace(bench, encoder_for=lambda each: Named(f"fair to {each.name}"))
    asked = replace(ENERGY, records={**ENERGY.records, "cases": ()})
    results = measure_set((asked,), tmp_path, fair, options, tmp_path / "out")
    assert results.fingerprints["encoder"] == "fair to mails_energy"
    assert bench.fair_to(ENERGY).encoder is bench.encoder
