"""A command imports what it needs: a service that starts must not wait for the modules of all others."""

from __future__ import annotations

import subprocess
import sys

import pytest

from assist.__main__ import main

COMMANDS = ("suggest", "explain", "demo", "serve", "train", "acceptance", "erase", "purge", "openapi", "keys")
PROGRAM = """
import sys
from assist.__main__ import _parser
options = _parser("serve").parse_args(["serve", "--port", "8123"])
assert options.port == 8123 and options.run.__module__ == "assist.commands.serve"
print(*sorted(sys.modules))
"""


def test_serving_loads_neither_the_ranking_nor_another_command() -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout.split()
    assert {"assist.bootstrap", "assist.suggest", "index.searcher", "onnxruntime", "faiss"}.isdisjoint(told)
    assert [name for name in told if name.startswith("assist.commands.")] == ["assist.commands.serve"]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(name in told for name in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["sugest"], ["--port", "1"]])
def test_without_a_command_that_there_is_the_commands_are_told(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out
