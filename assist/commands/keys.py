"""``python -m assist keys create|list|revoke``: who may ask, for what, and for which audiences."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime, timedelta
from typing import Any

from assist.commands.key_arguments import MAX_DAYS, days, future, key_id, key_name, names, origins, scopes
from assist.settings import Settings
from assist.stored_keys import open_keys, stored_keys
from corpus.api_keys import ApiKey
from corpus.key_store import KeyWish
from corpus.models import PUBLIC
from corpus.times import format_time, now_utc

# An import holds the store while it writes; revoking a key is worth waiting for.
BUSY_TIMEOUT_S = 60.0


def add_commands(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Add the commands below ``keys``, each with the arguments of ``common``."""
    parser.set_defaults(port=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    json_too = argparse.ArgumentParser(add_help=False, parents=[common])
    json_too.add_argument("--json", action="store_true", help="print JSON")
    create = commands.add_parser("create", parents=[json_too], help="make a key and show it, once")
    _add_wishes(create)
    create.set_defaults(run=_create)
    shown = commands.add_parser("list", parents=[json_too], help="list all keys, without their secrets")
    shown.set_defaults(run=_list)
    revoke = commands.add_parser("revoke", parents=[json_too], help="end a key; services follow within five seconds")
    revoke.add_argument("id", type=key_id, help="id of the key, as `list` shows it")
    revoke.set_defaults(run=_revoke)


def _add_wishes(create: argparse.ArgumentParser) -> None:
    create.add_argument("--name", type=key_name, required=True, help="what the key is for, such as crm-production")
    create.add_argument(
        "--scopes", type=scopes, default=frozenset({"suggest", "feedback"}), help="default suggest,feedback"
    )
    create.add_argument(
        "--audiences", type=names, default=frozenset({PUBLIC}), help="what its callers may see, default public"
    )
    create.add_argument(
        "--origins", type=origins, default=frozenset(), help="web pages that may use it or its tokens, by commas"
    )
    end = create.add_mutually_exclusive_group()
    end.add_argument("--days", type=days, default=None, help=f"how long it is valid, 1 to {MAX_DAYS}; else for good")
    end.add_argument("--expires-at", type=future, default=None, help="when it ends, such as 2027-01-01T00:00:00Z")


def _create(settings: Settings, options: argparse.Namespace) -> int:
    expires_at = options.expires_at if options.days is None else now_utc() + timedelta(days=options.days)
    wish = KeyWish(
        name=options.name,
        scopes=options.scopes,
        audiences=options.audiences,
        origins=options.origins,
        expires_at=expires_at,
    )
    with open_keys(settings, create=True, busy_timeout_s=BUSY_TIMEOUT_S) as store:
        key, text = store.issue(wish)
    if options.json:
        print(json.dumps({**_as_json(key), "key": str(text)}, ensure_ascii=False))
        return 0
    print(text)
    print(_line(key), file=sys.stderr)
    print("This is the only time that the key is shown; the store keeps its hash.", file=sys.stderr)
    return 0


def _list(settings: Settings, options: argparse.Namespace) -> int:
    keys = stored_keys(settings)
    if options.json:
        print(json.dumps([_as_json(key) for key in keys], ensure_ascii=False))
        return 0
    for key in keys:
        print(_line(key))
    if not keys:
        print("No keys are set up: the service binds to loopback and answers every program there.", file=sys.stderr)
    return 0


def _revoke(settings: Settings, options: argparse.Namespace) -> int:
    with open_keys(settings, create=False, busy_timeout_s=BUSY_TIMEOUT_S) as store:
        key = store.revoke(options.id)
    print(json.dumps(_as_json(key), ensure_ascii=False) if options.json else _line(key))
    return 0


def _as_json(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "state": key.state(now_utc()),
        "scopes": sorted(key.scopes),
        "audiences": sorted(key.audiences),
        "origins": sorted(key.origins),
        "created_at": format_time(key.created_at),
        "expires_at": _time(key.expires_at),
        "revoked_at": _time(key.revoked_at),
    }


def _line(key: ApiKey) -> str:
    parts = [
        f"{key.id}  {key.state(now_utc()):<7}  {key.name}",
        f"scopes {','.join(sorted(key.scopes))}",
        f"audiences {','.join(sorted(key.audiences))}",
        f"origins {','.join(sorted(key.origins)) or 'none'}",
        f"created {format_time(key.created_at.replace(microsecond=0))}",
        f"expires {_time(key.expires_at and key.expires_at.replace(microsecond=0)) or 'never'}",
    ]
    return "  ".join(parts)


def _time(time: datetime | None) -> str | None:
    return None if time is None else format_time(time)
