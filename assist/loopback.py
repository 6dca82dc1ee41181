"""Addresses that mean this machine and no other."""

from __future__ import annotations

import ipaddress

_NAMES = frozenset({"localhost"})


def is_loopback(host: str) -> bool:
    """Return whether a name or address (without port and brackets) can be reached from this machine only."""
    try:
        return host.lower() in _NAMES or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_in_url(host: str) -> str:
    """Return a host as addresses name it before the port: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
