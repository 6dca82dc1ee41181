"""``python -m evaluation feedback``: what an honest month of feedback brings, and what an adversary can do with it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from evaluation.commands.opening import fingerprints, open_workbench, say
from evaluation.feedback_study import (
    BOUNDS,
    Answers,
    Material,
    hijacked,
    honest_month,
    interval,
    material,
    ranked,
    taught,
    usual_items,
)
from evaluation.history_sets import read_kind
from evaluation.table import print_table
from evaluation.workbench import Workbench
from index.situations import USED_KINDS

SHARES = (0.05, 0.2)
# How the adversary goes about it: the names that he gives himself, and whether his API key is one of his own.
WAYS = {"one agent": (1, "crm"), "invented agents": (10_000, "crm"), "key of his own": (10_000, "other")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--corpus", type=Path, required=True, help="folder of a corpus with solved cases")
    parser.add_argument("--kind", choices=USED_KINDS, default="templates", help="what is learned (default templates)")
    parser.add_argument("--cases", type=int, default=600, help="earlier cases that get feedback (default 600)")
    parser.add_argument("--questions", type=int, default=400, help="later questions that judge (default 400)")
    parser.add_argument("--items", type=int, default=3, help="items that an adversary tries to lift (default 3)")
    parser.add_argument("--seed", type=int, default=7, help="seed of all that is drawn (default 7)")
    parser.add_argument("--out", type=Path, default=Path("out/feedback"), help="folder for the results")


def run(options: argparse.Namespace) -> int:
    """Measure both; write ``feedback.json`` and print two tables."""
    judged = read_kind(options.corpus, options.kind)
    of = material(judged, cases=options.cases, questions=options.questions, seed=options.seed)
    with open_workbench() as bench:
        fair = bench.fair_to(judged)
        month = _month(of, fair, options.seed)
        adversary = _adversary(of, fair, options.items, options.seed)
        facts = fingerprints(fair, options.corpus)
    document = {
        "fingerprints": facts,
        "set": judged.name,
        "cases": len(of.cases),
        "questions": len(of.judged.questions),
        "seed": options.seed,
        "month": month,
        "adversary": adversary,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    (options.out / "feedback.json").write_text(text, encoding="utf-8")
    print_table(_month_table(month), sys.stdout)
    print_table(_adversary_table(adversary), sys.stdout)
    return 0


def _month(of: Material, bench: Workbench, seed: int) -> dict[str, Any]:
    say("an honest month")
    evidence = honest_month(of, bench, seed=seed)
    asked = of.judged.questions
    histories = {name: taught(of, evidence, bound) for name, bound in BOUNDS.items()}
    known = {name: sum(bool(getattr(case, of.kind)) for case in cases) for name, cases in histories.items()}
    right = {
        name: sum(bool({use.id for use in getattr(case, of.kind)} & of.right[case.id]) for case in cases)
        for name, cases in histories.items()
    }
    without = ranked(of, of.cases, bench).first_right(asked)
    found = {"without feedback": without}
    found |= {name: ranked(of, cases, bench).first_right(asked) for name, cases in histories.items()}
    found["what was right"] = ranked(of, _all_right(of), bench).first_right(asked)
    known["what was right"] = right["what was right"] = len(of.cases)
    return {
        name: {
            "cases_with_a_use": known.get(name, 0),
            "of_them_right": right.get(name, 0),
            "P@1": sum(values) / len(values),
            "ci95": interval(of, values),
            "more": sum(values) / len(values) - sum(without) / len(without),
            "more_ci95": interval(of, [value - less for value, less in zip(values, without, strict=True)]),
        }
        for name, values in found.items()
    }


def _all_right(of: Material) -> Sequence[Any]:
    evidence, _ = hijacked(of, "", 0.0, seed=0)
    return taught(of, evidence, None)


def _adversary(of: Material, bench: Workbench, items: int, seed: int) -> list[dict[str, Any]]:
    rows = []
    for item in usual_items(of, items):
        honest, _ = hijacked(of, item, 0.0, seed=seed)
        clean = {name: ranked(of, taught(of, honest, bound), bench) for name, bound in BOUNDS.items()}
        for name, answers in clean.items():
            rows.append({"item": item, "share": 0.0, "way": "nobody", "bound": name, **_unrelated(of, item, answers)})
        for share in SHARES:
            for way, (names, key) in WAYS.items():
                say(f"{item}, {share:.0%} of the cases, {way}")
                evidence, cases = hijacked(of, item, share, seed=seed, names=names, key=key)
                for name, bound in BOUNDS.items():
                    if bound is None and way != "one agent":
                        continue  # without a bound it is all the same
                    history = taught(of, evidence, bound)
                    claimed = sum(
                        item in {use.id for use in getattr(case, of.kind)} and item not in of.right[case.id]
                        for case in history
                    )
                    rows.append(
                        {
                            "item": item,
                            "share": share,
                            "way": way,
                            "bound": name,
                            "his_cases": cases,
                            "counted": claimed,
                            **_unrelated(of, item, ranked(of, history, bench)),
                        }
                    )
    return rows


def _unrelated(of: Material, item: str, answers: Answers) -> dict[str, float]:
    """Tell how often the item is shown for questions that it does not answer, and how often these are answered."""
    pairs = [
        (ids, each) for ids, each in zip(answers.ranked, of.judged.questions, strict=True) if item not in each.relevant
    ]
    count = max(1, len(pairs))
    return {
        "questions": len(pairs),
        "item_first": sum(ids[:1] == (item,) for ids, _ in pairs) / count,
        "item_in_three": sum(item in ids[:3] for ids, _ in pairs) / count,
        "mean_rank": sum(ids.index(item) + 1 if item in ids else 21 for ids, _ in pairs) / count,
        "P@1": sum(bool(set(ids[:1]) & each.relevant) for ids, each in pairs) / count,
    }


def _month_table(month: dict[str, Any]) -> Table:
    table = _table("P@1 on later cases", ("history learns from", "cases with a use", "right", "P@1", "more (95 %)"))
    for name, row in month.items():
        low, high = row["more_ci95"]
        more = f"{row['more']:+.3f} ({low:+.3f} to {high:+.3f})"
        table.add_row(name, str(row["cases_with_a_use"]), str(row["of_them_right"]), f"{row['P@1']:.3f}", more)
    return table


def _adversary_table(rows: Sequence[dict[str, Any]]) -> Table:
    headings = ("his share", "way", "feedback", "counted", "item first", "item in three", "mean rank", "P@1 of others")
    table = _table("Questions that the item does not answer, mean over items", headings)
    for share, way, bound in dict.fromkeys((row["share"], row["way"], row["bound"]) for row in rows):
        some = [row for row in rows if (row["share"], row["way"], row["bound"]) == (share, way, bound)]
        table.add_row(
            f"{share:.0%}",
            way,
            bound,
            f"{_mean(some, 'counted'):.0f} of {_mean(some, 'his_cases'):.0f}",
            f"{_mean(some, 'item_first'):.3f}",
            f"{_mean(some, 'item_in_three'):.3f}",
            f"{_mean(some, 'mean_rank'):.1f}",
            f"{_mean(some, 'P@1'):.3f}",
        )
    return table


def _mean(rows: Sequence[dict[str, Any]], name: str) -> float:
    return float(sum(row.get(name, 0) for row in rows) / len(rows))


def _table(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    return table
