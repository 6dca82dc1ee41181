"""Any sentence-transformers model as an encoder: for fine-tuned models and comparisons. Imports PyTorch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from index.encoder import EncoderError, Role, well_formed
from index.tokens import Encoded, TokenVectors

# The names under which models keep their prompts; the first that is there counts.
_PROMPT_NAMES: dict[Role, tuple[str, ...]] = {"query": ("query",), "passage": ("passage", "document")}


class SentenceTransformerEncoder:
    """Encodes with a sentence-transformers model, given by the path of its folder or by its name.

    The prompts are those that the model defines, or none. A text counts up to ``max_tokens`` tokens, or fewer where the
    model takes fewer. ``threads`` sets the cores that PyTorch uses in the whole process.
    It knows no tokens: how well those of a model compare differs from one to the next, and none was measured.
    Weights load from safetensors only, and code that comes with a model never runs.
    Raises `EncoderError` when the model cannot be opened.
    """

    def __init__(self, name: str, *, threads: int = 2, max_tokens: int = 256, device: str = "cpu") -> None:
        torch.set_num_threads(threads)
        self._model = _open(name, device)
        self._model.max_seq_length = min(max_tokens, self._model.max_seq_length or max_tokens)
        self._lock = Lock()  # tokenizers of this kind fail with "Already borrowed" when threads share them
        self._prompts = {role: _prompt(self._model, role) for role in _PROMPT_NAMES}
        self.name = name.rstrip("/").rsplit("/", 1)[-1]
        self.fingerprint = _fingerprint(self._model, self._prompts)
        self.dimension = _dimension(self._model, name)
        self.token_dimension = 0

    def encode(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        """Return vectors of length 1, shape (len(texts), dimension), each text encoded alone."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                [well_formed(text) for text in texts],
                prompt=self._prompts[role],
                batch_size=1,
                show_progress_bar=False,
                normalize_embeddings=True,
            )
        return np.asarray(vectors, dtype=np.float32)

    def encode_with_tokens(self, texts: Sequence[str], *, role: Role) -> Sequence[Encoded]:
        """Return the vectors of texts, without tokens."""
        return [Encoded(vector, TokenVectors.none()) for vector in self.encode(texts, role=role)]


def _open(name: str, device: str) -> SentenceTransformer:
    try:
        return SentenceTransformer(
            name, device=device, trust_remote_code=False, model_kwargs={"use_safetensors": True}
        ).eval()
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise EncoderError(
            f"sentence-transformers model {name!r} cannot be opened ({error}): "
            "give a folder saved by sentence-transformers, or a model name that can be fetched from here"
        ) from error


def _prompt(model: SentenceTransformer, role: Role) -> str:
    prompts = (model.prompts.get(name) for name in _PROMPT_NAMES[role])
    return next((prompt for prompt in prompts if prompt), "")


def _dimension(model: SentenceTransformer, name: str) -> int:
    dimension = model.get_embedding_dimension()
    if dimension is None:
        raise EncoderError(f"sentence-transformers model {name!r} does not say how long its vectors are")
    return dimension


def _fingerprint(model: SentenceTransformer, prompts: dict[Role, str]) -> str:
    digest = hashlib.sha256()
    facts = {
        "modules": [type(module).__name__ + str(_settings(module)) for module in model],
        "max_tokens": model.max_seq_length,
        "prompts": prompts,
    }
    digest.update(json.dumps(facts, sort_keys=True).encode())
    digest.update(_tokenizer_facts(model.tokenizer).encode())
    for key, value in sorted(model.state_dict().items()):
        # BERT's own pooler is never used, and starts at random where a model comes without one.
        if ".pooler.dense." not in key:
            digest.update(f"{key} {tuple(value.shape)} {value.dtype}".encode())
            digest.update(value.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _tokenizer_facts(tokenizer: Any) -> str:
    inner = getattr(tokenizer, "backend_tokenizer", tokenizer)
    return str(inner.to_str()) if hasattr(inner, "to_str") else json.dumps(inner.get_vocab(), sort_keys=True)


def _settings(module: torch.nn.Module) -> object:
    describe = getattr(module, "get_config_dict", None)
    return describe() if callable(describe) else ""
