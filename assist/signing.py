"""Suggestion ids: self-contained and signed, so that suggesting writes nothing.

An id is a list in JSON: what was suggested, then whom for. Ids of earlier versions end before the latter, and stay
good; parts that are missing at the end are absent.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from assist.models import SuggestKind
from assist.unavailable import Unavailable
from corpus.secret_files import SecretFileError, create_secret

_SALT = "stichwort.suggestion"
_SECRET_BYTES = 32
_PARTS = 6
MAX_CHANNEL = 40
"""Ids stay short: a channel of more characters, which is none that a CRM knows, is left out."""
_RETRY_S = 30
_log = logging.getLogger(__name__)


class UnknownSuggestionError(ValueError):
    """A suggestion id that this deployment did not issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """Whom a suggestion is for, as far as feedback on it needs to know.

    ``case_id`` and ``channel`` are as the caller gave them, ``language`` is the primary subtag that the case was
    understood in, ``agent`` a pseudonym (``corpus.privacy.agents``), never a name.
    """

    case_id: str | None = None
    channel: str | None = None
    language: str | None = None
    agent: str | None = None


NOBODY = AskedFor()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionKey:
    """What a suggestion id says of itself; enough to judge feedback on it later."""

    kind: SuggestKind
    id: str
    snapshot: str
    rank: int
    score: float
    confidence: float
    asked_for: AskedFor = NOBODY


class _Plain:
    """JSON that writes letters as they are: an umlaut is two bytes so, and six escaped."""

    @staticmethod
    def dumps(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def loads(text: str | bytes) -> Any:
        return json.loads(text)


class SuggestionSigner:
    """Writes and reads suggestion ids with a secret of the deployment."""

    def __init__(self, secret: bytes) -> None:
        self._serializer = URLSafeSerializer(secret, salt=_SALT, serializer=_Plain)

    def sign(self, key: SuggestionKey) -> str:
        """Return the id of one suggestion; equal suggestions have equal ids."""
        to = key.asked_for
        parts: list[Any] = [key.kind, key.id, key.snapshot, key.rank, key.score, key.confidence]
        parts += [to.case_id, to.channel, to.language, to.agent]
        while parts[-1] is None:
            parts.pop()
        signed = self._serializer.dumps(parts)
        return signed if isinstance(signed, str) else signed.decode("ascii")

    def read(self, suggestion_id: str) -> SuggestionKey:
        """Return what an id says; raise ``UnknownSuggestionError`` when it was not signed here."""
        try:
            parts = self._serializer.loads(suggestion_id)
            kind, item, snapshot, rank, score, confidence = parts[:_PARTS]
            asked_for = AskedFor(**dict(zip(("case_id", "channel", "language", "agent"), parts[_PARTS:], strict=False)))
        except (BadSignature, ValueError, TypeError) as error:
            raise UnknownSuggestionError("the suggestion_id was not issued by this service") from error
        return SuggestionKey(
            kind=kind, id=item, snapshot=snapshot, rank=rank, score=score, confidence=confidence, asked_for=asked_for
        )


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
        raise Unavailable("A secret that this needs cannot be used", retry_after_s=_RETRY_S) from error
