"""Understanding a case: its language, the text that tells the problem, and its vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from assist.models import SuggestRequest
from corpus.casetext import CaseText
from corpus.language import Language
from corpus.models import NO_ATTRIBUTES
from corpus.privacy.masking import MASKED, Masking
from index.lexicon import AskedText
from index.tokens import TokenVectors

NO_TEXT = "the case has no text to go by: give it a subject, a description or a message of the customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A case as the following steps see it; ``vector`` has shape (d,) and length 1.

    ``tokens`` and ``words`` are those of its text.
    """

    request: SuggestRequest
    text: CaseText
    language: Language
    vector: NDArray[np.float32]
    tokens: TokenVectors
    words: AskedText
    as_of: datetime

    @property
    def last_action(self) -> str | None:
        """The id of the action done last."""
        return self.request.actions_done[-1] if self.request.actions_done else None


def known_text(request: SuggestRequest, masking: Masking = MASKED) -> CaseText:
    """Return what is known of the case: all its messages so far, never its resolution or outcome.

    Personal data is masked, names of the contact wherever they stand.
    """
    contact = request.context.get("contact")
    return masking.search_text(request.case, contact=contact if isinstance(contact, Mapping) else NO_ATTRIBUTES)


def moment_of(request: SuggestRequest) -> datetime:
    """Return the time at which validity and rules are judged; now, unless the caller names one."""
    return request.as_of or datetime.now(UTC)
