from __future__ import annotations

import random
from itertools import pairwise

import pytest

from corpus.nearness import Words, words_of
from evaluation.near_duplicates import near_any, near_groups


def _texts(count: int, *, words: int, seed: int) -> list[Words]:
    """Texts over a small, skewed vocabulary, many of them near to each other, a few empty."""
    chance = random.Random(seed)
    made: list[Words] = []
    for _ in range(count):
        if made and chance.random() < 0.5:
            changed = set(chance.choice(made))
            for _ in range(chance.randint(0, 4)):
                changed ^= {str(min(chance.randrange(words), chance.randrange(words)))}
            made.append(frozenset(changed))
        else:
            size = chance.randint(0, 12)
            made.append(frozenset(str(min(chance.randrange(words), chance.randrange(words))) for _ in range(size)))
    return made


def _jaccard(one: Words, other: Words) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


@pytest.mark.parametrize(("words", "seed"), [(15, 1), (60, 2), (400, 3)])
def test_near_duplicates_are_those_that_comparing_every_pair_finds(words: int, seed: int) -> None:
    texts = _texts(700, words=words, seed=seed)
    asked, known = texts[::2], texts[1::2]
    expected = [any(_jaccard(text, other) >= 0.6 - 1e-12 for other in known) for text in asked]

    assert 0 < sum(expected) < len(asked)
    assert near_any(asked, known) == expected


@pytest.mark.parametrize(("words", "seed"), [(40, 4), (400, 5)])
def test_groups_are_the_connected_components_of_all_pairs(words: int, seed: int) -> None:
    texts = _texts(300, words=words, seed=seed)
    expected = list(range(len(texts)))
    for _ in texts:  # as often as the longest chain could be
        before = list(expected)
        for one, text in enumerate(texts):
            near = [expected[other] for other, each in enumerate(texts) if _jaccard(text, each) >= 0.6 - 1e-12]
            expected[one] = min([expected[one], *near])
        if expected == before:
            break

    assert near_groups(texts) == expected


def test_three_fifths_is_near_and_anything_less_is_not() -> None:
    text = words_of("a b c d")
    assert near_any([text], [words_of("a b c e")]) == [True]  # 3 of 5
    assert near_any([text], [words_of("a b c e f")]) == [False]  # 3 of 6
    assert near_any([words_of("a b c")], [words_of("a b c d e")]) == [True]  # 3 of 5
    assert near_any([words_of("a b c")], [words_of("a b c d e f")]) == [False]  # 3 of 6


def test_case_and_punctuation_do_not_matter_and_the_empty_text_is_near_nothing() -> None:
    assert near_any([words_of("WO ist mein Paket?!")], [words_of("wo ist mein paket")]) == [True]
    assert near_any([words_of(""), words_of("…")], [words_of(""), words_of("a")]) == [False, False]
    assert near_groups([words_of(""), words_of("")]) == [0, 1]


def test_a_chain_is_one_group_though_its_ends_differ() -> None:
    chain = [words_of("a b c d e"), words_of("b c d e f"), words_of("c d e f g"), words_of("x y z")]
    assert all(_jaccard(one, other) >= 0.6 for one, other in pairwise(chain[:3]))
    assert _jaccard(chain[0], chain[2]) < 0.6
    assert near_groups(chain) == [0, 0, 0, 3]


def test_nothing_to_compare_is_no_error() -> None:
    assert near_any([], []) == []
    assert near_any([words_of("a")], []) == [False]
    assert near_groups([]) == []
