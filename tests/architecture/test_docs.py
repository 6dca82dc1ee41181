"""Every setting, command and endpoint is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assist.precision import TARGET_PRECISION

ROOT = Path(__file__).parents[2]
SETTING_READERS = ("index/settings.py", "assist/settings.py")


def _settings() -> list[str]:
    text = "".join((ROOT / path).read_text(encoding="utf-8") for path in SETTING_READERS)
    return sorted(set(re.findall(r"\"(ASSIST_[A-Z_]+)\"", text)))


@pytest.mark.parametrize("variable", _settings())
def test_every_setting_is_documented(variable: str) -> None:
    assert f"`{variable}`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_documented_precision_is_the_one_that_is_wanted() -> None:
    default = ", ".join(f"{kind}={precision}" for kind, precision in TARGET_PRECISION.items())
    assert f"| `ASSIST_TARGET_PRECISION` | `{default}` |" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def _targets() -> list[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"^([a-z][a-z-]*):.*##", text, flags=re.MULTILINE)))


@pytest.mark.parametrize("target", _targets())
def test_every_make_target_is_in_the_readme(target: str) -> None:
    assert f"make {target}" in (ROOT / "README.md").read_text(encoding="utf-8")


def _named_files() -> list[tuple[str, str]]:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    named = re.compile(r"`((?:corpus|index|assist|evaluation|benchmarks|tests)/[\w/]+\.py)`")
    return sorted(
        {(str(page.relative_to(ROOT)), path) for page in pages for path in named.findall(page.read_text("utf-8"))}
    )


@pytest.mark.parametrize(("page", "path"), _named_files())
def test_every_module_that_a_page_names_exists(page: str, path: str) -> None:
    assert (ROOT / path).is_file(), page


def test_the_way_of_a_case_is_told_alike_and_follows_the_program() -> None:
    way = ["assist/api/suggest.py", "assist/suggest.py", "index/searcher.py", "assist/ranking.py", "assist/explain.py"]
    for page in ("README.md", "docs/adr/0001-layout.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        told = text[text.index("five files") :]
        assert re.findall(r"`([\w/]+\.py)`", told)[: len(way)] == way, page
    steps = (ROOT / "assist/suggest.py").read_text(encoding="utf-8")
    for module in ("index.searcher", "assist.considering", "assist.explain", "assist.answering"):
        assert f"from {module} import" in steps
    assert "from assist.ranking import" in (ROOT / "assist/considering.py").read_text(encoding="utf-8")


def _named_tests() -> list[str]:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"`((?:tests|assist|corpus)/[\w/]+\.py)`", text)))


@pytest.mark.parametrize("path", _named_tests())
def test_every_file_that_the_threat_model_names_exists(path: str) -> None:
    assert (ROOT / path).is_file()
