"""Which lines of a mail its writer wrote, and which are the mail that is answered or forwarded.

Everything works on lines, and every pattern on a line of bounded length, so the work is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.quote_heads import MAX_LINE, QUOTED, break_before_quote, quote_head, skip_blank

_MARKERS = re.compile(r"^(?:\s{0,8}>)+ ?")
MAX_CITATION_WORDS = 45
MIN_OWN_WORDS = 20  # who writes less beside a citation lets it speak
MAX_INTRODUCTION_WORDS = 10
_INTRODUCES_REPLY = re.compile(
    r"\b(?:mail|e-mail|nachricht|antwort|message|reply|schrieb\w*|wrote|geschrieben|zitat)\b.{0,60}:$",
    re.IGNORECASE,
)
MIN_SENTENCE_WORDS = 4  # fewer may be a name
NEAR = 12  # lines around a citation that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A mail in two: ``own`` are the writer's blocks, parted where quotes stood; ``quoted`` the rest, marks removed."""

    own: tuple[str, ...]
    quoted: str
    forwarded: bool


def split_quotes(text: str) -> Split:
    """Part what was written from what was quoted.

    Behind an attribution or a mail header, lines with ``>`` are the quote and what stands between and after them is
    the writer's; without such lines, all that follows is the quote. Lines with ``>`` that nothing announces are a
    citation the writer refers to ("> Ihr Paket ist da. / Nein, ist es nicht."): kept if they are short and own words
    follow, or if the writer introduces them or says little else.
    """
    lines = break_before_quote(text).split("\n")
    own: list[list[str]] = [[]]
    quoted: list[str] = []
    announced = forwarded = False
    position = 0
    while position < len(lines):
        if QUOTED.match(lines[position]):
            end = _run_end(lines, position)
            run = [_MARKERS.sub("", line) for line in lines[position:end]]
            announced = announced or _is_announced(run)
            if not announced and _is_citation(run, own[-1], lines[end : end + NEAR]):
                own[-1].extend(run)
            else:
                _drop_introduction(own[-1])
                quoted.extend(run)
                own.append([])
            position = end
            continue
        head = quote_head(lines, position)
        if head is None:
            own[-1].append(lines[position])
            position += 1
            continue
        announced, forwarded = True, forwarded or head.forwarded
        own.append([])
        position = skip_blank(lines, head.end)
        if position < len(lines) and not QUOTED.match(lines[position]):
            quoted.extend(lines[position:])
            break
    blocks = ("\n".join(block).strip() for block in own)
    return Split(own=tuple(block for block in blocks if block), quoted="\n".join(quoted).strip(), forwarded=forwarded)


def _run_end(lines: Sequence[str], start: int) -> int:
    """Return the index behind a run of quoted lines; blank lines between quoted ones belong to it."""
    end = start + 1
    while end < len(lines):
        following = skip_blank(lines, end)
        if following >= len(lines) or following - end > 1 or not QUOTED.match(lines[following]):
            break
        end = following + 1
    return end


def _is_announced(run: Sequence[str]) -> bool:
    """Whether a quoted run carries its own attribution or header, as HTML mails do."""
    return any(quote_head(run, position) is not None for position in range(min(len(run), 4)))


def _is_citation(run: Sequence[str], before: Sequence[str], after: Sequence[str]) -> bool:
    if sum(len(line.split()) for line in run) > MAX_CITATION_WORDS:
        return False
    if QUOTED.match(run[0]):
        return False
    introduction = next((line.strip() for line in reversed(before[-NEAR:]) if line.strip()), "")
    if introduction.endswith((":", "---")):
        return True
    if sum(len(line.split()) for line in before[-NEAR:]) < MIN_OWN_WORDS:
        return True
    return any(len(line.split()) >= MIN_SENTENCE_WORDS and not QUOTED.match(line) for line in after)


def _drop_introduction(own: list[str]) -> None:
    """Remove a last line that only announces the quote ("Ihre Mail vom 14. März:")."""
    while own and not own[-1].strip():
        own.pop()
    if own and len(own[-1].split()) <= MAX_INTRODUCTION_WORDS and _INTRODUCES_REPLY.search(own[-1][-MAX_LINE:]):
        own.pop()
