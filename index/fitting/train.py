"""Training: the plain encoder and problems in, a folder with a low-rank adapter out.

The adapter is LoRA (Hu et al. 2021, arXiv 2106.09685) by ``peft`` on every linear map of the upper layers, trained by
``sentence-transformers``. Its folder is what ``peft`` reads: ``adapter_config.json``, ``adapter_model.safetensors``.
"""

from __future__ import annotations

import random
import resource
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from peft import LoraConfig, PeftModel, get_peft_model
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import DefaultBatchSampler
from transformers import PrinterCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from index.adapter import ADAPTER_WEIGHTS
from index.encoder import PROMPTS, Role
from index.fitting.batches import neighbour_batches
from index.fitting.loss import COLUMNS, Anchors, CustomerLoss
from index.fitting.material import FitProblem, HeldText, Pair, fingerprint_of, pairs_of
from index.fitting.recipe import Recipe

# Longer texts are cut as they are when serving; messages and articles seldom reach it.
MAX_TOKENS = 256
_PASSAGES = frozenset({"article", "passage"})
_LINEAR = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")
_WARM_UP = 0.1
# How much stronger than its rank an adapter acts while it learns, as is usual for LoRA.
_SCALE = 2

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitReport:
    """How a fit went; ``peak_memory_mb`` is that of the whole process, ``data`` the fingerprint of the problems."""

    problems: int
    messages: int
    steps: int
    seconds: float
    peak_memory_mb: int
    data: str
    recipe: Recipe

    def to_json(self) -> dict[str, object]:
        """Return the report as JSON values."""
        return asdict(self)


