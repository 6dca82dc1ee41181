"""What an agent wrote in a message: without the mail that is answered and what is cited of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.greeting import strip_greeting
from corpus.html import html_to_text, looks_like_html
from corpus.models import Case
from corpus.quote_heads import QUOTED
from corpus.quotes import split_quotes
from corpus.recovery.words import urls_in, words_of
from corpus.signature import strip_signature
from corpus.text import normalise

MAX_TEXT = 50_000  # characters of a message that are looked at
_LINK = re.compile(r"<a\b[^<>]{0,500}?\bhref\s*=\s*[\"']?(https?://[^\"'\s<>]{1,2000})", re.IGNORECASE)
_QUOTE_MARKS = "> |\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message of an agent: its number in the case from 0, which is how many messages there were before it."""

    number: int
    text: str
    words: tuple[str, ...]

    @property
    def own(self) -> int:
        """How many of its words are neither greeting nor signature; worked out anew each time."""
        return len(words_of(strip_greeting(strip_signature(self.text))))

    @property
    def links(self) -> list[str]:
        """The web addresses in it, less those of the signature; worked out anew each time."""
        return urls_in(strip_signature(self.text)) if urls_in(self.text) else []


def sent_messages(case: Case) -> Iterator[Sent]:
    """Yield what agents wrote in a case."""
    for number, message in enumerate(case.messages):
        if message.role == "agent":
            text = written_text(message.text)
            yield Sent(number=number, text=text, words=tuple(words_of(text)))


def written_text(text: str) -> str:
    """Return what the writer of a message wrote himself, with the addresses of links in HTML before their text.

    Short citations, which belong to what a customer says, are left out too: the cited is somebody else's.
    """
    text = text[:MAX_TEXT]
    plain = normalise(html_to_text(_LINK.sub(r" \1 \g<0>", text)) if looks_like_html(text) else text)
    cited = {line.lstrip(_QUOTE_MARKS) for line in plain.split("\n") if QUOTED.match(line)}
    lines = (line for block in split_quotes(plain).own for line in block.split("\n"))
    return "\n".join(line for line in lines if line not in cited)
