"""Why a case found no answer: there is none, it is not found, it speaks another language, or it may not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assist.considering import consider
from corpus.models import Item, Kind, Template, primary_language
from evaluation.corpus_report.asking import Answer, AskedCase
from evaluation.corpus_report.material import TEXT_KINDS, Material
from index.filters import Mask
from index.situations import UsedKind
from index.space import ItemSpace

GapSort = Literal["missing", "unfindable", "wrong language", "restricted"]
GAP_SORTS: tuple[GapSort, ...] = ("missing", "unfindable", "wrong language", "restricted")

UNSURE = 0.5
"""A first item that the agent did not use counts as no answer below this confidence."""
NEAR_SHARE = 0.8
"""An item is near when its confidence is at least this share of the threshold at which it would be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A case that nothing answered well, why, and the items that answer it after all (kind and id)."""

    asked: AskedCase
    sort: GapSort
    answers: tuple[tuple[Kind, str], ...] = ()


def is_gap(asked: AskedCase) -> bool:
    """Whether neither kind of text answered: each abstains, or is unsure and was not what the agent used."""
    answers = asked.answers.values()
    if any(answer.is_right for answer in answers):
        return False
    return bool(answers) and all(_fails(answer) for answer in answers)


def _fails(answer: Answer) -> bool:
    return answer.abstains or (bool(answer.used) and answer.confidence < UNSURE)


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
    seen = [(kind, each) for kind, each in answers if _is_allowed(kind, each, asked, material)]
    if not seen:
        return "restricted"
    spoken = {_language(kind, each, material) for kind, each in seen}
    return "unfindable" if asked.understanding.language.code in spoken else "wrong language"


def _is_allowed(kind: UsedKind, each: str, asked: AskedCase, material: Material) -> bool:
    space = material.snapshot.items[kind]
    allowed = material.suggester.allowed(kind, asked.understanding)
    return each in space.row_of and bool(allowed[space.row_of[each]])


def _language(kind: UsedKind, each: str, material: Material) -> str | None:
    space = material.snapshot.items[kind]
    return primary_language(space.languages[space.row_of[each]])


def _near(asked: AskedCase, material: Material) -> list[tuple[UsedKind, str]]:
    """Return the surest item of each kind as if everything might be shown, where it is sure enough."""
    found: list[tuple[float, UsedKind, str]] = []
    for kind in asked.answers:
        space = material.snapshot.items[kind]
        scorer = material.parts.scorer
        everything = _everything(space, asked)
        considered = consider(kind, space, asked.understanding, everything, asked.past, scorer.weights[kind])
        if not considered.ranking:
            continue
        first = considered.ranking[0]
        confidence = float(considered.confidences(scorer.confidence[kind])[first])
        if confidence >= NEAR_SHARE * asked.answers[kind].threshold:
            found.append((-confidence, kind, considered.id_at(first)))
    return [(kind, each) for _, kind, each in sorted(found)[:1]]


def _everything(space: ItemSpace, asked: AskedCase) -> Mask:
    """Return the items that fit product and channel, drafts, expired ones and those of other audiences included."""
    request = asked.understanding.request
    fits = space.masks.product.fits(request.case.product) & space.masks.channel.fits(request.case.channel)
    offered = np.array([_is_answer(item) for item in space.items], dtype=np.bool_)
    everything: Mask = fits & offered
    return everything


def _is_answer(item: Item) -> bool:
    # What was erased or withdrawn has no audience left, and what was archived was taken away on purpose.
    framing = isinstance(item, Template) and item.kind in ("header", "footer")
    return bool(item.audience) and item.status != "archived" and not framing
