"""How much personal data the masker finds, and what it masks in vain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.privacy.judged_sentences import Sentence, read_sentences
from corpus.privacy.masker import personal_data
from corpus.privacy.spans import PERSONAL_KINDS, PersonalKind, Span
from corpus.text import plain_text

SETS = ("german", "german-blind", "english")
_BLIND = "german-blind"
_EXCERPT = 60


@dataclass(slots=True, kw_only=True)
class Measured:
    """Counts over a set of ``sentences``.

    ``marked`` and ``found`` count personal data by kind; ``alarms`` counts by kind what was masked without need,
    ``spilt`` masks that took a word beside personal data. ``clean`` is how many sentences hold nothing personal,
    ``spared`` how many of those stayed as they were.
    """

    name: str
    sentences: int = 0
    marked: Counter[PersonalKind] = field(default_factory=Counter)
    found: Counter[PersonalKind] = field(default_factory=Counter)
    alarms: Counter[PersonalKind] = field(default_factory=Counter)
    spilt: int = 0
    clean: int = 0
    spared: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def shown_misses(self) -> Sequence[str]:
        """What went wrong, one line each; nothing of the blind set, or it would be blind no longer."""
        return () if self.name == _BLIND else self.misses

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        kinds = {
            kind: {"marked": self.marked[kind], "found": self.found[kind], "false_alarms": self.alarms[kind]}
            for kind in PERSONAL_KINDS
        }
        return {
            "set": self.name,
            "sentences": self.sentences,
            "marked": self.marked.total(),
            "found": self.found.total(),
            "false_alarms": self.alarms.total(),
            "spilt": self.spilt,
            "clean": self.clean,
            "spared": self.spared,
            "kinds": kinds,
        }


def measure_set(name: str) -> Measured:
    """Return the counts of a set of marked sentences, one of ``SETS``."""
    return measure(name, read_sentences(name))


def measure_templates(path: Path) -> Measured:
    """Return the counts over reply templates (JSON Lines with a ``body``), in which nothing is personal."""
    bodies = [json.loads(line)["body"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = [plain_text(body, "html" if "</" in body else "text") for body in bodies]
    return measure("templates", [Sentence(text=text, spans=()) for text in texts])


def measure(name: str, sentences: Sequence[Sentence]) -> Measured:
    """Return the counts: personal data is found when none of its letters and digits stays."""
    counts = Measured(name=name, sentences=len(sentences))
    for sentence in sentences:
        masked = personal_data(sentence.text, sentence.names)
        _count_found(sentence, masked, counts)
        _count_alarms(sentence, masked, counts)
        if not sentence.spans:
            counts.clean += 1
            counts.spared += not masked
    return counts


def table_of(measured: Measured) -> str:
    """Return the counts as a table of text."""
    head = f"{measured.name}: {measured.sentences} sentences, {measured.clean} of them with nothing personal"
    rows = [f"  {'kind':<12}{'marked':>8}{'found':>8}{'recall':>9}{'false alarms':>14}"]
    for kind in PERSONAL_KINDS:
        rows.append(_row(kind, measured.marked[kind], measured.found[kind], measured.alarms[kind]))
    rows.append(_row("all", measured.marked.total(), measured.found.total(), measured.alarms.total()))
    spared = f"left as they were: {measured.spared} of {measured.clean} without anything personal"
    tail = f"  {spared}; too wide: {measured.spilt}"
    return "\n".join((head, *rows, tail))


def _row(kind: str, marked: int, found: int, alarms: int) -> str:
    recall = f"{found / marked:.1%}" if marked else "-"
    return f"  {kind:<12}{marked:>8}{found:>8}{recall:>9}{alarms:>14}"


def _count_found(sentence: Sentence, masked: Sequence[Span], counts: Measured) -> None:
    hidden = _letters(sentence.text, masked)
    for span in sentence.spans:
        counts.marked[span.kind] += 1
        if _letters(sentence.text, (span,)) <= hidden:
            counts.found[span.kind] += 1
        else:
            counts.misses.append(_told("missed", sentence, span))


def _count_alarms(sentence: Sentence, masked: Sequence[Span], counts: Measured) -> None:
    personal = _letters(sentence.text, sentence.spans)
    for span in masked:
        covered = _letters(sentence.text, (span,))
        if covered.isdisjoint(personal):
            counts.alarms[span.kind] += 1
            counts.misses.append(_told("masked in vain", sentence, span))
        elif not covered <= personal:
            counts.spilt += 1
            counts.misses.append(_told("too wide", sentence, span))


def _told(what: str, sentence: Sentence, span: Span) -> str:
    around = sentence.text[max(0, span.start - _EXCERPT) : span.end + _EXCERPT]
    return f"{what}: {span.kind} {sentence.text[span.start : span.end]!r} in {around!r}"


def _letters(text: str, spans: Sequence[Span]) -> frozenset[int]:
    return frozenset(at for span in spans for at in range(span.start, span.end) if text[at].isalnum())
