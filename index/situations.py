"""Solved cases as they stood when an agent used something: what history may teach from.

A case is cut at the message after which an item was used, so that nothing said, done or written later
(the reply itself, the resolution, the outcome) can leak into what a later case is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.casetext import LastSaid, known_before_reply, last_said
from corpus.models import Case, Use
from corpus.privacy.masking import MASKED, Masking

NOTHING = LastSaid("", "", 0)
UsedKind = Literal["articles", "templates", "actions"]
USED_KINDS: tuple[UsedKind, ...] = ("articles", "templates", "actions")


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationUse:
    """An item used in a situation, the actions that had been done before it and, of an action, what was said last."""

    kind: UsedKind
    id: str
    done: tuple[str, ...] = ()
    said: LastSaid = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One case (by its row) as it stood at one moment: the text known then and what was used then."""

    case: int
    text: str
    uses: tuple[SituationUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    known_messages: int
    use: SituationUse


def situations(case: Case, row: int, masking: Masking = MASKED) -> tuple[Situation, ...]:
    """Return the situations of a solved case, its opening first; cuts with the same known text are one.

    A case without any text has none. Texts are masked as those of open cases are.
    """
    opening = known_before_reply(case)
    moments = list(_moments(case, opening))
    cuts = dict.fromkeys((opening, *(moment.known_messages for moment in moments)))
    texts = {cut: masking.search_text(case, known_messages=cut).text for cut in cuts}
    uses_by_text: dict[str, list[SituationUse]] = {texts[opening]: []}
    for moment in moments:
        uses_by_text.setdefault(texts[moment.known_messages], []).append(moment.use)
    return tuple(Situation(case=row, text=text, uses=tuple(uses)) for text, uses in uses_by_text.items() if text)


def _moments(case: Case, opening: int) -> Iterator[_Moment]:
    for use in case.articles:
        yield _Moment(known_messages=_known(use, opening), use=SituationUse(kind="articles", id=use.id))
    for use in case.templates:
        yield _Moment(known_messages=_known(use, opening), use=SituationUse(kind="templates", id=use.id))
    done: tuple[str, ...] = ()
    said: dict[int, LastSaid] = {}
    for use in case.actions:
        known = _known(use, opening)
        if known not in said:
            said[known] = last_said(case, known_messages=known)
        action = SituationUse(kind="actions", id=use.id, done=done, said=said[known])
        yield _Moment(known_messages=known, use=action)
        done = (*done, use.id)


def _known(use: Use, opening: int) -> int:
    return opening if use.after_message is None else use.after_message
