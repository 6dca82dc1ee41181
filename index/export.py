"""Exports a sentence-transformers folder as 8-bit ONNX, the form in which it serves.

This is set-up code: it imports PyTorch, which serving never does.
"""

from __future__ import annotations

import json
import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import onnx
import onnxruntime
import sentence_transformers
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic

from index import checksums
from index.encoders.onnx import INPUT, MODEL_FILE, OUTPUT, TOKENIZER_FILE, TOKENS
from index.pieces_file import Markers, pieces_file

# From 23 on attention is one operator, and from 20 on GELU: onnxruntime recognises neither in the parts of older ones.
_OPSET = 23
_LONGEST = 512


def seal(folder: Path, made_of: Mapping[str, str]) -> None:
    """Give every file its mode and write the checksums of a finished folder, with what it was made of and by."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    checksums.write(folder, {**made_of, **versions()})


def versions() -> dict[str, str]:
    """Return the versions of the packages that shape the result, by name."""
    modules = {
        "torch": torch,
        "transformers": transformers,
        "sentence-transformers": sentence_transformers,
        "onnxruntime": onnxruntime,
    }
    return {name: str(module.__version__) for name, module in modules.items()}


@contextmanager
def quiet() -> Iterator[None]:
    """Silence progress bars, and for its duration warnings about choices made here on purpose."""
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # The quantiser logs by the root logger, which the rest of a process needs.
    levels = {logger: logger.level for logger in map(logging.getLogger, ("transformers", "torch.onnx", "root"))}
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=FutureWarning)
            for logger in levels:
                logger.setLevel(logging.ERROR)
            yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


def export_for_serving(folder: Path) -> None:
    """Export a sentence-transformers folder (BERT, mean pooling, a unigram vocabulary) into its ``onnx/``."""
    _export_model(folder)
    _export_vocabulary(folder)


def _export_vocabulary(folder: Path) -> None:
    read_by = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    model = json.loads(read_by.backend_tokenizer.to_str())["model"]
    if model["type"] != "Unigram":
        raise ValueError(f"{folder} has a tokenizer of type {model['type']}, expected Unigram: export another encoder")
    markers = Markers(
        begin=read_by.bos_token_id, end=read_by.eos_token_id, pad=read_by.pad_token_id, unknown=read_by.unk_token_id
    )
    (folder / TOKENIZER_FILE).write_bytes(pieces_file(model["vocab"], markers))


def _export_model(folder: Path) -> None:
    target = folder / MODEL_FILE
    target.parent.mkdir(exist_ok=True)
    bert = transformers.AutoModel.from_pretrained(folder, attn_implementation="sdpa", trust_remote_code=False)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        exact = Path(scratch) / "model.onnx"
        _export_exact(bert, exact)
        quantize_dynamic(
            exact,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    _drop_traces(target)


def _drop_traces(path: Path) -> None:
    # The exporter notes in every node which lines of which files made it, so each place would build other bytes.
    model = onnx.load(path)
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.initializer, *graph.value_info, *graph.input, *graph.output):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.save(model, path)


class _SentenceEmbedding(torch.nn.Module):
    """Encoder, mean pooling and L2 norm over one text without padding.

    ids (1, tokens) -> the vector of the text (1, hidden) and the states of its tokens (1, tokens, hidden).
    """

    def __init__(self, bert: torch.nn.Module) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.bert(input_ids=input_ids, attention_mask=torch.ones_like(input_ids)).last_hidden_state
        return torch.nn.functional.normalize(states.mean(dim=1), dim=1), states


def _export_exact(bert: torch.nn.Module, target: Path) -> None:
    # The batch stays 1: with 8-bit activations a batch would change the scores of every text in it.
    example = torch.arange(4, 20).unsqueeze(0)
    with torch.inference_mode():
        torch.onnx.export(
            _SentenceEmbedding(bert).eval(),
            (example,),
            target,
            dynamo=True,
            external_data=False,
            opset_version=_OPSET,
            input_names=[INPUT],
            output_names=[OUTPUT, TOKENS],
            dynamic_shapes={INPUT: {1: torch.export.Dim("tokens", min=2, max=_LONGEST)}},
            verbose=False,
        )
