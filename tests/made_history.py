"""A made corpus whose history tells what no text does: customers have words of their own for every problem."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

TOPICS = 8
WORDS_OF_A_TOPIC = 10
_BEGIN = datetime(2026, 1, 1, 8, tzinfo=UTC)
_SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "xo", "ze")


def made_history(cases: int = 330, *, secret: str = "") -> dict[str, list[dict[str, Any]]]:
    """Return so many solved cases, an hour apart, about eight articles; what they say is unlike any article.

    ``secret`` is a word that every case says.
    """
    chance = random.Random(5)
    words = _words(chance, TOPICS * WORDS_OF_A_TOPIC + 600)
    fillers = words[TOPICS * WORDS_OF_A_TOPIC :]
    rows = []
    for number in range(cases):
        topic = chance.randrange(TOPICS)
        own = words[topic * WORDS_OF_A_TOPIC : (topic + 1) * WORDS_OF_A_TOPIC]
        said = [*chance.sample(own, 4), *chance.sample(fillers, 6), secret]
        chance.shuffle(said)
        rows.append(_case(number, " ".join(said).strip(), f"a{topic}"))
    articles = [
        {"id": f"a{topic}", "title": f"Thema {_NAMES[topic]}", "body": f"Alles über {_NAMES[topic]}.", "language": "de"}
        for topic in range(TOPICS)
    ]
    return {"articles": articles, "templates": [], "actions": [], "cases": rows}


_NAMES: Sequence[str] = ("Rechnung", "Vertrag", "Router", "Karte", "Umzug", "Tarif", "Mahnung", "Passwort")


def _words(chance: random.Random, number: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < number:
        found["".join(chance.choices(_SYLLABLES, k=4))] = None
    return list(found)


def _case(number: int, text: str, article: str) -> dict[str, Any]:
    opened = _BEGIN + timedelta(hours=number)
    return {
        "id": f"c{number:04}",
        "description": text,
        "language": "de",
        "channel": "email",
        "opened_at": opened.isoformat(),
        "closed_at": (opened + timedelta(minutes=30)).isoformat(),
        "status": "closed",
        "outcome": {"solved": True},
        "articles": [article],
    }
