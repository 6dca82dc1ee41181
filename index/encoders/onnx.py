"""The encoder that serves: 8-bit ONNX through onnxruntime and SentencePiece, nothing heavier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from index import checksums
from index.durable import hash_file
from index.encoder import PROMPTS, EncoderError, Role, well_formed
from index.encoders.pieces import BLANKS, DROPPED, MARKERS, PieceReader, Pieces
from index.token_basis import SHIPPED, read_basis
from index.tokens import Encoded, Floats, TokenIds, TokenVectors

T = TypeVar("T")

INPUT = "input_ids"
OUTPUT = "sentence_embedding"
TOKENS = "token_states"
MODEL_FILE = "onnx/model_int8.onnx"
TOKENIZER_FILE = "onnx/sentencepiece.model"
MAX_TOKENS = 256

# No piece of the vocabulary is longer: what lies behind so many characters per token cannot reach the token cap.
_CHARACTERS_PER_TOKEN = 16
# onnxruntime's fused form of addition and layer normalisation takes five times as long as the two one after the other,
# and a seventh of the whole. How a graph is computed shows in the last digits, so that this belongs to the fingerprint.
_NOT_FUSED = ("SkipLayerNormFusion",)


class OnnxEncoder:
    """Encodes with the int8 ONNX model of a folder that ``python -m index.weights`` built.

    A text counts up to ``max_tokens`` tokens (2 to 512), prompt and markers included. One text is spread over
    ``threads`` cores, and so is a list of texts. With ``many`` each text has one core, and ``threads`` are encoded at
    a time: a list takes a sixth less, a single text half as long again. Results do not depend on either.
    Raises `EncoderError` when a file is missing or is not the one that was built:
    no file is parsed before it is hashed.
    """

    def __init__(self, folder: Path, *, threads: int = 2, many: bool = False, max_tokens: int = MAX_TOKENS) -> None:
        sums = _verified(folder)
        self._threads = threads
        self._characters = _CHARACTERS_PER_TOKEN * max_tokens
        self._reader = PieceReader(folder / TOKENIZER_FILE, PROMPTS, max_tokens)
        self._session = _open_session(folder / MODEL_FILE, 1 if many else threads)
        self.name = folder.resolve().name
        self.fingerprint = _fingerprint(sums, max_tokens)
        self._basis = read_basis()
        self.dimension = _dimension(self._session, folder / MODEL_FILE, states=self._basis.shape[0])
        self.token_dimension = self._basis.shape[1]

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return vectors of length 1, shape (len(texts), dimension), each text encoded alone."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, vector in enumerate(self._each(lambda text: self._vector(role, text), texts)):
            vectors[row] = vector
        return vectors

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        """Return the vectors of texts and of their tokens, each text encoded alone, in one pass."""

        def closely(text: str) -> Encoded:
            vector, ids, states = self._states(role, text)
            return Encoded(vector, TokenVectors.of(ids, states @ self._basis))

        return list(self._each(closely, texts))

    def token_states(self, text: str, *, role: Role) -> Floats:
        """Return the last states of the tokens of a text, (t, hidden), from which their vectors are made."""
        return self._states(role, text)[2]

    def _each(self, work: Callable[[str], T], texts: Sequence[str]) -> Iterator[T]:
        if len(texts) < 2 or self._threads < 2:
            yield from map(work, texts)
            return
        with ThreadPoolExecutor(self._threads) as workers:
            yield from workers.map(work, texts)

    def _vector(self, role: Role, text: str) -> NDArray[np.float32]:
        # A batch would share one 8-bit activation scale, so that neighbours changed each other's vectors.
        ids = self._pieces(role, text).ids[None]
        vector: NDArray[np.float32] = self._session.run([OUTPUT], {INPUT: ids})[0][0]
        return vector

    def _states(self, role: Role, text: str) -> tuple[Floats, TokenIds, Floats]:
        """Return the vector of a text, and the ids and states of its own tokens; of all, where it has none."""
        pieces = self._pieces(role, text)
        vectors, states = self._session.run([OUTPUT, TOKENS], {INPUT: pieces.ids[None]})
        kept = pieces.own if pieces.ids[pieces.own].size else slice(None)
        return vectors[0], pieces.ids[kept].astype(np.int32), states[0, kept]

    def _pieces(self, role: Role, text: str) -> Pieces:
        blanks_collapsed = " ".join(well_formed(text).split())
        return self._reader.read(role, blanks_collapsed[: self._characters])


def fingerprint_of(folder: Path, *, max_tokens: int = MAX_TOKENS) -> str:
    """Return the fingerprint that the encoder of a folder has, by its checksums alone; no file is opened.

    Raises ``EncoderError`` where the folder has none.
    """
    sums = _sums(folder)
    if unknown := {MODEL_FILE, TOKENIZER_FILE} - sums.files.keys():
        raise EncoderError(
            f"{folder / checksums.CHECKSUMS} names no {' and no '.join(sorted(unknown))}: run make setup"
        )
    return _fingerprint(sums, max_tokens)


def _sums(folder: Path) -> checksums.Checksums:
    try:
        return checksums.read(folder)
    except (OSError, ValueError) as error:
        raise EncoderError(f"{folder / checksums.CHECKSUMS} cannot be read ({error}): run make setup") from error


def _verified(folder: Path) -> checksums.Checksums:
    sums = _sums(folder)
    problems = checksums.compare(folder, sums, (MODEL_FILE, TOKENIZER_FILE))
    if problems:
        raise EncoderError("; ".join(map(str, problems)) + ": run make setup")
    return sums


def _open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Waiting threads that spin take the cores from the other requests.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena would keep the memory of the worst moment; plain allocation costs no measurable time here.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=list(_NOT_FUSED)
    )


def _dimension(session: onnxruntime.InferenceSession, path: Path, *, states: int) -> int:
    shapes = {output.name: output.shape for output in session.get_outputs()}
    vector, tokens = shapes.get(OUTPUT, []), shapes.get(TOKENS, [])
    if len(vector) != 2 or not isinstance(vector[1], int) or len(tokens) != 3 or tokens[2] != states:
        raise EncoderError(
            f"{path}: expected outputs {OUTPUT} of shape (1, dimension) and {TOKENS} of shape (1, tokens, {states}), "
            f"found {shapes}: run make setup, or make fit-encoder CORPUS=folder for an encoder of your own cases"
        )
    return vector[1]


def _fingerprint(sums: checksums.Checksums, max_tokens: int) -> str:
    facts = {
        "model": sums.files[MODEL_FILE].sha256,
        "tokenizer": sums.files[TOKENIZER_FILE].sha256,
        "max_tokens": max_tokens,
        "prompts": dict(PROMPTS),
        "token_basis": hash_file(SHIPPED),
        "normal_form": [DROPPED, BLANKS, MARKERS],
        "not_fused": _NOT_FUSED,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
