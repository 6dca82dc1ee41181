"""Why a case found no answer: there is none, it is not found, it speaks another language, or it may not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assist.considering import consider
from corpus.models import Item, Kind, Template, primary_language
from evaluation.corpus_report.asking import AskedCase
from evaluation.corpus_report.material import TEXT_KINDS, Material
from index.filters import Mask
from index.situations import UsedKind
from index.space import ItemSpace

GapSort = Literal["missing", "unfindable", "wrong language", "restricted"]
GAP_SORTS: tuple[GapSort, ...] = ("missing", "unfindable", "wrong language", "restricted")

UNSURE = 0.35
"""A first item that the agent is not known to have used counts as no answer below this confidence."""
UNSURE_BESIDE_OTHERS = 0.5
"""The same where the agent is known to have used something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A case that nothing answered well, why, and the items that answer it after all (kind and id)."""

    asked: AskedCase
    sort: GapSort
    answers: tuple[tuple[Kind, str], ...] = ()


def is_gap(asked: AskedCase) -> bool:
    """Whether neither kind of text answered: each abstains, or is unsure and was not what the agent used."""
    answers = asked.answers.values()
    if not answers or any(answer.is_right for answer in answers):
        return False
    limit = UNSURE_BESIDE_OTHERS if any(answer.used for answer in answers) else UNSURE
    return all(answer.abstains or answer.confidence < limit for answer in answers)


def gap_of(asked: AskedCase, material: Material) -> Gap:
    """Say why a case found no answer: by what its agent used, else by what is nearest among all items there are."""
    used: list[tuple[UsedKind, str]] = [
        (kind, each) for kind in TEXT_KINDS if kind in asked.answers for each in sorted(asked.answers[kind].used)
    ]
    answers = used or _near(asked, material)
    return Gap(asked=asked, sort=_sort(answers, asked, material), answers=tuple(answers))


def _sort(answers: Sequence[tuple[UsedKind, str]], asked: AskedCase, material: Material) -> GapSort:
    if not answers:
        return "missing"
    seen = [(kind, each) for kind, each in answers if _may_be_seen(kind, each, asked, material)]
    if not seen:
        return "restricted"
    spoken = {_language(kind, each, material) for kind, each in seen}
    return "unfindable" if asked.understanding.language.code in spoken else "wrong language"


def _may_be_seen(kind: UsedKind, each: str, asked: AskedCase, material: Material) -> bool:
    space = material.snapshot.items[kind]
    seen = space.masks.visible(material.audiences) & space.masks.valid(asked.understanding.as_of)
    return each in space.row_of and bool(seen[space.row_of[each]])


def _language(kind: UsedKind, each: str, material: Material) -> str | None:
    space = material.snapshot.items[kind]
    return primary_language(space.languages[space.row_of[each]])


def _near(asked: AskedCase, material: Material) -> list[tuple[UsedKind, str]]:
    """Return the surest item as if everything might be shown, where it is sure enough.

    What may be shown was asked already and was not: left are items of other audiences, products and channels, drafts,
    and those whose time is over or to come.
    """
    found: list[tuple[float, UsedKind, str]] = []
    for kind in asked.answers:
        space = material.snapshot.items[kind]
        scorer = material.parts.scorer
        everything = _everything(space)
        considered = consider(kind, space, asked.understanding, everything, asked.past, scorer.weights[kind])
        if not considered.ranking:
            continue
        first = considered.ranking[0]
        confidence = float(considered.confidences(scorer.confidence[kind])[first])
        if confidence >= UNSURE:
            found.append((-confidence, kind, considered.id_at(first)))
    return [(kind, each) for _, kind, each in sorted(found)[:1]]


def _everything(space: ItemSpace) -> Mask:
    return np.array([_is_answer(item) for item in space.items], dtype=np.bool_)


def _is_answer(item: Item) -> bool:
    # What was erased or withdrawn has no audience left, and what was archived was taken away on purpose.
    framing = isinstance(item, Template) and item.kind in ("header", "footer")
    return bool(item.audience) and item.status != "archived" and not framing
