"""What every encoder promises, run over all of them."""

from __future__ import annotations

import string
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.encoder import Encoder, Role
from index.encoders import open_encoder
from index.encoders.recent import RecentEncodings
from index.encoders.toy import ToyEncoder
from index.tokens import SCALE, TokenVectors
from index.weights import ADAPTED

MODELS = Path(__file__).parents[2] / "models"
ROLES: tuple[Role, ...] = ("query", "passage")
USUAL = [
    "Mein Internet geht nicht mehr.",
    "Wie kündige ich meinen Vertrag?",
    "How do I reset my password?",
    "Die Lieferung kam beschädigt an, ich möchte den Kaufpreis zurück. " * 4,
]
UNUSUAL = [
    "",
    " \t\n",
    "</s> <pad> <s>",
    "\ud800 einzelnes Ersatzzeichen \udfff",
    "NUL \x00, BOM \ufeff, e" + "\u0301" * 10_000,
    "🙂" * 500,
    "x" * 100_000,
    "Die Lieferung kam beschädigt an. " * 1_000,
]


def _opened(name: str, threads: int = 2, *, many: bool = False) -> Encoder:
    """Open the encoder of a name, or for ``remembering`` one that remembers what the toy made of its last texts."""
    if name == "remembering":
        return RecentEncodings(ToyEncoder(), capacity=3)
    return open_encoder(name, MODELS, threads=threads, many=many)


@pytest.fixture(
    scope="module",
    params=[
        "toy",
        "remembering",
        pytest.param("packaged", marks=pytest.mark.model),
        pytest.param(ADAPTED, marks=(pytest.mark.model, pytest.mark.slow), id="sentence-transformers"),
    ],
)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param not in ("toy", "remembering") and not (MODELS / ADAPTED).exists():
        pytest.skip(f"{MODELS / ADAPTED} is not built: run make setup")
    return _opened(request.param)


