"""Masking of cases: what they are searched by, and what of them is shown to people.

Both sides of a search, an open case and the solved ones, get their text here, so that both are masked alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from corpus.casetext import CaseText, case_text
from corpus.html import html_to_text, looks_like_html
from corpus.models import DEFAULT_LANGUAGE, NO_ATTRIBUTES, Case, Message, primary_language
from corpus.privacy.marks import is_mark, mark_of, without_marks
from corpus.privacy.masker import mask
from corpus.text import normalise

RULES = 1
"""Which rules mask; raised whenever they change, so that indexes of other rules can be told."""

_NAME_KEYS = frozenset({
    "name", "first_name", "last_name", "full_name", "firstname", "lastname", "vorname", "nachname", "surname",
    "given_name", "family_name", "middle_name", "maiden_name", "geburtsname", "contact_name", "account_holder",
})  # fmt: skip
# Searching reads some 200 words of a part; more than this is not looked at, however long a mail is.
_HEAD, _TAIL = 10_000, 5_000


@dataclass(frozen=True, slots=True)
class Masking:
    """How a deployment masks: ``enabled`` unless it was switched off.

    >>> Masking().search_query("Router von Frau Brandt, Tel. 030 23125377")
    'Router von Frau …, Tel. …'
    """

    enabled: bool = True

    @property
    def statement(self) -> Mapping[str, Any]:
        """What an index says of how it was masked."""
        return {"enabled": self.enabled, "rules": RULES if self.enabled else 0}

    def search_text(
        self, case: Case, *, known_messages: int | None = None, contact: Mapping[str, Any] = NO_ATTRIBUTES
    ) -> CaseText:
        """Return what a case is searched by, as it stood after so many messages (``None``: all).

        Names of the contact and of the customer are masked wherever they stand.
        """
        if not self.enabled:
            return case_text(case, known_messages=known_messages)
        names = names_in(contact, case.customer)

        def conceal(text: str) -> str:
            return without_marks(mask(_bounded(text), names=names))

        return case_text(case, known_messages=known_messages, conceal=conceal)

    def search_query(self, text: str) -> str:
        """Return the text by whose meaning a free search searches."""
        return without_marks(mask(_bounded(normalise(text)))) if self.enabled else text

    def shown_case(self, case: Case) -> Case:
        """Return a solved case as people may see it: marks in place of personal data, and nothing of its agent."""
        if not self.enabled:
            return replace(case, agent=None)
        language = primary_language(case.language) or DEFAULT_LANGUAGE
        names = names_in(case.customer)

        def shown(text: str | None) -> str | None:
            return None if text is None else mask(_plain(text), language=language, names=names)

        return replace(
            case,
            subject=shown(case.subject),
            description=shown(case.description),
            messages=tuple(_shown_message(message, language, names) for message in case.messages),
            resolution=shown(case.resolution),
            customer=_shown_customer(case.customer, language, names),
            agent=None,
        )


MASKED = Masking()


def names_in(*attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of people among attributes of a contact or customer; one that is masked already is none."""
    values = (value for each in attributes for key, value in each.items() if key in _NAME_KEYS)
    return tuple(value for value in values if isinstance(value, str) and not is_mark(value))


def _bounded(text: str) -> str:
    return text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"


def _plain(text: str) -> str:
    return normalise(html_to_text(text) if looks_like_html(text) else text)


def _shown_message(message: Message, language: str, names: Iterable[str]) -> Message:
    return replace(message, text=mask(_plain(message.text), language=language, names=names))


def _shown_customer(customer: Mapping[str, Any], language: str, names: Iterable[str]) -> Mapping[str, Any]:
    def shown(key: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return mark_of("name", language) if key in _NAME_KEYS else mask(value, language=language, names=names)

    return MappingProxyType({key: shown(key, value) for key, value in customer.items()})
