"""Turns packed weights into a sentence-transformers folder: fine-tunable and exportable like any other.

This is set-up code: it imports PyTorch, which serving never does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.e5s1 import PackedWeights, Shape, Vocabulary
from index.encoder import PROMPTS
from index.encoders.pieces import BLANKS, DROPPED, MARKERS

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def build_folder(packed: PackedWeights, folder: Path) -> None:
    """Save ``packed`` as a sentence-transformers folder: mean pooling, L2 norm, the prompts of the E5 family."""
    with tempfile.TemporaryDirectory() as scratch:
        _bert(packed).save_pretrained(scratch)
        _fast_tokenizer(packed).save_pretrained(scratch)
        transformer = Transformer(scratch, max_seq_length=packed.shape.positions)
        modules = [transformer, Pooling(packed.shape.hidden, pooling_mode="mean"), Normalize()]
        model = SentenceTransformer(modules=modules, device="cpu", prompts=_prompts())
        model.save_pretrained(str(folder), create_model_card=False)


def _prompts() -> dict[str, str]:
    # sentence-transformers itself calls a passage a document.
    return {"query": PROMPTS["query"], "passage": PROMPTS["passage"], "document": PROMPTS["passage"]}


def _bert(packed: PackedWeights) -> transformers.BertModel:
    shape = packed.shape
    config = transformers.BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=round(shape.layer_norm_eps, 18),
        pad_token_id=packed.vocabulary.pad,
        bos_token_id=packed.vocabulary.bos,
        eos_token_id=packed.vocabulary.eos,
    )
    bert = transformers.BertModel(config, add_pooling_layer=True)
    bert.load_state_dict(_state(packed.tensors, shape, bert.state_dict()), strict=True)
    return bert


def _state(
    tensors: Mapping[str, NDArray[np.float32]], shape: Shape, template: Mapping[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    names = dict(_EMBEDDINGS)
    for layer in range(shape.layers):
        for short, long in _LAYER.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    state = {long: torch.from_numpy(tensors[short]).reshape(template[long].shape) for short, long in names.items()}
    # Mean pooling never reads BERT's own pooler; zeros keep the files the same in every build.
    return state | {name: torch.zeros_like(template[name]) for name in template if name.startswith("pooler.")}


def _fast_tokenizer(packed: PackedWeights) -> transformers.PreTrainedTokenizerFast:
    vocabulary = packed.vocabulary
    special = {
        name: vocabulary.pieces[at]
        for name, at in (
            ("bos_token", vocabulary.bos),
            ("eos_token", vocabulary.eos),
            ("pad_token", vocabulary.pad),
            ("unk_token", vocabulary.unk),
        )
    }
    return transformers.PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=build_tokenizer(vocabulary),
        model_max_length=packed.shape.positions,
        cls_token=special["bos_token"],
        sep_token=special["eos_token"],
        model_input_names=["input_ids", "attention_mask"],
        **special,
    )


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """Return the Unigram tokenizer of the vocabulary; it wraps a text in ``<s>`` and ``</s>``.

    It reads texts as ``index.encoders.pieces`` does, for what computes with PyTorch.
    """
    bos, eos = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]
    scored = [(piece, float(score)) for piece, score in zip(vocabulary.pieces, vocabulary.scores, strict=True)]
    tokenizer = Tokenizer(Unigram(scored, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(DROPPED), ""),
            normalizers.Replace(Regex(BLANKS), " "),
            normalizers.Replace(Regex(MARKERS), "< "),
            normalizers.Strip(left=False, right=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)]
    )
    return tokenizer
