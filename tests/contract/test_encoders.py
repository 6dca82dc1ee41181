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


@pytest.fixture(
    scope="module",
    params=[
        "toy",
        pytest.param("packaged", marks=pytest.mark.model),
        pytest.param(ADAPTED, marks=(pytest.mark.model, pytest.mark.slow), id="sentence-transformers"),
    ],
)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param != "toy" and not (MODELS / ADAPTED).exists():
        pytest.skip(f"{MODELS / ADAPTED} is not built: run make setup")
    return open_encoder(request.param, MODELS)


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
    again = open_encoder(request.node.callspec.params["encoder"], MODELS, threads=1)

    assert again.fingerprint == encoder.fingerprint
    assert set(again.fingerprint) <= set(string.hexdigits)
    assert (again.name, again.dimension) == (encoder.name, encoder.dimension)
    assert encoder.name


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_has_a_finite_vector(encoder: Encoder, text: str) -> None:
    vector = encoder.encode([text], role="query")[0]

    assert np.isfinite(vector).all()
    assert float(vector @ vector) == pytest.approx(1, abs=1e-5)
