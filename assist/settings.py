"""Settings of the service, read once from environment variables."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from assist.gate import AT_WORK, DEADLINE_S, WAITING
from assist.logs import LOG_FORMS, LogForm
from assist.metrics import METRICS_FOLDER, METRICS_FOR, MetricsFor
from assist.models import SUGGEST_KINDS, SuggestKind
from assist.origins import parse_origin
from assist.precision import TARGET_PRECISION
from assist.uploads import DEFAULT_UPLOAD_MB
from corpus.merge_syntax.maps import MergeMapError, MergeMaps, merge_maps, shipped_maps
from corpus.models import PUBLIC
from index.settings import IndexSettings, SettingsError, read_index_settings, read_int

DEFAULT_RATE_LIMIT = 600
DEFAULT_DELTA_LIMIT = 2_000
RECENT_ENCODINGS = 256  # of some 20 kB each
MAX_UPLOAD_MB = 256  # a worker holds what it unpacks to in its memory
MIN_DEADLINE_MS, MAX_DEADLINE_MS = 50, 25_000  # a stopping worker has 25 s left
Word = TypeVar("Word", bound=str)
_HOST_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that can be set about the service; ``docs/settings.md`` explains each variable."""

    index: IndexSettings = field(default_factory=IndexSettings)
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    request_threads: int = AT_WORK
    queue: int = WAITING
    deadline_ms: int = round(DEADLINE_S * 1000)
    audiences: frozenset[str] = frozenset({PUBLIC})
    origins: frozenset[str] = frozenset()
    embed_ancestors: frozenset[str] = frozenset()
    desk: bool = False
    recent_encodings: int = RECENT_ENCODINGS
    rate_limit: int = DEFAULT_RATE_LIMIT
    delta_limit: int = DEFAULT_DELTA_LIMIT
    upload_mb: int = DEFAULT_UPLOAD_MB
    company: Mapping[str, str] = field(default_factory=dict)
    precision: Mapping[SuggestKind, float] = field(default_factory=lambda: TARGET_PRECISION)
    corpus: Path | None = None
    merge_maps: MergeMaps = field(default_factory=shipped_maps)
    metrics_for: MetricsFor = "loopback"
    metrics_folder: Path | None = None
    log: LogForm = "json"

    def for_requests(self) -> Settings:
        """Return the same for a worker, whose requests at work share the threads that encoding may use.

        A text on one core takes half as long again as on two, and a fifth more texts are answered in the same time.
        """
        return replace(self, index=replace(self.index, threads=max(1, self.index.threads // self.request_threads)))


def read_settings(environ: Mapping[str, str], *, var: Path | None = None, port: int | None = None) -> Settings:
    """Read every ``ASSIST_*`` variable; raise ``SettingsError`` naming the one that cannot be used.

    ``var`` and ``port`` come from a command line and win over the environment.
    """
    return Settings(
        index=read_index_settings(environ, var=var),
        host=_host(environ.get("ASSIST_HOST") or "127.0.0.1"),
        port=port if port is not None else read_int(environ, "ASSIST_PORT", default=8080, low=1, high=65535),
        workers=read_int(environ, "ASSIST_WORKERS", default=1, low=1, high=64),
        request_threads=read_int(environ, "ASSIST_REQUEST_THREADS", default=AT_WORK, low=1, high=64),
        queue=read_int(environ, "ASSIST_QUEUE", default=WAITING, low=0, high=1_000),
        deadline_ms=read_int(
            environ, "ASSIST_DEADLINE_MS", default=round(DEADLINE_S * 1000), low=MIN_DEADLINE_MS, high=MAX_DEADLINE_MS
        ),
        audiences=_audiences(environ.get("ASSIST_AUDIENCES") or PUBLIC),
        origins=_origins(environ, "ASSIST_ORIGINS"),
        embed_ancestors=_origins(environ, "ASSIST_EMBED_ANCESTORS"),
        desk=_desk(environ.get("ASSIST_DESK") or "off"),
        recent_encodings=read_int(environ, "ASSIST_RECENT_ENCODINGS", default=RECENT_ENCODINGS, low=0, high=100_000),
        rate_limit=read_int(environ, "ASSIST_RATE_LIMIT", default=DEFAULT_RATE_LIMIT, low=0, high=1_000_000),
        delta_limit=read_int(environ, "ASSIST_DELTA_LIMIT", default=DEFAULT_DELTA_LIMIT, low=1, high=1_000_000),
        upload_mb=read_int(environ, "ASSIST_UPLOAD_MB", default=DEFAULT_UPLOAD_MB, low=1, high=MAX_UPLOAD_MB),
        company=_company(environ),
        precision=_precision(environ.get("ASSIST_TARGET_PRECISION") or ""),
        corpus=Path(folder) if (folder := environ.get("ASSIST_CORPUS")) else None,
        merge_maps=_merge_maps(environ),
        metrics_for=_one_of(environ, "ASSIST_METRICS", METRICS_FOR),
        metrics_folder=Path(folder) if (folder := environ.get(METRICS_FOLDER)) else None,
        log=_one_of(environ, "ASSIST_LOG", LOG_FORMS),
    )


def _one_of(environ: Mapping[str, str], name: str, choices: tuple[Word, ...]) -> Word:
    """Return the word in ``environ[name]``, or the first of those that it may be."""
    raw = environ.get(name) or choices[0]
    found = next((choice for choice in choices if choice == raw), None)
    if found is None:
        raise SettingsError(f"{name}: found {raw!r}, expected one of {', '.join(choices)}")
    return found


def _merge_maps(environ: Mapping[str, str]) -> MergeMaps:
    try:
        return merge_maps(environ)
    except MergeMapError as error:
        raise SettingsError(str(error)) from error


def _audiences(raw: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in raw.split(",") if name.strip())
    if not names:
        raise SettingsError(f"ASSIST_AUDIENCES: found {raw!r}, expected names separated by commas, such as public")
    return names


def _precision(raw: str) -> dict[SuggestKind, float]:
    """Read ``0.6`` for every kind, or ``articles=0.6,actions=0.8`` for some."""
    wanted = dict(TARGET_PRECISION)
    for part in filter(None, (piece.strip() for piece in raw.split(","))):
        name, _, number = part.rpartition("=")
        kinds = [kind for kind in SUGGEST_KINDS if name.strip() in ("", kind)]
        try:
            precision = float(number)
        except ValueError:
            precision = -1.0
        if not kinds or not 0.0 <= precision <= 1.0:
            raise SettingsError(
                f"ASSIST_TARGET_PRECISION: found {part!r}, expected a share from 0 to 1 such as 0.6, or those of kinds "
                f"such as articles=0.6,actions=0.8 (kinds: {', '.join(SUGGEST_KINDS)})"
            )
        wanted.update(dict.fromkeys(kinds, precision))
    return wanted


def _desk(raw: str) -> bool:
    if raw not in ("on", "off"):
        raise SettingsError(f"ASSIST_DESK: found {raw!r}, expected on or off")
    return raw == "on"


def _company(environ: Mapping[str, str]) -> dict[str, str]:
    variables = {"name": "ASSIST_COMPANY_NAME", "phone": "ASSIST_COMPANY_PHONE", "url": "ASSIST_COMPANY_URL"}
    return {key: environ[variable] for key, variable in variables.items() if environ.get(variable)}


def _origins(environ: Mapping[str, str], variable: str) -> frozenset[str]:
    try:
        return frozenset(parse_origin(each) for each in (environ.get(variable) or "").split(",") if each.strip())
    except ValueError as error:
        raise SettingsError(f"{variable}: {error}; separate several by commas") from error


def _host(host: str) -> str:
    if not _HOST_NAME.fullmatch(host) and not _is_address(host):
        raise SettingsError(
            f"ASSIST_HOST: found {host!r}, expected one address or host name without port, such as 127.0.0.1, ::1 "
            "or 0.0.0.0"
        )
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
