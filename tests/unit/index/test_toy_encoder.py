from __future__ import annotations

import pytest

from index.encoders.toy import ToyEncoder


def cosine(one: str, other: str) -> float:
    left, right = ToyEncoder(256).encode([one, other], role="query")
    return float(left @ right)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kündigung", "Kuendigung"),
        ("Straße", "STRASSE"),
        ("Menü im Café", "menu\u0308 im cafe"),
        ("Rechnung, bitte!", "bitte Rechnung"),
    ],
)
def test_spelling_and_order_do_not_count(one: str, other: str) -> None:
    assert cosine(one, other) == pytest.approx(1)


def test_more_shared_words_mean_more_similarity() -> None:
    text = "Internet im Urlaub sehr langsam"

    same, half, none = (cosine(text, other) for other in (text, "Internet sehr teuer", "Paket beschädigt"))

    assert same > half > none


def test_an_inflected_word_is_nearer_than_a_strange_one() -> None:
    assert cosine("kündigen", "Kündigung") > cosine("Rechnung", "Kündigung") + 0.2


def test_another_dimension_is_another_encoder() -> None:
    assert ToyEncoder(32).fingerprint != ToyEncoder(64).fingerprint
