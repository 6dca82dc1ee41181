from __future__ import annotations

import logging
from pathlib import Path

import pytest
import torch
import transformers

from index import adapted, checksums, export
from index.adapted import ensure_adapted
from index.adapter import ADAPTER_CONFIG, ADAPTER_WEIGHTS, Adapter, AdapterError, merge, read_adapter
from index.durable import hash_file
from index.model_folder import verify

TEXT = torch.tensor([[2, 3, 5, 7]])


def write_plain(folder: Path, *, hidden: int = 8) -> Path:
    """Write a BERT of two narrow layers, beside a file of its own, its ONNX form and checksums."""
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=20, hidden_size=hidden, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
    )
    transformers.BertModel(config).save_pretrained(folder)
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model_int8.onnx").write_bytes(b"plain")
    (folder / "tokenizer.json").write_text("{}")
    checksums.write(folder, {"recipe": "1"})
    return folder


def write_adapter(folder: Path, plain: Path, *, seed: int = 1, layers: tuple[int, ...] = (0, 1)) -> Path:
    """Write an adapter that changes the plain model at once."""
    import peft  # here, since it takes seconds, which every process that collects tests would wait for

    torch.manual_seed(seed)
    config = peft.LoraConfig(
        r=2, target_modules=["query", "output.dense"], layers_to_transform=list(layers), init_lora_weights=False
    )
    peft.get_peft_model(transformers.AutoModel.from_pretrained(plain), config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ``plain`` model and an ``adapter`` to it; both are only read."""
    folder = tmp_path_factory.mktemp("made")
    write_adapter(folder / "adapter", write_plain(folder / "plain"))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files with the names of an adapter's."""
    folder = tmp_path / "adapter"
    folder.mkdir()
    (folder / ADAPTER_CONFIG).write_text('{"r": 2}')
    (folder / ADAPTER_WEIGHTS).write_bytes(b"weights")
    return folder


def vector(model: torch.nn.Module) -> torch.Tensor:
    with torch.inference_mode():
        states: torch.Tensor = model.eval()(TEXT).last_hidden_state
    return states


@pytest.mark.parametrize("name", [ADAPTER_CONFIG, ADAPTER_WEIGHTS])
def test_a_missing_file_is_named_with_what_was_expected(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(AdapterError, match="expected an adapter as `make fit-encoder` writes it") as caught:
        read_adapter(folder)

    assert str(folder / name) in str(caught.value)


def test_an_adapter_knows_the_hashes_of_its_files(folder: Path) -> None:
    adapter = read_adapter(folder)

    assert adapter.folder == folder
    assert adapter.facts == {
        "adapter_sha256": hash_file(folder / ADAPTER_WEIGHTS),
        "adapter_config_sha256": hash_file(folder / ADAPTER_CONFIG),
    }


@pytest.mark.parametrize("name", [ADAPTER_CONFIG, ADAPTER_WEIGHTS])
def test_facts_change_with_each_file_and_with_no_other(folder: Path, name: str) -> None:
    before = read_adapter(folder).facts
    (folder / "fit.json").write_text("{}")
    assert read_adapter(folder).facts == before

    (folder / name).write_bytes(b"other")

    assert read_adapter(folder).facts != before


def test_the_merged_folder_does_what_the_adapted_model_does(made: Path, tmp_path: Path) -> None:
    import peft

    merge(made / "plain", read_adapter(made / "adapter"), tmp_path / "merged")

    plain = transformers.AutoModel.from_pretrained(made / "plain")
    before = vector(plain)
    expected = vector(peft.PeftModel.from_pretrained(plain, str(made / "adapter")))
    merged = vector(transformers.AutoModel.from_pretrained(tmp_path / "merged"))
    assert torch.allclose(merged, expected, atol=1e-5)
    assert not torch.allclose(merged, before, atol=1e-3)


def test_the_merged_folder_has_the_plain_one_s_files_but_what_is_built_anew(made: Path, tmp_path: Path) -> None:
    merge(made / "plain", read_adapter(made / "adapter"), tmp_path / "merged")

    names = {path.name for path in (tmp_path / "merged").iterdir()}
    assert names == {"config.json", "model.safetensors", "tokenizer.json"}
    assert hash_file(tmp_path / "merged" / "model.safetensors") != hash_file(made / "plain" / "model.safetensors")


def test_an_adapter_of_another_model_is_refused_by_name(made: Path, tmp_path: Path) -> None:
    plain = write_plain(tmp_path / "wider", hidden=12)

    with pytest.raises(AdapterError, match="does not fit") as caught:
        merge(plain, read_adapter(made / "adapter"), tmp_path / "merged")

    assert str(made / "adapter") in str(caught.value)


@pytest.mark.parametrize("name", [ADAPTER_CONFIG, ADAPTER_WEIGHTS])
def test_an_unreadable_adapter_is_refused_by_name(made: Path, tmp_path: Path, name: str) -> None:
    adapter = write_adapter(tmp_path / "adapter", made / "plain")
    (adapter / name).write_bytes((adapter / name).read_bytes()[:-9])

    with pytest.raises(AdapterError) as caught:
        merge(made / "plain", read_adapter(adapter), tmp_path / "merged")

    assert str(adapter) in str(caught.value)


@pytest.mark.parametrize("layers", [(0,), (1,)])
@pytest.mark.parametrize("exchanged", [ADAPTER_CONFIG, ADAPTER_WEIGHTS])
def test_weights_that_are_not_those_of_the_config_are_refused(
    made: Path, tmp_path: Path, layers: tuple[int, ...], exchanged: str
) -> None:
    adapter = write_adapter(tmp_path / "adapter", made / "plain", layers=layers)
    (adapter / exchanged).write_bytes((made / "adapter" / exchanged).read_bytes())

    with pytest.raises(AdapterError, match="does not fit"):
        merge(made / "plain", read_adapter(adapter), tmp_path / "merged")


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Note the folders that would be exported as ONNX, which takes long."""
    folders: list[Path] = []
    monkeypatch.setattr(export, "export_for_serving", folders.append)
    return folders


def ensured(plain: Path, adapter: Adapter, folder: Path) -> Path:
    ensure_adapted(plain, adapter, folder, lambda line: None)
    return folder


def test_an_adapted_folder_is_built_once_and_remembers_what_it_is_made_of(
    made: Path, tmp_path: Path, exported: list[Path]
) -> None:
    adapter = read_adapter(made / "adapter")

    for _ in range(2):
        folder = ensured(made / "plain", adapter, tmp_path / "models" / "adapted")

    assert len(exported) == 1
    assert verify(folder) == []
    plain_sha256 = hash_file(made / "plain" / "model.safetensors")
    made_of = {**adapter.facts, "plain_sha256": plain_sha256, "recipe": adapted.RECIPE}
    assert made_of.items() <= checksums.read(folder).built_with.items()
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir() if path.name != checksums.CHECKSUMS} == {0o644}


@pytest.mark.usefixtures("exported")
def test_building_leaves_the_log_as_loud_as_it_was(made: Path, tmp_path: Path) -> None:
    loggers = [logging.getLogger(name) for name in ("root", "transformers", "torch.onnx")]
    before = [logger.level for logger in loggers]

    ensured(made / "plain", read_adapter(made / "adapter"), tmp_path / "adapted")

    assert [logger.level for logger in loggers] == before


@pytest.mark.parametrize("changed", ["adapter", "plain", "damaged", "recipe"])
def test_an_adapted_folder_is_built_again_where_anything_changed(
    made: Path, tmp_path: Path, exported: list[Path], monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    plain, adapter = made / "plain", read_adapter(made / "adapter")
    folder = ensured(plain, adapter, tmp_path / "adapted")
    if changed == "adapter":
        adapter = read_adapter(write_adapter(tmp_path / "adapter", plain, seed=2))
    elif changed == "plain":
        plain = tmp_path / "plain"
        merge(made / "plain", adapter, plain)
    elif changed == "damaged":
        (folder / "config.json").unlink()
    else:
        monkeypatch.setattr(adapted, "RECIPE", "next")

    ensured(plain, adapter, folder)

    assert len(exported) == 2
    assert verify(folder) == []


def test_an_adapter_that_does_not_fit_leaves_the_adapted_folder_as_it_was(
    made: Path, tmp_path: Path, exported: list[Path]
) -> None:
    folder = ensured(made / "plain", read_adapter(made / "adapter"), tmp_path / "adapted")
    before = checksums.read(folder)

    with pytest.raises(AdapterError):
        ensured(write_plain(tmp_path / "wider", hidden=12), read_adapter(made / "adapter"), folder)

    assert checksums.read(folder) == before
    assert verify(folder) == []
