"""Corpora whose ids the contract forbids, read all the same: encoded beforehand, then read as strictly as any.

A corpus of one's own is mended where it comes from. A published set can only be measured as it is.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corpus.folder import Corpus, CorpusErrors, read_corpus
from corpus.jsonl import Limits, LineFault, read_lines
from corpus.models import KINDS
from corpus.strict_json import StrictJsonError, parse_json
from evaluation.item_ids import encode_id, is_allowed

_LISTS = ("articles", "templates", "actions", "replaces")
_DONE = "case.actions_done"
Rewrite = Callable[[str], str]


def read_any_corpus(folder: Path) -> tuple[Corpus, int]:
    """Return the corpus in ``folder`` and how many of its ids had to be encoded (``evaluation.item_ids``).

    If any id holds what the contract forbids, all ids are encoded; the number counts those that changed by it. Raises
    ``corpus.findings.CorpusErrors`` for everything else that is wrong.
    """
    try:
        return read_corpus(folder), 0
    except CorpusErrors as refused:
        seen = _ids(folder)
        if all(map(is_allowed, seen)):
            raise
        with tempfile.TemporaryDirectory() as copy:
            for path in _files(folder):
                _rewrite(path, Path(copy) / path.name)
            try:
                return read_corpus(Path(copy)), sum(encode_id(raw) != raw for raw in seen)
            except CorpusErrors as others:
                # what is wrong besides, told without the ids that could be read
                raise others from refused


def _ids(folder: Path) -> frozenset[str]:
    """Return all ids that a corpus gives and names; none of one that cannot be read to the end."""
    seen: set[str] = set()

    def note(raw: str) -> str:
        seen.add(raw)
        return raw

    try:
        for path in _files(folder):
            for _, line in _lines(path):
                _encoded_line(line, note)
    except OSError:
        return frozenset()
    return frozenset(seen)


def _rewrite(path: Path, copy: Path) -> None:
    """Write a file anew, each record on the line it was on, so that faults are told where they are."""
    lines: list[bytes] = []
    for number, line in _lines(path):
        lines += [b"\n"] * (number - 1 - len(lines))
        lines.append(_encoded_line(line, encode_id) + b"\n")
    text = b"".join(lines)
    copy.write_bytes(gzip.compress(text, 1) if path.suffix == ".gz" else text)


def _files(folder: Path) -> list[Path]:
    names = [f"{kind}{ending}" for kind in KINDS for ending in (".jsonl", ".jsonl.gz")]
    return [folder / name for name in names if (folder / name).is_file()]


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    for number, line in read_lines(path, Limits()):
        if isinstance(line, LineFault):
            raise OSError(str(line))
        yield number, line.rstrip(b"\r\n")


def _encoded_line(line: bytes, rewrite: Rewrite) -> bytes:
    try:
        value = parse_json(line)
    except StrictJsonError:
        return line  # the strict reader tells what is wrong with it
    return json.dumps(_record(value, rewrite), ensure_ascii=False).encode("utf-8")


def _record(value: Any, rewrite: Rewrite) -> Any:
    if not isinstance(value, dict):
        return value
    changed = dict(value)
    for key in ("id", "translation_of", "item"):
        if key in value:
            changed[key] = _id(value[key], rewrite)
    for key in _LISTS:
        if isinstance(value.get(key), list):
            changed[key] = [_use(each, rewrite) for each in value[key]]
    if "when" in value:
        changed["when"] = _rule(value["when"], rewrite)
    return changed


def _use(value: Any, rewrite: Rewrite) -> Any:
    return (
        {**value, "id": _id(value["id"], rewrite)} if isinstance(value, dict) and "id" in value else _id(value, rewrite)
    )


def _rule(value: Any, rewrite: Rewrite) -> Any:
    """Rewrite the actions that a rule names; everything else of it stays."""
    if isinstance(value, list):
        return [_rule(each, rewrite) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("field") == _DONE:
        named = value.get("value")
        named = [_id(each, rewrite) for each in named] if isinstance(named, list) else _id(named, rewrite)
        return {**value, "value": named}
    return {key: _rule(each, rewrite) for key, each in value.items()}


def _id(value: Any, rewrite: Rewrite) -> Any:
    return rewrite(value) if isinstance(value, str) else value
