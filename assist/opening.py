"""Opening what suggests: the encoder, the snapshot with what changed since, and what a suggester is made of.

The part of the composition root that programs which answer once share with the service.
"""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass

from assist.agent_keys import AgentKeyRing
from assist.agent_names import Pseudonym
from assist.declined import DeclinedMemory, DeclinedOffers
from assist.following import FollowedSnapshot
from assist.live import SnapshotRefusedError
from assist.own_ranker import ranker_in_use
from assist.parts import SuggesterParts
from assist.scorer import Scorer
from assist.settings import Settings
from assist.signing import SuggestionSigner, load_secret
from assist.suggest import Suggester
from corpus.changes import ChangeFeed
from corpus.declined import StoredDeclined
from corpus.language import LanguageIdentifier
from corpus.privacy.masking import Masking
from index.delta import DeltaIndex
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.own_encoder import encoder_that_built, encoders_here, set_encoder
from index.searcher import OpenSnapshot, open_snapshot
from index.snapshot import load_current_or_last_good
from index.snapshot_verify import VerifiedSnapshot

SUGGESTION_SECRET = "secret.key"  # noqa: S105 - the name of a file
_log = logging.getLogger(__name__)


def suggester_parts(settings: Settings, encoder: Encoder, *, signer: SuggestionSigner | None = None) -> SuggesterParts:
    """Return what a suggester is made of, with the ranker in use; why that is not the own one is logged.

    Without ``signer`` it signs with the secret of the deployment, which is made at first use.
    """
    ranker = ranker_in_use(settings.index.var, encoder.fingerprint)
    told = ranker.damaged or ranker.passed_over
    if told is not None:
        _log.warning("%s", told)
    agents = AgentKeyRing(settings.index.agent_keys)
    agents.refresh()
    declined = DeclinedMemory(StoredDeclined(settings.index.database))
    declined.refresh()
    return parts_of(settings, encoder, ranker.scorer, Memories(agents.pseudonym, declined.declined), signer)


@dataclass(frozen=True, slots=True)
class Memories:
    """What a suggester asks of state that others follow: pseudonyms of agents, and declined offers."""

    pseudonym: Pseudonym
    declined: DeclinedOffers


def parts_of(
    settings: Settings,
    encoder: Encoder,
    scorer: Scorer,
    memories: Memories,
    signer: SuggestionSigner | None = None,
) -> SuggesterParts:
    """Return what a suggester is made of."""
    return SuggesterParts(
        encoder=encoder,
        identifier=LanguageIdentifier.load(),
        scorer=scorer,
        signer=signer or SuggestionSigner(load_secret(settings.index.var, SUGGESTION_SECRET)),
        company=settings.company,
        maps=settings.merge_maps,
        masking=settings.index.masking,
        precision=settings.precision,
        pseudonym=memories.pseudonym,
        declined=memories.declined,
        urgency=settings.index.urgency,
    )


def encoder_of(settings: Settings) -> Encoder:
    """Open the encoder that an index is built with."""
    return set_encoder(settings.index)


def current_suggester(settings: Settings, encoder: Encoder | None = None) -> Suggester:
    """Return a suggester over the snapshot that serves now, for programs that answer once and end.

    ``encoder`` is one that is open already, in case it is the right one.
    """
    verified, _ = load_current_or_last_good(settings.index.var)
    if encoder is None or encoder.fingerprint != verified.manifest.encoder.fingerprint:
        encoder = encoder_for(verified, settings)
    with EmbeddingCache(settings.index.embedding_cache) as cache:
        return Suggester(up_to_date(verified, encoder, settings, cache), suggester_parts(settings, encoder))


def up_to_date(verified: VerifiedSnapshot, encoder: Encoder, settings: Settings, cache: EmbeddingCache) -> OpenSnapshot:
    """Open a snapshot with what changed in the store since; raises ``StoreError``."""
    with closing(ChangeFeed(settings.index.database, settings.index.erasures)) as feed:
        _, followed = open_followed(verified, encoder, settings.index.masking, feed, cache)
        return followed.catch_up()


def open_followed(
    verified: VerifiedSnapshot, encoder: Encoder, masking: Masking, feed: ChangeFeed, cache: EmbeddingCache
) -> tuple[OpenSnapshot, FollowedSnapshot]:
    """Return a snapshot as it was built, and what brings it up to date."""
    snapshot = open_snapshot(verified, masking)
    return snapshot, FollowedSnapshot(snapshot, DeltaIndex(snapshot, encoder, cache, masking), feed)


def encoder_for(verified: VerifiedSnapshot, settings: Settings) -> Encoder:
    """Open the encoder that built a snapshot; raise ``SnapshotRefusedError`` when it is none that is known here."""
    built_by = verified.manifest.encoder
    encoder = encoder_that_built(built_by.fingerprint, settings.index)
    if encoder is None:
        raise SnapshotRefusedError(
            f"snapshot {verified.manifest.snapshot_id} was built by the encoder {built_by.name} "
            f"({built_by.fingerprint[:12]}), which is neither set by ASSIST_ENCODER ({settings.index.encoder}) nor "
            "among the encoders kept here: build it again with `make reindex`, or set ASSIST_ENCODER to the former. "
            "Kept here: " + "; ".join(f"{folder}: {what}" for folder, what in encoders_here(settings.index).items())
        )
    if encoder.dimension != built_by.dimension:
        raise SnapshotRefusedError(
            f"snapshot {verified.manifest.snapshot_id} holds vectors of {built_by.dimension} components, and the "
            f"encoder {encoder.name} makes {encoder.dimension}: build it again with `make reindex`"
        )
    return encoder
