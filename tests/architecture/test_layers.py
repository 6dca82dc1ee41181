"""The packages import only what stands left of them, Flask stays at the edge, and only one place knows adapters."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "assist": {"corpus", "index", "assist"},
    "evaluation": {"corpus", "index", "assist", "evaluation"},
    "benchmarks": {"corpus", "index", "assist", "evaluation", "benchmarks"},
}
# Training judges before it activates, with the measures of the evaluation; nothing else of the service may lean on it.
TRAINING = "assist/commands/train.py"
# What a corpus does to suggestions takes the suggester; the commands of the index ask for it through this module alone.
RELEASE_CHECKS = "index/release_checks.py"
EXCEPTIONS = {
    f"{TRAINING} imports evaluation.training.here",
    f"{RELEASE_CHECKS} imports assist",
    f"{RELEASE_CHECKS} imports assist.release",
    f"{RELEASE_CHECKS} imports assist.settings",
}
FLASK_MODULES = {"flask", "flask_openapi", "flask_openapi_swagger", "werkzeug"}


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_a_package_imports_only_what_stands_left_of_it(package: str) -> None:
    forbidden = set(ALLOWED) - ALLOWED[package]
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _modules(package)
        for name in _imported(path)
        if name.split(".")[0] in forbidden
    }
    assert wrong - EXCEPTIONS == set()


def test_training_takes_the_evaluation_by_need_so_that_what_serves_never_loads_it() -> None:
    tree = ast.parse((ROOT / TRAINING).read_text(encoding="utf-8"))
    at_import = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert "evaluation.training.here" in _imported(ROOT / TRAINING) - at_import


def test_release_checks_take_the_suggester_by_need_so_that_reading_an_index_never_loads_it() -> None:
    program = "import sys, index.__main__; print(sorted(name for name in sys.modules if name.startswith('assist')))"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_rivals_run_where_nothing_of_ours_is_installed() -> None:
    ours = {"benchmarks.rivals.stichwort"}
    needed = {"benchmarks.memory", "benchmarks.rivals.job"}
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in [ROOT / "benchmarks" / "memory.py", *_modules("benchmarks/rivals")]
        for name in _imported(path)
        if name.split(".")[0] in ALLOWED and name not in needed and f"benchmarks.rivals.{path.stem}" not in ours
    }
    assert wrong == set()


def test_flask_stays_at_the_edge() -> None:
    def is_edge(path: Path) -> bool:
        relative = path.relative_to(ROOT).as_posix()
        return relative in {"assist/app.py", "assist/errors.py"} or relative.startswith("assist/api/")

    outside = {
        str(path.relative_to(ROOT))
        for package in ALLOWED
        for path in _modules(package)
        if not is_edge(path) and any(name.split(".")[0] in FLASK_MODULES for name in _imported(path))
    }
    assert outside == set()


def test_nothing_is_pickled() -> None:
    users = {
        str(path.relative_to(ROOT))
        for package in ALLOWED
        for path in _modules(package)
        if _imported(path) & {"pickle", "joblib", "dill", "shelve"}
    }
    assert users == set()


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_the_package_is_the_one_of_this_repository(package: str) -> None:
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).is_relative_to(ROOT)
