"""``python -m index where`` and ``affected``: where a text stands, and which cases were given an item."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from corpus.codec import from_json
from corpus.exposure import Exposure, FeedbackLog, used_in
from corpus.models import KINDS, Case, Kind, Record
from corpus.store import Store
from corpus.times import format_time, parse_moment
from corpus.whereabouts import Hit, find_text
from index.cli import DONE
from index.commands.tables import shown_time
from index.settings import IndexSettings

_VERSION_DIGITS = 12
_ITEM_KINDS: tuple[Kind, ...] = ("articles", "templates", "actions")


def add_where_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``where``."""
    parser.add_argument("--text", required=True, type=_filled, help="the text to look for, such as 39,99")
    parser.add_argument("--loose", action="store_true", help="39.99 equals 39,99; any dash or quotation mark will do")


def add_affected_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``affected``."""
    parser.add_argument("--item", required=True, type=_item, metavar="KIND/ID", help="such as articles/kb-7")
    parser.add_argument("--since", type=_moment, default=None, help="a day or an RFC 3339 time, such as 2026-11-01")


def run_where(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Print every place of a text in what is live."""
    with Store.open(settings.database, create=False) as store:
        hits = [hit for kind in KINDS for hit in find_text(kind, _live(store, kind), options.text, loose=options.loose)]
    for hit in hits:
        print(json.dumps(asdict(hit), ensure_ascii=False) if options.json else _hit_line(hit))
    if not options.json:
        print(_sum_of(hits))
    return DONE


def run_affected(settings: IndexSettings, options: argparse.Namespace) -> int:
    """Print the cases that were shown or sent an item, or solved with it."""
    kind, item_id = options.item
    with FeedbackLog.open(settings.database, create=False) as log:
        told = log.exposures(kind, item_id, options.since)
    with Store.open(settings.database, create=False) as store:
        cases = (_record("cases", payload) for _, _, payload in store.live_records("cases"))
        used = list(used_in((case for case in cases if isinstance(case, Case)), kind, item_id, options.since))
    exposures = sorted((*told, *used), key=lambda each: (each.at or datetime.min.replace(tzinfo=UTC), each.case or ""))
    for each in exposures:
        print(json.dumps(_document(each), ensure_ascii=False) if options.json else _exposure_line(each))
    if not options.json:
        print(f"{kind}/{item_id}: {_sum_of_exposures(exposures)}")
    return DONE


def _live(store: Store, kind: Kind) -> Iterator[tuple[Record, str]]:
    for _, content_hash, payload in store.live_records(kind):
        yield _record(kind, payload), content_hash[:_VERSION_DIGITS]


def _record(kind: Kind, payload: str) -> Record:
    return from_json(kind, json.loads(payload))


def _hit_line(hit: Hit) -> str:
    return f"{hit.kind}/{hit.id}  {hit.field}  version {hit.version}  {hit.excerpt}"


def _sum_of(hits: list[Hit]) -> str:
    if not hits:
        return "found nowhere in articles, templates, actions, resolutions of cases or reasons of pins"
    counts = Counter(hit.kind for hit in hits)
    records = len({(hit.kind, hit.id) for hit in hits})
    places = "place" if len(hits) == 1 else "places"
    told = ", ".join(f"{counts[kind]} in {kind}" for kind in KINDS if counts[kind])
    return f"{len(hits)} {places} in {records} records: {told}"


def _exposure_line(each: Exposure) -> str:
    time = f"{shown_time(each.at)} UTC" if each.at else "unknown time"
    return f"{time}  {each.how:<10}  {each.case or '(case not told)'}"


def _sum_of_exposures(exposures: list[Exposure]) -> str:
    if not exposures:
        return "no case was shown or sent it, and no solved case used it"
    cases = len({each.case for each in exposures if each.case is not None})
    counts = Counter(each.how for each in exposures)
    return f"{cases} cases ({', '.join(f'{number} {how}' for how, number in sorted(counts.items()))})"


def _document(each: Exposure) -> dict[str, str | None]:
    return {"case": each.case, "at": format_time(each.at) if each.at else None, "how": each.how}


def _filled(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("found nothing to look for, expected a text that is not blank")
    return text


def _item(text: str) -> tuple[Kind, str]:
    name, _, item_id = text.partition("/")
    kind = next((each for each in _ITEM_KINDS if each == name), None)
    if kind is None or not item_id:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected articles/ID, templates/ID or actions/ID")
    return kind, item_id


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
