"""An adapter of the encoder: a folder as ``peft`` reads it, and what it is to the plain encoder.

Reading and hashing need no PyTorch; merging does, and happens at set-up.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from index.durable import hash_file

ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = "adapter_model.safetensors"

# The adapter that comes with the product, on by default.
SHIPPED = Path(__file__).with_name("adapters") / "customer"


class AdapterError(RuntimeError):
    """An adapter cannot be used; the message names the file, what was expected, and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """A folder with an adapter; ``sha256`` is that of its weights, ``config_sha256`` of how they are applied."""

    folder: Path
    sha256: str
    config_sha256: str

    @property
    def facts(self) -> dict[str, str]:
        """What a merged folder remembers of it."""
        return {"adapter_sha256": self.sha256, "adapter_config_sha256": self.config_sha256}


def read_adapter(folder: Path) -> Adapter:
    """Return the adapter in a folder; raise ``AdapterError`` where one of its files is missing."""
    for name in (ADAPTER_CONFIG, ADAPTER_WEIGHTS):
        if not (folder / name).is_file():
            raise AdapterError(f"{folder / name}: no such file; expected an adapter as `make fit-encoder` writes it")
    return Adapter(
        folder=folder,
        sha256=hash_file(folder / ADAPTER_WEIGHTS),
        config_sha256=hash_file(folder / ADAPTER_CONFIG),
    )


def merge(plain: Path, adapter: Adapter, target: Path) -> None:
    """Write the sentence-transformers folder ``plain`` with the adapter merged into its weights as ``target``.

    Raises ``AdapterError`` where the adapter does not fit the weights.
    """
    import torch
    import transformers
    from peft import PeftModel, get_peft_model_state_dict
    from safetensors import SafetensorError, safe_open

    shutil.copytree(plain, target, ignore=shutil.ignore_patterns("onnx", "checksums.json", "model.safetensors"))
    bert = transformers.AutoModel.from_pretrained(plain, trust_remote_code=False, use_safetensors=True)
    try:
        with safe_open(adapter.folder / ADAPTER_WEIGHTS, framework="pt") as weights:
            found = set(weights.keys())
        adapted = PeftModel.from_pretrained(bert, str(adapter.folder), torch_dtype=torch.float32)
    except (RuntimeError, ValueError, KeyError, SafetensorError) as error:
        raise AdapterError(f"{adapter.folder} does not fit {plain}: {error}") from error
    # peft passes over what it does not know or does not find
    if strange := found ^ set(get_peft_model_state_dict(adapted, save_embedding_layers=False)):
        raise AdapterError(
            f"{adapter.folder} does not fit {plain}: {ADAPTER_WEIGHTS} and {ADAPTER_CONFIG} differ in "
            f"{len(strange)} weights, such as {min(strange)}"
        )
    adapted.merge_and_unload().save_pretrained(target)
