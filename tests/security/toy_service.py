"""The real application over an index in memory, with the toy encoder."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient
from flask_openapi.openapi import OpenAPI

from assist.app import create_app
from assist.gate import Gate
from assist.parts import SuggesterParts
from assist.scorer import shipped_scorer
from assist.services import Readiness, SuggestEngine
from assist.signing import SuggestionSigner
from assist.suggest import Suggester
from corpus.language import LanguageIdentifier
from corpus.models import KINDS, Kind, Record
from index.builder import index_records
from index.embedding_cache import EmbeddingCache
from index.encoders import open_encoder
from index.progress import SilentReporter
from index.searcher import open_blobs
from tests.local_services import local_services

COMPANY = {"name": "Lindfunk"}


class Indexer:
    """Turns records into suggesters; the vectors of texts seen before are remembered."""

    def __init__(self, folder: Path, company: Mapping[str, str] = COMPANY) -> None:
        self._company = company
        self._encoder = open_encoder("toy", folder)
        self._cache = EmbeddingCache(folder / "embeddings.sqlite")
        self._identifier = LanguageIdentifier.load()

    def suggester(self, records: Mapping[Kind, Sequence[Record]]) -> Suggester:
        ordered: dict[Kind, Sequence[Record]] = {
            kind: sorted(records.get(kind, ()), key=lambda record: record.id) for kind in KINDS
        }
        blobs = index_records(ordered, self._encoder, self._cache, SilentReporter())
        parts = SuggesterParts(
            encoder=self._encoder,
            identifier=self._identifier,
            scorer=shipped_scorer(),
            signer=SuggestionSigner(b"toy"),
            company=self._company,
        )
        return Suggester(open_blobs(blobs, snapshot_id="toy", encoder_name="toy"), parts)


@dataclass
class Fixed:
    """One engine, or none, that serves for good."""

    current: SuggestEngine | None

    def engine(self) -> SuggestEngine | None:
        return self.current

    def state(self) -> Readiness:
        return Readiness(status="ok", snapshot="toy")


@functools.cache
def _shared(audiences: frozenset[str], number: int) -> tuple[FlaskClient, Fixed]:
    engines = Fixed(None)
    return application(engines, audiences=audiences).test_client(), engines


def client_of(
    engine: SuggestEngine, audiences: frozenset[str] = frozenset({"public"}), *, number: int = 0
) -> FlaskClient:
    """Return a client of an application that is made once: its engine is changed, as making one is costly.

    Two with different numbers live side by side.
    """
    client, engines = _shared(audiences, number)
    engines.current = engine
    return client


def application(
    engine: SuggestEngine | Fixed, *, audiences: frozenset[str] = frozenset({"public"}), gate: Gate | None = None
) -> OpenAPI:
    engines = engine if isinstance(engine, Fixed) else Fixed(engine)
    own_gate = {} if gate is None else {"gate": gate}
    return create_app(local_services(engines, audiences=audiences, company=COMPANY, **own_gate))
