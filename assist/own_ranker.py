"""The ranker in use: the shipped one, or the one that was learned from this deployment's own solved cases.

Rankers learned here lie in ``VAR/rankers/<name>``, and ``VAR/rankers/CURRENT`` names the one that serves. Its name
tells the hash of what it holds, so that a damaged one is never believed. What it believes of history and content it
learned with one encoder; with another it would be wrong, so the shipped one takes its place then.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assist.scorer import Scorer, ScorerError, parse_scorer, scorer_json, shipped_scorer
from corpus.strict_json import StrictJsonError, parse_json
from index.durable import TEMPORARY, replace_file, sync_directory, unused_name, write_file

CURRENT = "CURRENT"
RANKER = "ranker.json"
KEPT = 3
"""So many rankers learned here are kept, the newest ones."""

_DIGITS = 12
_MEND = "learn one with `make train`, or go back to the shipped one with `python -m assist train --forget`"


@dataclass(frozen=True, slots=True, kw_only=True)
class RankerInUse:
    """The scorer to serve with.

    ``damaged`` says why the own one that should serve cannot, ``passed_over`` why a good one does not fit; both also
    say how to mend it.
    """

    scorer: Scorer
    damaged: str | None = None
    passed_over: str | None = None


def rankers_folder(var: Path) -> Path:
    """Return where rankers learned from own cases lie."""
    return var / "rankers"


def own_name(scorer: Scorer) -> str:
    """Return the name of a scorer learned here: it tells what the scorer holds, whatever it is called."""
    kinds = scorer_json(scorer)["kinds"]
    return f"own-{hashlib.sha256(json.dumps(kinds, sort_keys=True).encode()).hexdigest()[:_DIGITS]}"


def named_ranker(var: Path) -> str | None:
    """Return what the pointer to the ranker in use says; ``None`` where there is none. Raises ``OSError``."""
    try:
        return (rankers_folder(var) / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None


def ranker_in_use(var: Path, encoder: str) -> RankerInUse:
    """Return the scorer to serve with beside the encoder of this fingerprint; never fails."""
    try:
        name = named_ranker(var)
        if name is None:
            return RankerInUse(scorer=shipped_scorer())
        scorer, made_with = read_ranker(rankers_folder(var), name)
    except (OSError, ScorerError) as error:
        return RankerInUse(scorer=shipped_scorer(), damaged=f"{error}; the shipped ranker serves: {_MEND}")
    if made_with != encoder:
        told = (
            f"ranker {name} was learned with the encoder {made_with[:_DIGITS]}, and {encoder[:_DIGITS]} serves; the "
            f"shipped ranker serves: {_MEND}"
        )
        return RankerInUse(scorer=shipped_scorer(), passed_over=told)
    return RankerInUse(scorer=scorer)


def read_ranker(folder: Path, name: str) -> tuple[Scorer, str]:
    """Return the scorer of ``folder/<name>`` and the fingerprint of the encoder that it was learned with.

    Raises ``ScorerError`` when it is not what was written or does not fit this version, ``OSError`` when it cannot be
    read.
    """
    file = folder / name / RANKER
    if file.parent.parent != folder or not file.is_file():
        raise ScorerError(f"{folder / CURRENT} names {name[:40]!r}, expected a ranker in {folder}")
    try:
        data = parse_json(file.read_bytes())
        scorer = parse_scorer(data if isinstance(data, dict) else {})
    except (StrictJsonError, ScorerError) as error:
        raise ScorerError(f"{file}: {error}") from error
    if not name == scorer.name == own_name(scorer):
        raise ScorerError(f"{file}: found numbers of {own_name(scorer)}, expected those of {name}: it was changed")
    return scorer, str(data.get("encoder"))


def keep_ranker(var: Path, scorer: Scorer, facts: Mapping[str, Any], more: Mapping[str, bytes]) -> Scorer:
    """Write a scorer, what it was made of and ``more`` files, by name, as a ranker of its own; return it as named.

    A new one is there wholly or not at all. Of one that bears the name already each file is replaced, for the numbers
    are the same and the rest may be of another day. The caller holds the writer's lock.
    """
    folder = rankers_folder(var)
    folder.mkdir(parents=True, exist_ok=True)
    named = replace(scorer, name=own_name(scorer))
    data = {**facts, **scorer_json(named)}
    files = {RANKER: (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode(), **more}
    _sweep(folder)
    place = folder / named.name
    if place.is_dir():
        for name, content in files.items():
            replace_file(place / name, content)
        sync_directory(place)
    else:
        _write(place, files)
    return named


def use_ranker(var: Path, name: str) -> None:
    """Let ``VAR/rankers/<name>`` serve, wholly or not at all, and delete the oldest that are kept beside it."""
    folder = rankers_folder(var)
    replace_file(folder / CURRENT, f"{name}\n".encode())
    sync_directory(folder)
    for old in _newest_first(path for path in _kept(folder) if path.name != name)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def forget_ranker(var: Path) -> str | None:
    """Let the shipped ranker serve again; return what the pointer named, ``None`` where there was none."""
    name = named_ranker(var)
    if name is not None:
        (rankers_folder(var) / CURRENT).unlink(missing_ok=True)
        sync_directory(rankers_folder(var))
    return name


def _write(place: Path, files: Mapping[str, bytes]) -> None:
    temporary = unused_name(place.parent, TEMPORARY)
    try:
        temporary.mkdir()
        for name, content in files.items():
            write_file(temporary / name, content)
        sync_directory(temporary)
        temporary.rename(place)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_directory(place.parent)


def _sweep(folder: Path) -> None:
    """Delete what a killed run left."""
    for left in folder.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _kept(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and path.name.startswith("own-")]


def _newest_first(folders: Iterable[Path]) -> list[Path]:
    return sorted(folders, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
