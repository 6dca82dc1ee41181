"""The page that shows results: goals first, then each part, then the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.goals import Goal, goals
from benchmarks.plots import plots_of
from benchmarks.results import Result, read_results
from benchmarks.tables import table, tables_of

PAGE = "benchmarks.md"
_HELD = {True: "held", False: "**missed**", None: "–"}
_SMOKE = (
    "> **A smoke run.** It was made with the toy encoder or at tiny sizes, to see that everything works. "
    "No figure marked so says anything about speed."
)
_BUSY = 0.5


def write_page(folder: Path) -> Path:
    """Write page and plots from the results files of a folder, and return the page."""
    results = read_results(folder)
    plots = plots_of(results)
    for part, svg in plots.items():
        (folder / f"{part}.svg").write_text(svg, encoding="utf-8")
    path = folder / PAGE
    path.write_text("\n".join(page_lines(results, frozenset(plots))) + "\n", encoding="utf-8")
    return path


def page_lines(results: Mapping[str, Result], plotted: frozenset[str]) -> list[str]:
    """Return the page in Markdown; ``plotted`` parts have a plot beside it."""
    lines = ["# Speed", "", "Written by `python -m benchmarks` from the results files beside it.", ""]
    if any(result.is_smoke for result in results.values()):
        lines += [_SMOKE, ""]
    lines += [*_goal_table(goals(results)), ""]
    for part, result in results.items():
        lines += [*_part_lines(result, part in plotted), ""]
    return [*lines, "## Machine", "", *_machine_lines(results)]


def goal_lines(found: Sequence[Goal]) -> list[str]:
    """Return the goals as plain lines for a terminal."""
    words = {True: "held", False: "missed", None: "-"}
    return [f"{words[each.held]:<7} {each.what}: {each.found} (goal {each.goal})" for each in found]


def _goal_table(found: Sequence[Goal]) -> list[str]:
    rows = [[each.what, each.goal, each.found, _HELD[each.held]] for each in found]
    return table(["what", "goal", "found", ""], rows)


def _part_lines(result: Result, plotted: bool) -> list[str]:
    mark = " (smoke run)" if result.is_smoke else ""
    lines = [f"## {result.part}{mark}", ""]
    if result.failed is not None:
        return [*lines, f"Not measured: {result.failed}"]
    lines += tables_of(result.part, result.found)
    return [*lines, "", f"![{result.part}]({result.part}.svg)"] if plotted else lines


def _machine_lines(results: Mapping[str, Result]) -> list[str]:
    """Return where each part was measured; a machine that did other work at the time is told."""
    lines = []
    for part, result in results.items():
        here, settings = result.machine, result.plan["settings"]
        busy = " (**busy**)" if here["load_before"] > _BUSY * here["cores"] else ""
        libraries = ", ".join(f"{name} {found}" for name, found in here["libraries"].items())
        lines += [
            f"- **{part}**: {result.measured_at}, {result.seconds:g} s; {here['processor']}, {here['cores']} cores "
            f"({', '.join(here['flags'])}), {here['memory_gib']} GiB, Linux {here['kernel']}, Python {here['python']}; "
            f"load before {here['load_before']}{busy}; encoder {result.plan['encoder']}, {result.plan['samples']} "
            f"samples, {result.plan['rounds']} rounds; "
            f"settings {', '.join(f'{name}={value}' for name, value in settings.items())}; {libraries}",
        ]
    return lines