def fit_adapter(
    plain: Path,
    problems: Sequence[FitProblem],
    held: Sequence[HeldText],
    recipe: Recipe,
    out: Path,
    *,
    threads: int = 2,
    progress: Progress,
) -> FitReport:
    """Train an adapter for the sentence-transformers folder ``plain`` and write it into the folder ``out``.

    It learns from ``problems``, and is kept from moving ``held``. ``progress`` is told the steps done and to be done.
    With equal seeds and library versions, equal machines give equal adapters. Raises ``ValueError`` where there are
    fewer than two problems, or nothing to hold.
    """
    if not held:
        raise ValueError("found no plain questions and passages to hold, expected some: the encoder would forget")
    if len(problems) < 2:
        raise ValueError(f"found {len(problems)} problems to learn from, expected two or more to tell apart")
    begin = monotonic()
    torch.set_num_threads(threads)
    torch.manual_seed(recipe.seed)
    model = _open(plain)
    pairs = pairs_of(problems)
    plain_texts = _plain_texts(problems, held)
    anchors = _anchors(model, problems, plain_texts)
    sampler = _sampler(problems, pairs, anchors.articles.numpy(), recipe)
    adapted = _add_adapter(model, recipe)
    steps = max(1, round(recipe.epochs * sampler.batches_per_epoch))
    with tempfile.TemporaryDirectory() as scratch:
        trainer = SentenceTransformerTrainer(
            model=model,
            args=_arguments(scratch, recipe, steps, sampler),
            train_dataset=_dataset(problems, pairs, plain_texts, random.Random(recipe.seed)),  # noqa: S311 - no secret
            loss=CustomerLoss(model, anchors, recipe),
            callbacks=[_Telling(progress)],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    _save(adapted, plain.name, recipe, out)
    return FitReport(
        problems=len(problems),
        messages=sum(len(each.messages) for each in problems),
        steps=steps,
        seconds=round(monotonic() - begin, 1),
        peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        data=fingerprint_of(problems, held),
        recipe=recipe,
    )


def trains_in_bfloat16() -> bool:
    """Whether this processor multiplies 16-bit floats itself; elsewhere 32 bits are faster."""
    return bool(torch.cpu._is_avx512_bf16_supported())


def _open(plain: Path) -> SentenceTransformer:
    # PyTorch's fused attention takes three times as long to differentiate on a processor as the plain one.
    kwargs: dict[str, Any] = {"attn_implementation": "eager", "use_safetensors": True}
    if trains_in_bfloat16():
        kwargs["dtype"] = torch.bfloat16
    # Without dropout a vector is a function of its text, which the anchors rely on.
    quiet = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    model = SentenceTransformer(
        str(plain), device="cpu", trust_remote_code=False, model_kwargs=kwargs, config_kwargs=quiet
    )
    model.max_seq_length = MAX_TOKENS
    return model


@dataclass(frozen=True, slots=True, kw_only=True)
class _PlainTexts:
    """What must not move: short questions and passages, whatever they are about."""

    questions: Sequence[str]
    passages: Sequence[str]


def _plain_texts(problems: Sequence[FitProblem], held: Sequence[HeldText]) -> _PlainTexts:
    own = [each.question for each in problems if each.question]
    return _PlainTexts(questions=[*own, *(each.question for each in held)], passages=[each.passage for each in held])


def _anchors(model: SentenceTransformer, problems: Sequence[FitProblem], plain: _PlainTexts) -> Anchors:
    def encode(texts: Sequence[str], role: Role) -> torch.Tensor:
        vectors = model.encode(
            list(texts),
            prompt=PROMPTS[role],
            convert_to_tensor=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        # what was made in inference mode cannot take part in training
        return torch.nn.functional.normalize(vectors.float(), dim=1).clone()

    return Anchors(
        titles=encode([_title(each) for each in problems], "query"),
        articles=encode([each.passage for each in problems], "passage"),
        questions=encode(plain.questions, "query"),
        passages=encode(plain.passages, "passage"),
    )


def _add_adapter(model: SentenceTransformer, recipe: Recipe) -> PeftModel:
    transformer: Any = model[0]
    bert = transformer.model
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=_SCALE * recipe.rank,
        lora_dropout=0.0,
        target_modules=list(_LINEAR),
        layers_to_transform=list(range(recipe.first_layer, bert.config.num_hidden_layers)),
        layers_pattern="layer",
    )
    adapted = get_peft_model(bert, config)
    transformer.model = adapted
    return adapted


def _dataset(problems: Sequence[FitProblem], pairs: Sequence[Pair], plain: _PlainTexts, rng: random.Random) -> Dataset:
    questions = _drawn(len(plain.questions), len(pairs), rng)
    passages = _drawn(len(plain.passages), len(pairs), rng)
    columns: dict[str, list[Any]] = {
        "message": [pair.message for pair in pairs],
        "other": [pair.other for pair in pairs],
        "title": [_title(problems[pair.problem]) for pair in pairs],
        "article": [problems[pair.problem].passage for pair in pairs],
        "question": [plain.questions[row] for row in questions],
        "passage": [plain.passages[row] for row in passages],
        "label": [list(rows) for rows in zip((pair.problem for pair in pairs), questions, passages, strict=True)],
    }
    return Dataset.from_dict(columns)


def _drawn(size: int, number: int, rng: random.Random) -> list[int]:
    """Return so many rows out of ``size``, each as often as any other, in random order."""
    rows = [at % size for at in range(number)]
    rng.shuffle(rows)
    return rows


def _title(problem: FitProblem) -> str:
    return problem.title or problem.article


class _Batches(DefaultBatchSampler):
    """Batches of neighbours, drawn anew for each epoch."""

    def __init__(self, draw: Callable[[], list[list[int]]], rows: int, size: int) -> None:
        super().__init__(range(rows), batch_size=size, drop_last=False)
        self._draw = draw
        self._next = draw()
        self.batches_per_epoch = len(self._next)

    def __iter__(self) -> Iterator[list[int]]:
        batches, self._next = self._next, self._draw()
        return iter(batches)

    def __len__(self) -> int:
        return self.batches_per_epoch


def _sampler(
    problems: Sequence[FitProblem], pairs: Sequence[Pair], vectors: NDArray[np.float32], recipe: Recipe
) -> _Batches:
    rng = random.Random(recipe.seed)  # noqa: S311 - no secret
    groups = [each.group for each in problems]
    about = [pair.problem for pair in pairs]
    return _Batches(
        lambda: neighbour_batches(about, groups, vectors, size=recipe.batch, rng=rng), len(pairs), recipe.batch
    )


def _arguments(scratch: str, recipe: Recipe, steps: int, sampler: _Batches) -> SentenceTransformerTrainingArguments:
    return SentenceTransformerTrainingArguments(
        output_dir=scratch,
        use_cpu=True,
        bf16=trains_in_bfloat16(),
        max_steps=steps,
        per_device_train_batch_size=recipe.batch,
        batch_sampler=lambda *_, **__: sampler,
        prompts={column: PROMPTS["passage" if column in _PASSAGES else "query"] for column in COLUMNS},
        learning_rate=recipe.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=_WARM_UP,
        weight_decay=0.01,
        seed=recipe.seed,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        logging_strategy="no",
        dataloader_num_workers=0,
    )


class _Telling(TrainerCallback):
    """Tells somebody how far the training is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """Report the steps done."""
        self._progress(state.global_step, state.max_steps)


def _save(adapted: PeftModel, plain: str, recipe: Recipe, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    # 16 bits halve the file; what they round away is far below what 8-bit export does.
    state = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in sorted(get_peft_model_state_dict(adapted).items())
    }
    save_file(state, str(out / ADAPTER_WEIGHTS))
    # peft would write the path of the plain folder, and the modules in an order that changes from run to run.
    config: Any = adapted.peft_config["default"]
    config.base_model_name_or_path = plain
    config.target_modules = sorted(config.target_modules)
    config.lora_alpha = _SCALE * recipe.rank * recipe.strength
    config.save_pretrained(str(out))
