"""What is wrong with the actions of a catalogue, or doubtful: merge fields of their steps, and their rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from corpus.merge_syntax.maps import MergeMaps
from corpus.models import Action, Record, Step
from corpus.quicktext.lint import Remark, remarks_on_text
from corpus.quicktext.lint_report import LintReport, Looked
from corpus.quicktext.lint_rows import records_of
from corpus.rule_lint import remarks_on_rule, unknown_actions

_NAMES = ("actions.jsonl", "actions.jsonl.gz")


def actions_file(folder: Path) -> Path | None:
    """Return the file of actions in a corpus folder, or ``None`` where there is none."""
    return next((folder / name for name in _NAMES if (folder / name).is_file()), None)


def remarks_on_action(action: Action, maps: MergeMaps, known: Collection[str]) -> tuple[Remark, ...]:
    """Return what is wrong with or doubtful about an action; ``known`` are the ids of the whole catalogue."""
    found = [remark for place, step in enumerate(action.steps) for remark in _of_step(place, step, maps)]
    rules = (*remarks_on_rule(action.when), *unknown_actions(action.when, known))
    found += [
        Remark(severity="warning", code="rule", pointer=f"/when{each.pointer}", message=each.message) for each in rules
    ]
    return tuple(found)


def warnings_of(
    catalogue: Sequence[Record], actions: Sequence[Action], maps: MergeMaps
) -> dict[str, tuple[Remark, ...]]:
    """Return the remarks on some actions by id, where there are any; ``catalogue`` is what would be live with them."""
    known = {each for action in catalogue for each in (action.id, *getattr(action, "replaces", ()))}
    told = {action.id: remarks_on_action(action, maps, known) for action in actions}
    return {name: remarks for name, remarks in told.items() if remarks}


def look_at_actions(file: Path, maps: MergeMaps) -> LintReport:
    """Return what is wrong with or doubtful about the actions of a file."""
    rows = list(records_of(file, "actions"))
    known = {each for row in rows for each in (row.id, *getattr(row.record, "replaces", ()))}
    looked = (
        Looked(
            line=row.line,
            id=row.id,
            remarks=remarks_on_action(row.record, maps, known) if isinstance(row.record, Action) else row.refused,
        )
        for row in rows
    )
    return LintReport(file=file.name, looked=tuple(looked), of="actions")


def _of_step(place: int, step: Step, maps: MergeMaps) -> Iterator[Remark]:
    yield from remarks_on_text(f"/steps/{place}/text", step.text, maps)
    if step.url is not None:
        yield from remarks_on_text(f"/steps/{place}/url", step.url, maps)
