"""Origins: the scheme, host and port of a web page, as browsers name them (RFC 6454)."""

from __future__ import annotations

import re

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::(?P<port>\d{1,5}))?"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_PORT = 65_535


def parse_origin(text: str) -> str:
    """Return an origin as browsers write it: lower case, without the usual port.

    Raises ``ValueError`` for anything else, wildcards included.

    >>> parse_origin("https://CRM.example:443")
    'https://crm.example'
    """
    match = _ORIGIN.fullmatch(text.strip().lower())
    port = int(match["port"]) if match and match["port"] else None
    if match is None or (port is not None and not 1 <= port <= MAX_PORT):
        raise ValueError(
            f"found {text[:100]!r}, expected the scheme, host and port of a page and nothing else, such as "
            "https://crm.example or http://localhost:3000; wildcards are not possible, name each origin"
        )
    usual = port is None or port == _DEFAULT_PORTS[match["scheme"]]
    return f"{match['scheme']}://{match['host']}" + ("" if usual else f":{port}")


def host_of(origin: str) -> str:
    """Return host and port of an origin, as a Host header names them."""
    return origin.partition("://")[2]
