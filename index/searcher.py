"""An open snapshot: every space in memory, ready to be searched; immutable, shared by all threads of a worker."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from corpus.models import DEFAULT_LANGUAGE, Kind, Record, may_see
from corpus.privacy.masking import MASKED, Masking
from index.case_space import CaseSpace
from index.filters import ValueMasks
from index.native_threads import use_one_core
from index.open_file import OpenFile
from index.pins import Pins, open_pins
from index.situations import USED_KINDS, UsedKind
from index.snapshot import VerifiedSnapshot
from index.space import ItemSpace
from index.spaces import masked_by, open_cases, open_items
from index.urgency.model import UNKNOWN, UrgencyModel

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSnapshot:
    """Everything that one request may look at; ``spoken`` tells the items of each kind by their language."""

    id: str
    encoder_name: str
    items: Mapping[UsedKind, ItemSpace]
    cases: CaseSpace
    spoken: Mapping[UsedKind, ValueMasks]
    pins: Pins = field(default_factory=Pins)
    urgency: UrgencyModel = UNKNOWN

    def languages(self, audiences: frozenset[str]) -> tuple[str, ...]:
        """Return the languages of the items that one of the audiences may see, the commonest first."""
        counts: Counter[str] = Counter()
        for kind, space in self.items.items():
            seen = space.masks.audience.any_of(audiences)
            for code, rows in self.spoken[kind].rows_of.items():
                counts[code] += int(np.count_nonzero(seen & rows))
        found = [code for code, count in counts.items() if count]
        return tuple(sorted(found, key=lambda code: (-counts[code], code))) or (DEFAULT_LANGUAGE,)

    def record(self, kind: Kind, record_id: str, audiences: frozenset[str]) -> Record | None:
        """Return a record that one of the audiences may see; unknown and invisible alike are ``None``."""
        if kind == "pins":
            return self.pins.by_id.get(record_id)
        space = self.cases if kind == "cases" else self.items[kind]
        row = space.row_of.get(record_id)
        if row is None:
            return None
        # The one record is looked at, never a mask over all of them: the time would tell that there is one.
        record: Record = space.cases[row] if isinstance(space, CaseSpace) else space.items[row]
        return record if may_see(audiences, record) else None


def open_snapshot(verified: VerifiedSnapshot, masking: Masking = MASKED) -> OpenSnapshot:
    """Parse a snapshot whose files were verified; nothing but what is left there is read from disk any more.

    It may hold what was changed, erased or withdrawn since it was built: ``index.delta`` brings it up to date.
    """
    manifest = verified.manifest
    return open_blobs(
        verified.blobs,
        snapshot_id=manifest.snapshot_id,
        encoder_name=manifest.encoder.name,
        masking=masking,
        on_disk=verified.on_disk,
    )


def open_blobs(
    blobs: Mapping[str, bytes],
    *,
    snapshot_id: str,
    encoder_name: str,
    masking: Masking = MASKED,
    on_disk: Mapping[str, OpenFile] | None = None,
) -> OpenSnapshot:
    """Parse the files of a snapshot that are in memory, or ``on_disk``, wherever they come from.

    Whatever it was indexed with, nothing is shown that ``masking`` masks.
    """
    if masked_by(blobs) != masking.statement:
        _log.warning(
            "snapshot %s was indexed with masking %s, set is %s: cases are shown as set, but found as they were "
            "indexed; build again with `make reindex`",
            snapshot_id,
            dict(masked_by(blobs)),
            dict(masking.statement),
        )
    use_one_core()
    items = {kind: open_items(kind, blobs, on_disk) for kind in USED_KINDS}
    return OpenSnapshot(
        id=snapshot_id,
        encoder_name=encoder_name,
        items=items,
        cases=open_cases(blobs, masking),
        spoken={kind: _spoken(space.languages) for kind, space in items.items()},
        pins=open_pins(blobs),
        urgency=UrgencyModel.from_blobs(blobs),
    )


def _spoken(languages: Sequence[str]) -> ValueMasks:
    codes = np.array(languages, dtype=np.str_)
    rows = {code: np.flatnonzero(codes == code).tolist() for code in sorted(set(languages))}
    return ValueMasks.of_rows(rows, len(languages))
