"""The tokens of the encoder that serves, over a tiny model in which every letter is a token."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import EncoderError
from index.encoders.onnx import OnnxEncoder
from index.token_basis import DIMENSION as KEPT
from index.token_basis import read_basis
from index.tokens import TokenVectors
from tests.tiny_encoder import write_tiny_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> OnnxEncoder:
    return OnnxEncoder(write_tiny_encoder(tmp_path_factory.mktemp("models") / "tiny", seed=1), threads=1)


def _tokens(encoder: OnnxEncoder, text: str) -> TokenVectors:
    return encoder.encode_with_tokens([text], role="query")[0].tokens


def test_tokens_are_those_of_the_text_without_its_prompt(encoder: OnnxEncoder) -> None:
    tokens = _tokens(encoder, "abca")
    assert tokens.codes.shape == (4, KEPT)
    assert tokens.ids[0] == tokens.ids[3]
    assert len(set(tokens.ids.tolist())) == 3
    assert np.array_equal(tokens.codes[0], tokens.codes[3])  # letters know no context


def test_their_vectors_are_the_states_along_the_shipped_basis(encoder: OnnxEncoder) -> None:
    states = encoder.token_states("router", role="passage")
    assert states.shape == (6, read_basis().shape[0])
    tokens = _tokens(encoder, "router")
    assert np.array_equal(tokens.codes, TokenVectors.of(tokens.ids, states @ read_basis()).codes)


def test_white_space_counts_once(encoder: OnnxEncoder) -> None:
    assert np.array_equal(_tokens(encoder, " a \n\t b ").ids, _tokens(encoder, "a b").ids)


def test_a_text_has_tokens_up_to_the_cap(tmp_path: Path) -> None:
    encoder = OnnxEncoder(write_tiny_encoder(tmp_path / "tiny", seed=1), threads=1, max_tokens=20)
    # Beside two markers, the letters of the prompt, and the blank before the first word.
    assert len(_tokens(encoder, "x" * 100)) == 20 - 2 - len("▁query:") - len("▁")


def test_an_empty_text_has_the_tokens_of_its_prompt(encoder: OnnxEncoder) -> None:
    assert len(_tokens(encoder, "")) == 2 + len("▁query:")


def test_a_model_whose_states_do_not_fit_the_basis_is_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = write_tiny_encoder(tmp_path / "tiny", seed=1, dimension=16)
    with pytest.raises(EncoderError, match=r"token_states of shape \(1, tokens, 384\).*make setup.*make fit-encoder"):
        OnnxEncoder(folder)
