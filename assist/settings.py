"""Settings of the service, read once from environment variables."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assist.models import SUGGEST_KINDS, SuggestKind
from assist.scorer import TARGET_PRECISION
from corpus.models import PUBLIC
from index.settings import IndexSettings, SettingsError, read_index_settings, read_int

LOOPBACK_NAMES = frozenset({"localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that can be set about the service; ``docs/settings.md`` explains each variable."""

    index: IndexSettings = field(default_factory=IndexSettings)
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    request_threads: int = 4
    audiences: frozenset[str] = frozenset({PUBLIC})
    company: Mapping[str, str] = field(default_factory=dict)
    precision: Mapping[SuggestKind, float] = field(default_factory=lambda: TARGET_PRECISION)


def read_settings(environ: Mapping[str, str], *, var: Path | None = None, port: int | None = None) -> Settings:
    """Read every ``ASSIST_*`` variable; raise ``SettingsError`` naming the one that cannot be used.

    ``var`` and ``port`` come from a command line and win over the environment.
    """
    return Settings(
        index=read_index_settings(environ, var=var),
        host=_loopback(environ.get("ASSIST_HOST") or "127.0.0.1"),
        port=port if port is not None else read_int(environ, "ASSIST_PORT", default=8080, low=1, high=65535),
        workers=read_int(environ, "ASSIST_WORKERS", default=1, low=1, high=64),
        request_threads=read_int(environ, "ASSIST_REQUEST_THREADS", default=4, low=1, high=64),
        audiences=_audiences(environ.get("ASSIST_AUDIENCES") or PUBLIC),
        company=_company(environ),
        precision=_precision(environ.get("ASSIST_TARGET_PRECISION") or ""),
    )


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


def _company(environ: Mapping[str, str]) -> dict[str, str]:
    variables = {"name": "ASSIST_COMPANY_NAME", "phone": "ASSIST_COMPANY_PHONE", "url": "ASSIST_COMPANY_URL"}
    return {key: environ[variable] for key, variable in variables.items() if environ.get(variable)}


def _loopback(host: str) -> str:
    # Until callers prove who they are with a key, nobody outside this machine may ask.
    if host not in LOOPBACK_NAMES and not _is_loopback_address(host):
        raise SettingsError(
            f"ASSIST_HOST: found {host!r}, expected a loopback address such as 127.0.0.1: the service knows no keys "
            "yet, so it must not be reachable from other machines; put a proxy that authenticates in front of it"
        )
    return host


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
