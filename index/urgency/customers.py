"""What of a case may be read for urgency: the customer's own words, masked, never what an agent wrote."""

from __future__ import annotations

from dataclasses import replace

from corpus.casetext import known_before_reply
from corpus.models import Case
from corpus.privacy.masking import Masking

NOTED_CHANNELS = frozenset({"phone"})
"""Where subject and description are an agent's notes of what was said."""


def customers_words(case: Case) -> Case:
    """Return a case with only what the customer wrote; on the phone that is nothing but messages, if there are any."""
    messages = tuple(message for message in case.messages if message.role == "customer")
    if case.channel in NOTED_CHANNELS:
        return replace(case, subject=None, description=None, messages=messages)
    return replace(case, messages=messages)


def opening_words(case: Case, masking: Masking) -> str:
    """Return what the customer had written before the first reply, masked as searches mask it; empty for nothing."""
    known = known_before_reply(case)
    return masking.search_text(customers_words(replace(case, messages=case.messages[:known]))).text
