"""``python -m assist``: suggest, explain, demonstrate, serve, train, count acceptance, erase, purge, manage keys."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from assist.commands import acceptance, demo, erase, explain, keys, openapi, purge, serve, suggest, train
from assist.settings import Settings, read_settings
from index.cli import exit_code_of

Run = Callable[[Settings, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 usage, 3 refused by a guard, 4 not good enough."""
    options = _parser().parse_args(arguments)
    run: Run = options.run
    return exit_code_of(lambda: run(read_settings(os.environ, var=options.var, port=options.port), options))


def _parser() -> argparse.ArgumentParser:
    state = argparse.ArgumentParser(add_help=False)
    state.add_argument("--var", type=Path, default=None, help="directory of all state (ASSIST_VAR, default var)")
    common = argparse.ArgumentParser(add_help=False, parents=[state])
    common.add_argument("--port", type=int, default=None, help="port to serve at (ASSIST_PORT, default 8080)")
    parser = argparse.ArgumentParser(prog="python -m assist", description="Suggest, demonstrate and serve.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module, name, text in (
        (suggest, "suggest", "print one JSON answer a line for a file of cases"),
        (explain, "explain", "tell why a case is given what it is given, and what was held back"),
        (demo, "demo", "index the demo corpus, print suggestions for six cases, then serve"),
        (serve, "serve", "serve the API with gunicorn"),
        (train, "train", "learn a ranker from the solved cases of the store, judge it, let it serve if it may"),
        (acceptance, "acceptance", "print how suggestions were taken, never of fewer than ten agents"),
        (erase, "erase", "erase a case, a customer or an agent, with a receipt"),
        (purge, "purge", "delete what is older than the settings allow, with a receipt"),
        (openapi, "openapi", "print the OpenAPI document"),
    ):
        command = commands.add_parser(name, parents=[common], help=text)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    keys.add_commands(commands.add_parser("keys", help="create, list and revoke API keys"), state)
    return parser


if __name__ == "__main__":
    sys.exit(main())
