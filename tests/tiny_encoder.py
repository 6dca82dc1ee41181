"""A folder that opens as the packaged encoder does, made in milliseconds: letters are vectors, a text is their mean."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index import checksums
from index.encoders.onnx import INPUT, MODEL_FILE, OUTPUT, TOKENIZER_FILE, TOKENS
from index.pieces_file import Markers, pieces_file
from index.token_basis import read_basis

DIMENSION = read_basis().shape[0]
MARKS = ("<s>", "</s>", "<pad>", "<unk>")


def write_tiny_encoder(folder: Path, *, seed: int, dimension: int = DIMENSION) -> Path:
    """Write an ONNX encoder of random letters; another seed makes another encoder.

    Another ``dimension`` than that of the shipped basis makes one that must not open.
    """
    letters = [*MARKS, *string.ascii_letters, *string.digits, *"äöüß▁"]
    (folder / MODEL_FILE).parent.mkdir(parents=True)
    onnx.save(_model(np.random.default_rng(seed).normal(size=(len(letters), dimension))), folder / MODEL_FILE)
    markers = Markers(begin=0, end=1, pad=2, unknown=3)
    (folder / TOKENIZER_FILE).write_bytes(pieces_file([(letter, 0.0) for letter in letters], markers))
    checksums.write(folder, {"recipe": "tiny"})
    return folder


def _model(table: np.ndarray) -> onnx.ModelProto:
    dimension = table.shape[1]
    nodes = [
        helper.make_node("Gather", ["table", INPUT], [TOKENS]),
        helper.make_node("ReduceMean", [TOKENS, "axes"], ["mean"], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], [OUTPUT], axis=1, p=2),
    ]
    constants = [
        numpy_helper.from_array(table.astype(np.float32), "table"),
        numpy_helper.from_array(np.array([1]), "axes"),
    ]
    ids = helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "tokens"])
    vector = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, dimension])
    states = helper.make_tensor_value_info(TOKENS, TensorProto.FLOAT, [1, "tokens", dimension])
    graph = helper.make_graph(nodes, "tiny", [ids], [vector, states], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
