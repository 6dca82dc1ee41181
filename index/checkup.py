"""Everything at rest, read and compared with what was written: snapshots, encoders, the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.integrity import check_integrity
from corpus.store_errors import StoreError
from index import checksums, model_folder
from index.encoder import EncoderError
from index.own_encoder import encoder_in_use, encoders_folder
from index.settings import IndexSettings
from index.snapshot import Problem, UnknownSnapshotError, verify
from index.snapshot_store import pointer_problems
from index.snapshot_verify import snapshot_directory, snapshot_ids, snapshots_root
from index.weights import ADAPTED, PACKAGED

Part = Literal["pointer", "snapshot", "encoder", "store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One file, or place in one, that is not what was written."""

    file: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was checked; ``checked`` says how much of it, ``damages`` is empty where all is well."""

    part: Part
    name: str
    checked: str
    damages: tuple[Damage, ...]


def check_up(settings: IndexSettings, snapshot_id: str | None = None) -> Iterator[Finding]:
    """Check every snapshot, or the one named, then the encoders and the store; nothing is written.

    Raises ``UnknownSnapshotError``.
    """
    existing = snapshot_ids(settings.var)
    if snapshot_id is not None and snapshot_id not in existing:
        raise UnknownSnapshotError(snapshot_id)
    if existing and snapshot_id is None:
        pointer = _damages(pointer_problems(settings.var))
        yield Finding(part="pointer", name=str(snapshots_root(settings.var) / "CURRENT"), checked="", damages=pointer)
    for each in existing if snapshot_id is None else (snapshot_id,):
        yield Finding(
            part="snapshot",
            name=each,
            checked=_extent(snapshot_directory(settings.var, each)),
            damages=_damages(verify(settings.var, each)),
        )
    yield from _encoders(settings)
    yield from _store(settings, expected=bool(existing))


def _damages(problems: Iterable[Problem]) -> tuple[Damage, ...]:
    return tuple(Damage(file=each.file, found=each.found, expected=each.expected) for each in problems)


def _encoders(settings: IndexSettings) -> Iterator[Finding]:
    try:
        in_use = encoder_in_use(settings)
    except EncoderError as error:
        damage = Damage(file="CURRENT", found=str(error), expected="the name of an encoder beside it")
        yield Finding(part="encoder", name=str(encoders_folder(settings)), checked="", damages=(damage,))
        in_use = None
    for folder in _encoder_folders(settings, in_use):
        damages = tuple(
            Damage(file=str(problem.file), found=problem.found, expected=problem.expected)
            for problem in model_folder.verify(folder)
        )
        yield Finding(part="encoder", name=str(folder), checked=_extent(folder), damages=damages)


def _encoder_folders(settings: IndexSettings, in_use: Path | None) -> list[Path]:
    """Return the folders that must be whole: what is set, and what is there and may have built a snapshot."""
    plain = settings.models / PACKAGED
    if settings.encoder == "packaged":
        own = encoders_folder(settings)
        kept = [path for path in own.iterdir() if (path / checksums.CHECKSUMS).is_file()] if own.is_dir() else []
        wanted = {settings.models / ADAPTED, *kept, *([in_use] if in_use else [])}
        return sorted(wanted) + ([plain] if plain.is_dir() else [])
    folder = plain if settings.encoder == "plain" else settings.models / settings.encoder
    # Other models come without checksums: there is nothing to compare them with.
    return [folder] if settings.encoder == "plain" or (folder / checksums.CHECKSUMS).is_file() else []


def _store(settings: IndexSettings, *, expected: bool) -> Iterator[Finding]:
    name = settings.database_file if settings.database_url is None else Path("ASSIST_DATABASE_URL")
    if settings.database_url is None and not settings.database_file.exists():
        if expected:
            damage = Damage(file=str(name), found="no such file", expected="the store that the snapshots were built of")
            yield Finding(part="store", name=str(name), checked="", damages=(damage,))
        return
    try:
        integrity = check_integrity(settings.database)
    except StoreError as error:
        damage = Damage(file=str(name), found=str(error), expected="a store that can be read")
        yield Finding(part="store", name=str(name), checked="", damages=(damage,))
        return
    damages = tuple(
        Damage(file=f"{name}: {fault.place}", found=fault.found, expected=fault.expected) for fault in integrity.faults
    )
    yield Finding(part="store", name=str(name), checked=f"{integrity.contents} contents", damages=damages)


def _extent(folder: Path) -> str:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    return f"{len(sizes)} files, {sum(sizes) / 1e6:.1f} MB"
