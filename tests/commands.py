"""The commands as a person runs them, with the toy encoder: in this process, or each in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from assist import __main__ as assist_command
from evaluation import __main__ as evaluation_command
from index import __main__ as index_command

ROOT = Path(__file__).parents[1]
TIMEOUT_S = 120
_MAINS = {"assist": assist_command.main, "evaluation": evaluation_command.main, "index": index_command.main}

Ended = subprocess.CompletedProcess[str]


def run_here(var: Path, package: str, *arguments: str, **variables: str) -> Ended:
    """Run ``python -m package`` in this process: to start a new one takes longer than most commands."""
    printed, said = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, _environment(var, variables)), redirect_stdout(printed), redirect_stderr(said):
        try:
            code = _MAINS[package](arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
    return Ended([package, *arguments], code, printed.getvalue(), said.getvalue())


def run_process(var: Path, package: str, *arguments: str, **variables: str) -> Ended:
    """Run ``python -m package`` in a process of its own: to kill it, or to see that it starts at all."""
    command = [sys.executable, "-m", package, *arguments]
    environment = {**os.environ, **_environment(var, variables)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S)


def _environment(var: Path, variables: dict[str, str]) -> dict[str, str]:
    return {"ASSIST_ENCODER": "toy", "ASSIST_VAR": str(var), **variables}
