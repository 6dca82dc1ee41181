"""Programs that are run to be measured say what they found, or why they failed."""

from __future__ import annotations

import os
import sys

import pytest

from benchmarks.programs import ProgramError, output_of


def test_what_a_program_prints_is_returned_and_what_it_says_beside_is_not() -> None:
    program = "import sys; print(sys.stdin.read().upper(), end=''); print('loading', file=sys.stderr)"
    assert output_of([sys.executable, "-c", program], os.environ, given="ab") == "AB"


def test_a_program_that_fails_is_named_with_what_it_said_last() -> None:
    with pytest.raises(ProgramError, match="ended with 3: no weights"):
        output_of([sys.executable, "-c", "import sys; print('no weights', file=sys.stderr); sys.exit(3)"], os.environ)


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(ProgramError, match="did not end as expected"):
        output_of(["/nowhere/python", "-c", "0"], os.environ)


def test_a_program_that_never_ends_is_given_up() -> None:
    with pytest.raises(ProgramError, match="timed out"):
        output_of([sys.executable, "-c", "input()\nwhile True: pass"], os.environ, given="go\n", within_s=0.5)
