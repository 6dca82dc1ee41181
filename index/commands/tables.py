"""Tables for a person at a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import IO

from rich.console import Console
from rich.table import Table


def print_table(table: Table, file: IO[str]) -> None:
    """Print a table so wide that nothing is cut, on a narrow terminal or in a file."""
    console = Console(file=file, highlight=False)
    console.width = max(console.width, console.measure(table, options=console.options.update(width=1_000)).maximum)
    console.print(table)


def shown_time(time: datetime) -> str:
    """Return a time in UTC, to the second."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
