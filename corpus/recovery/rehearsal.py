"""Messages sent with a corpus's templates, filled in and edited as agents do, to measure how many are recognised.

Where no history tells what was used and has the messages too, this is how precision can be measured. It is a
rehearsal: the edits are ours, not those of any agent.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from corpus.models import Case, Message, Template
from corpus.recovery.template_text import CLOSE, FIELD, OPEN, marked_text
from corpus.shorten import sentences

SEED = 7
_VALUES = ("Brandt", "Frau Yılmaz", "Helmut", "4711-0815", "14. März 2026", "39,90 Euro", "Service-Team", "Kundenkonto")
_GREETINGS = {
    "de": "Hallo Herr Brandt, schön, dass Sie sich noch einmal melden. Wie gerade am Telefon besprochen:",
    "en": "Hello Mr Brandt, it is good to hear from you again. As we just said on the phone:",
}
_REMARKS = {
    "de": "Das habe ich für Sie in unserem System so vermerkt, Sie brauchen dazu nichts zu tun.",
    "en": "I have made a note of that in our system for you, so there is nothing you need to do.",
}
_DEFAULT = "de"
_SHORTENED = 0.6  # of the sentences that stay when an agent shortens
_TYPO_EVERY = 12  # words

Edit = Callable[[str, Template, random.Random], str]


def _as_it_is(text: str, _: Template, __: random.Random) -> str:
    return text


def _greeted(text: str, template: Template, _: random.Random) -> str:
    return f"{_GREETINGS.get(template.language[:2], _GREETINGS[_DEFAULT])}\n\n{text}"


def _sentence_dropped(text: str, _: Template, chance: random.Random) -> str:
    said = sentences(text)
    if len(said) < 3:
        return text
    said.pop(chance.randrange(1, len(said) - 1))
    return "\n".join(said)


def _sentence_changed(text: str, template: Template, chance: random.Random) -> str:
    said = sentences(text)
    if len(said) < 3:
        return text
    said[chance.randrange(1, len(said) - 1)] = _REMARKS.get(template.language[:2], _REMARKS[_DEFAULT])
    return "\n".join(said)


def _shortened(text: str, _: Template, chance: random.Random) -> str:
    said = sentences(text)
    kept = sorted(chance.sample(range(len(said)), max(1, round(_SHORTENED * len(said)))))
    return "\n".join(said[each] for each in kept)


def _with_typos(text: str, _: Template, chance: random.Random) -> str:
    words = text.split(" ")
    for position in range(chance.randrange(_TYPO_EVERY), len(words), _TYPO_EVERY):
        word = words[position]
        if len(word) > 3:
            words[position] = f"{word[0]}{word[2]}{word[1]}{word[3:]}"
    return " ".join(words)


def _all_together(text: str, template: Template, chance: random.Random) -> str:
    for edit in (_sentence_dropped, _sentence_changed, _with_typos, _greeted):
        text = edit(text, template, chance)
    return text


EDITS: Mapping[str, Edit] = {
    "as it is": _as_it_is,
    "greeting added": _greeted,
    "sentence dropped": _sentence_dropped,
    "sentence changed": _sentence_changed,
    "shortened": _shortened,
    "typos": _with_typos,
    "all together": _all_together,
}


def rehearsed(templates: Sequence[Template], edit: str) -> Iterator[tuple[str, Case]]:
    """Yield the id of each template and a case in which it was sent with an edit, one of ``EDITS``."""
    for template in templates:
        chance = random.Random(f"{SEED} {edit} {template.id}")  # noqa: S311 - no secret
        sent = EDITS[edit](_filled(marked_text(template), chance), template, chance)
        messages = (Message(role="customer", text="?"), Message(role="agent", text=sent))
        yield template.id, Case(id="rehearsal", messages=messages, language=template.language)


def _filled(marked: str, chance: random.Random) -> str:
    """Fill in every merge field; what is said on a condition only is said every other time."""
    parts: list[str] = []
    depth, silent = 0, 0
    for character in marked:
        if character == OPEN:
            depth += 1
            silent = silent or (depth if chance.random() < 0.5 else 0)
        elif character == CLOSE:
            silent = 0 if silent == depth else silent
            depth = max(0, depth - 1)
        elif not silent:
            parts.append(chance.choice(_VALUES) if character == FIELD else character)
    return "".join(parts)
