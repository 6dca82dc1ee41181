"""Suggestion ids: self-contained and signed, so that suggesting writes nothing."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer

from assist.models import SuggestKind
from assist.unavailable import Unavailable
from corpus.secret_files import SecretFileError, create_secret

_SALT = "stichwort.suggestion"
_SECRET_BYTES = 32
_RETRY_S = 30
_log = logging.getLogger(__name__)


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
    """Return a secret of the deployment from a file in ``var``, made at first use (readable by its owner only).

    Raises ``SecretFileError`` for a file that holds something else, and ``OSError`` where it cannot be read or made.
    """
    path = var / name
    if not path.exists():
        create_secret(path, secrets.token_hex(_SECRET_BYTES) + "\n")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != _SECRET_BYTES:
        raise SecretFileError(
            f"{path}: found something else than a secret, expected {_SECRET_BYTES} bytes in hexadecimal; restore the "
            "file, or remove it to have a new one made (what was signed with the old one is refused then)"
        )
    return secret


def secret_or_unavailable(var: Path, name: str) -> bytes:
    """Return a secret as ``load_secret`` does; a request that needs one that cannot be had is a 503, not a fault."""
    try:
        return load_secret(var, name)
    except (OSError, SecretFileError) as error:
        # The message names paths of this machine, which are for its operator.
        _log.error("a secret cannot be used: %s", error)
        raise Unavailable("The secret that tokens are signed with cannot be used", retry_after_s=_RETRY_S) from error
