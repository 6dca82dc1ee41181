"""What is under deploy/ fits the program: the files it copies, the settings it names, the locks it promises."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
STAGES = dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM|\Z)", DOCKERFILE, flags=re.MULTILINE | re.DOTALL))


def _copied(stage: str) -> list[str]:
    """Return what a stage copies out of the repository."""
    lines = re.findall(r"^COPY (?!--from)(.*)$", stage, flags=re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_what_is_copied_exists_and_reaches_the_builder_and_nothing_else_does() -> None:
    copied = {source for stage in STAGES.values() for source in _copied(stage)}
    let_in = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    assert copied == let_in
    assert IGNORED[1] == "*"
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_that_serves_has_neither_evaluation_nor_what_only_set_up_needs() -> None:
    assert list(STAGES) == ["tools", "packages", "serving"]
    assert _copied(STAGES["serving"]) == ["corpus", "index", "assist"]
    assert "-r requirements-serve.txt" in STAGES["packages"]
    assert "requirements.txt" not in STAGES["packages"].replace("requirements-serve.txt", "")
    assert "pip install" not in STAGES["serving"]


def test_the_image_that_serves_runs_as_nobody_in_particular_and_says_whether_it_can_answer() -> None:
    stage = STAGES["serving"]
    assert re.search(r"^USER 10001:10001$", stage, flags=re.MULTILINE)
    assert "useradd --system --uid 10001" in stage
    assert stage.index("USER ") < stage.index("\nCMD ")
    probe = json.loads(re.search(r"HEALTHCHECK.*?CMD (\[.*?\])\n", stage, flags=re.DOTALL)[1])
    assert probe[:2] == ["python", "-c"]
    compile(probe[2], "healthcheck", "exec")
    assert "/readyz" in probe[2]


def test_the_python_of_the_image_is_one_that_the_project_supports() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    bases = set(re.findall(r"^FROM python:(3\.\d+)-", DOCKERFILE, flags=re.MULTILINE))
    assert bases == {wanted.removeprefix(">=")}


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_container_is_locked_down(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert service["build"]["target"] == "serving"
    assert "state:/var/lib/stichwort" in service["volumes"]
    assert "privileged" not in service


def test_the_service_is_reached_from_this_machine_only() -> None:
    assert COMPOSE["services"]["stichwort"]["ports"] == ["127.0.0.1:8080:8080"]
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["stichwort"]


def test_every_setting_that_is_named_there_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"ASSIST_[A-Z_]+", DOCKERFILE + json.dumps(COMPOSE)))
    assert {"ASSIST_HOST", "ASSIST_VAR", "ASSIST_MODELS", "ASSIST_WORKERS"} <= named
    assert all(f"`{name}`" in text for name in named)


def test_every_program_that_is_run_there_exists() -> None:
    texts = [DOCKERFILE, *(json.dumps(service.get("command", "")) for service in COMPOSE["services"].values())]
    called = {module for text in texts for module in re.findall(r"-m\W+((?:index|assist)[\w.]*)", text)}
    assert called == {"index", "index.weights", "index.serving_weights", "assist"}
    assert all(importlib.util.find_spec(module) for module in called)


def test_the_requirements_for_serving_are_part_of_all_requirements() -> None:
    assert "-r requirements-serve.txt" in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
