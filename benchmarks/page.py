"""The page that shows results: goals first, then each part, then the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.goals import Goal, goals
from benchmarks.plots import plots_of
from benchmarks.results import Result, read_results, reading
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
    with reading(result.part):
        lines += tables_of(result.part, result.found)
    return [*lines, "", f"![{result.part}]({result.part}.svg)"] if plotted else lines


def _machine_lines(results: Mapping[str, Result]) -> list[str]:
    """Return where each part was measured; a machine that did other work at the time is told."""
    parts_of: dict[str, list[Result]] = {}
    for result in results.values():
        parts_of.setdefault(_machine(result), []).append(result)
    lines = []
    for described, measured in parts_of.items():
        lines += [described, "", *_measured_table(measured), ""]
    return lines[:-1]


def _machine(result: Result) -> str:
    here = result.machine
    libraries = ", ".join(f"{name} {found}" for name, found in here["libraries"].items())
    variables = ", ".join(f"{name}={value}" for name, value in here["thread_variables"].items())
    return (
        f"{here['processor']}, {here['cores']} cores ({', '.join(here['flags'])}), {here['memory_gib']} GiB, "
        f"Linux {here['kernel']}; Python {here['python']}, SQLite {here['sqlite']}, stichwort {here['stichwort']}, "
        f"{libraries}; thread variables: {variables or 'none'}."
    )


def _measured_table(results: Sequence[Result]) -> list[str]:
    heads = ["part", "measured", "seconds", "load before", "encoder", "samples", "rounds", "settings"]
    rows = [[each.part, each.measured_at, f"{each.seconds:g}", _load(each), *_planned(each)] for each in results]
    return table(heads, rows)


def _load(result: Result) -> str:
    load = result.machine["load_before"]
    return f"{load} (**busy**)" if load > _BUSY * result.machine["cores"] else f"{load}"


def _planned(result: Result) -> list[object]:
    plan = result.plan
    settings = ", ".join(f"{name}={value}" for name, value in plan["settings"].items())
    return [plan["encoder"], plan["samples"], plan["rounds"], settings]
