"""Suggestion ids: self-contained and signed, so that suggesting writes nothing."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer

from assist.models import SuggestKind

_SALT = "stichwort.suggestion"
_SECRET_BYTES = 32


class UnknownSuggestionError(ValueError):
    """A suggestion id that this deployment did not issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionKey:
    """What a suggestion id says of itself; enough to judge feedback on it later."""

    kind: SuggestKind
    id: str
    snapshot: str
    rank: int
    score: float
    confidence: float


class SuggestionSigner:
    """Writes and reads suggestion ids with a secret of the deployment."""

    def __init__(self, secret: bytes) -> None:
        self._serializer = URLSafeSerializer(secret, salt=_SALT)

    def sign(self, key: SuggestionKey) -> str:
        """Return the id of one suggestion; equal suggestions have equal ids."""
        signed = self._serializer.dumps([key.kind, key.id, key.snapshot, key.rank, key.score, key.confidence])
        return signed if isinstance(signed, str) else signed.decode("ascii")

    def read(self, suggestion_id: str) -> SuggestionKey:
        """Return what an id says; raise ``UnknownSuggestionError`` when it was not signed here."""
        try:
            kind, item, snapshot, rank, score, confidence = self._serializer.loads(suggestion_id)
        except (BadSignature, ValueError, TypeError) as error:
            raise UnknownSuggestionError("the suggestion_id was not issued by this service") from error
        return SuggestionKey(kind=kind, id=item, snapshot=snapshot, rank=rank, score=score, confidence=confidence)


def load_secret(var: Path, name: str = "secret.key") -> bytes:
    """Return a secret of the deployment from a file in ``var``, made at first use (readable by its owner only)."""
    path = var / name
    var.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _create_once(path)
    secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(secret) != _SECRET_BYTES:
        raise ValueError(
            f"{path}: found {len(secret)} bytes, expected {_SECRET_BYTES}; remove it to have a new one made"
        )
    return secret


def _create_once(path: Path) -> None:
    # Several workers may start at once: a complete file is linked into place, and the first one wins.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(_SECRET_BYTES) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