@pytest.mark.parametrize("role", ROLES)
def test_vectors_have_the_stated_shape_type_and_length_one(encoder: Encoder, role: Role) -> None:
    vectors = encoder.encode(USUAL, role=role)

    assert vectors.shape == (len(USUAL), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_unusual_texts_have_vectors_too(encoder: Encoder) -> None:
    vectors = encoder.encode(UNUSUAL, role="passage")

    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("role", ROLES)
def test_no_texts_give_no_rows_of_the_right_width(encoder: Encoder, role: Role) -> None:
    vectors = encoder.encode([], role=role)

    assert vectors.shape == (0, encoder.dimension)
    assert vectors.dtype == np.float32


@pytest.mark.parametrize("role", ROLES)
def test_a_vector_does_not_depend_on_the_rest_of_the_list(encoder: Encoder, role: Role) -> None:
    together = encoder.encode(USUAL, role=role)

    for row, text in zip(together, USUAL, strict=True):
        assert np.array_equal(encoder.encode([text], role=role)[0], row)
    assert np.array_equal(encoder.encode(USUAL[::-1], role=role)[::-1], together)


def test_threads_share_an_encoder_and_get_the_same_bits(encoder: Encoder) -> None:
    texts = USUAL[:3] * 4
    expected = encoder.encode(texts, role="query")

    with ThreadPoolExecutor(8) as workers:
        found = list(workers.map(lambda text: encoder.encode([text], role="query")[0], texts))

    assert np.array_equal(np.stack(found), expected)


def test_texts_about_the_same_are_nearer_than_others(encoder: Encoder) -> None:
    query = encoder.encode(["Wie kann ich meinen Vertrag kündigen?"], role="query")[0]
    passages = encoder.encode(
        ["So kündigen Sie Ihren Vertrag", "Öffnungszeiten unserer Filialen", "Passwort vergessen"], role="passage"
    )

    assert np.argmax(passages @ query) == 0


def test_opening_again_gives_the_same_fingerprint_and_vectors(encoder: Encoder, request: pytest.FixtureRequest) -> None:
    again = _opened(request.node.callspec.params["encoder"], threads=1)

    assert again.fingerprint == encoder.fingerprint
    assert set(again.fingerprint) <= set(string.hexdigits)
    assert (again.name, again.dimension) == (encoder.name, encoder.dimension)
    assert again.token_dimension == encoder.token_dimension
    assert encoder.name


def test_one_made_for_many_texts_is_the_same_encoder(encoder: Encoder, request: pytest.FixtureRequest) -> None:
    many = _opened(request.node.callspec.params["encoder"], many=True)

    assert many.fingerprint == encoder.fingerprint
    for role in ROLES:
        assert np.array_equal(many.encode(USUAL, role=role), encoder.encode(USUAL, role=role))
        for one, other in zip(
            many.encode_with_tokens(USUAL, role=role), encoder.encode_with_tokens(USUAL, role=role), strict=True
        ):
            assert np.array_equal(one.vector, other.vector)
            assert np.array_equal(one.tokens.codes, other.tokens.codes)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_has_a_finite_vector(encoder: Encoder, text: str) -> None:
    vector = encoder.encode([text], role="query")[0]

    assert np.isfinite(vector).all()
    assert float(vector @ vector) == pytest.approx(1, abs=1e-5)


def _tokens(encoder: Encoder, *texts: str, role: Role = "query") -> list[TokenVectors]:
    return [each.tokens for each in encoder.encode_with_tokens(texts, role=role)]


def _same(one: TokenVectors, other: TokenVectors) -> bool:
    return np.array_equal(one.ids, other.ids) and np.array_equal(one.codes, other.codes)


@pytest.fixture
def knowing(encoder: Encoder) -> Encoder:
    """An encoder that knows tokens."""
    if not encoder.token_dimension:
        pytest.skip(f"{encoder.name} knows no tokens")
    return encoder


def test_an_encoder_without_a_token_dimension_gives_no_tokens(encoder: Encoder) -> None:
    lengths = {len(tokens) for tokens in _tokens(encoder, *USUAL, *UNUSUAL)}

    assert (lengths == {0}) == (encoder.token_dimension == 0)


@pytest.mark.parametrize("role", ROLES)
def test_vectors_that_come_with_tokens_are_those_that_come_alone(encoder: Encoder, role: Role) -> None:
    encoded = encoder.encode_with_tokens(USUAL, role=role)

    assert np.array_equal(np.stack([each.vector for each in encoded]), encoder.encode(USUAL, role=role))
    assert list(encoder.encode_with_tokens([], role=role)) == []


@pytest.mark.parametrize("role", ROLES)
def test_tokens_do_not_depend_on_the_rest_of_the_list(knowing: Encoder, role: Role) -> None:
    together = _tokens(knowing, *USUAL, role=role)

    for found, text in zip(together, USUAL, strict=True):
        assert _same(_tokens(knowing, text, role=role)[0], found)
    assert all(map(_same, _tokens(knowing, *USUAL[::-1], role=role)[::-1], together))


def test_threads_get_the_same_tokens(knowing: Encoder) -> None:
    texts = USUAL[:3] * 4
    expected = _tokens(knowing, *texts)

    with ThreadPoolExecutor(8) as workers:
        found = list(workers.map(lambda text: _tokens(knowing, text)[0], texts))

    assert all(map(_same, found, expected))


@pytest.mark.parametrize("text", ["Router", *USUAL])
def test_neither_prompt_nor_marker_is_among_the_tokens(knowing: Encoder, text: str) -> None:
    asked, answering = (_tokens(knowing, text, role=role)[0].ids.tolist() for role in ROLES)
    (twice,) = _tokens(knowing, f"{text} {text}")

    assert asked == answering  # the prompts differ, so none of theirs is among them
    assert twice.ids.tolist() == asked * 2  # what stands around every text would stand once


@pytest.mark.parametrize("role", ROLES)
def test_even_a_text_of_nothing_has_a_token(knowing: Encoder, role: Role) -> None:
    assert all(len(tokens) >= 1 for tokens in _tokens(knowing, *UNUSUAL, role=role))


def test_codes_are_bytes_nearly_of_the_stated_length(knowing: Encoder) -> None:
    for tokens in _tokens(knowing, *USUAL, *UNUSUAL):
        lengths = np.linalg.norm(tokens.codes.astype(np.float64), axis=1)
        rounding = 0.5 * np.sqrt(knowing.token_dimension)

        assert tokens.codes.dtype == np.int8
        assert tokens.codes.shape == (len(tokens.ids), knowing.token_dimension)
        assert tokens.ids.dtype == np.int32
        assert lengths.max() <= SCALE + rounding
        assert lengths.min() >= 127 - rounding  # a vector of a single component is cut off there
    usual = np.concatenate([tokens.codes for tokens in _tokens(knowing, USUAL[3])])
    assert np.median(np.linalg.norm(usual.astype(np.float64), axis=1)) == pytest.approx(SCALE, rel=0.1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_has_tokens_and_the_vector_that_it_has_alone(encoder: Encoder, text: str) -> None:
    (encoded,) = encoder.encode_with_tokens([text], role="passage")

    assert np.array_equal(encoded.vector, encoder.encode([text], role="passage")[0])
    assert (len(encoded.tokens) >= 1) == (encoder.token_dimension > 0)
