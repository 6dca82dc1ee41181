"""``python -m assist``: suggest, explain, demonstrate, serve, train, count acceptance, erase, purge, manage keys.

Only the command that is asked for is imported: a service that starts waits for its own imports, and for no others.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from assist.settings import Settings, read_settings
from index.cli import exit_code_of

Run = Callable[[Settings, argparse.Namespace], int]

_KEYS = "keys"
_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "suggest": "print one JSON answer a line for a file of cases",
        "explain": "tell why a case is given what it is given, and what was held back",
        "demo": "index the demo corpus, print suggestions for six cases, then serve",
        "serve": "serve the API with gunicorn",
        "train": "learn a ranker from the solved cases of the store, judge it, let it serve if it may",
        "acceptance": "print how suggestions were taken, never of fewer than ten agents",
        "erase": "erase a case, a customer or an agent, with a receipt",
        "purge": "delete what is older than the settings allow, with a receipt",
        "openapi": "print the OpenAPI document",
        _KEYS: "create, list and revoke API keys",
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage, 3 refused by a guard, 4 not good enough."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(next(iter(given), "")).parse_args(given)
    run: Run = options.run
    return exit_code_of(lambda: run(read_settings(os.environ, var=options.var, port=options.port), options))


def _parser(asked: str) -> argparse.ArgumentParser:
    """Return the parser; of the commands, the one that is ``asked`` for has its arguments."""
    state = argparse.ArgumentParser(add_help=False)
    state.add_argument("--var", type=Path, default=None, help="directory of all state (ASSIST_VAR, default var)")
    common = argparse.ArgumentParser(add_help=False, parents=[state])
    common.add_argument("--port", type=int, default=None, help="port to serve at (ASSIST_PORT, default 8080)")
    parser = argparse.ArgumentParser(prog="python -m assist", description="Suggest, demonstrate and serve.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, text in _COMMANDS.items():
        command = commands.add_parser(name, parents=[] if name == _KEYS else [common], help=text)
        if name != asked:
            continue
        module = import_module(f"assist.commands.{name}")
        if name == _KEYS:
            module.add_commands(command, state)
        else:
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
