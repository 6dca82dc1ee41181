"""Made cases of which some were urgent, told by words that only their customers use, by signals, or by nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Literal

from corpus.models import Case, Outcome

Told = Literal["words", "signals", "nothing"]

_BEGIN = datetime(2026, 1, 1, 8, tzinfo=UTC)
_FILLERS = (
    *("Rechnung", "Vertrag", "Router", "Karte", "Umzug", "Tarif", "Adresse", "Passwort", "Frage", "Gerät", "Kunde"),
    *("Formular", "Bestellung", "Lieferung", "Nachweis", "Guthaben", "Anschluss", "Kabel", "Termin", "Filiale"),
)
_OF_URGENT = ("Quarz", "Zebra", "Xylofon", "Jodler")
SIGNAL = "Mein Handy wurde gestohlen."


def made_cases(told: Told, *, cases: int = 300, every: int = 5, seed: int = 3) -> list[Case]:
    """Return solved cases, an hour apart, of which one in ``every`` was urgent, at random."""
    chance = random.Random(seed)
    return [_case(number, chance.randrange(every) == 0, told, chance) for number in range(cases)]


def _case(number: int, urgent: bool, told: Told, chance: random.Random) -> Case:
    words = chance.sample(_FILLERS, 6)
    if urgent and told == "words":
        words = [*chance.sample(_OF_URGENT, 2), *words]
        chance.shuffle(words)
    text = " ".join(words) + "."
    opened = _BEGIN + timedelta(hours=number)
    return Case(
        id=f"c{number:04}",
        description=f"{text} {SIGNAL}" if urgent and told == "signals" else text,
        language="de",
        channel="email",
        priority="high" if urgent else "normal",
        opened_at=opened,
        closed_at=opened + timedelta(minutes=30),
        outcome=Outcome(solved=True),
    )
