"""``python -m benchmarks --quick`` runs every part from end to end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.results import PARTS, read_results

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_smoke_run_measures_every_part_and_leaves_results_page_and_no_index(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", "--var", str(tmp_path), "--out", str(out)]
    environment = {**os.environ, "ASSIST_DATABASE_URL": f"sqlite:///{tmp_path / 'untouched.db'}"}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    results = read_results(out)
    assert list(results) == list(PARTS)
    assert {result.failed for result in results.values()} == {None}
    assert {goal["held"] for goal in json.loads(told.stdout)} == {None}  # the toy proves nothing
    assert "A smoke run" in (out / "benchmarks.md").read_text(encoding="utf-8")
    assert results["sustained"].found["answers"]["different"] == 0
    assert results["start"].found["sizes"][0]["torch_loaded"] is False
    assert results["build"].found["changed"]["imported"] != results["build"].found["full"]["imported"]
    assert not (tmp_path / "bench" / "worlds").exists()
    assert not (tmp_path / "untouched.db").exists()
