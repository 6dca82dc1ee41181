"""Addresses of an action's steps: merge fields may stand in their query, nowhere else."""

from __future__ import annotations

import re

MARK = re.compile(r"\{\{.*?\}\}", re.DOTALL)
SCHEMES = ("http", "https", "mailto", "tel")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def bare_url(url: str) -> str:
    """Return an address without its merge fields, to be checked like any other.

    >>> bare_url("https://crm.example/k?name={{ contact.last_name }}&fall=7")
    'https://crm.example/k?name=&fall=7'
    """
    return MARK.sub("", url)


def url_fault(url: str) -> str | None:
    """Return why an address cannot be that of a step, in words for its author, or ``None``.

    >>> url_fault("ftp://crm.example/")
    'found an address with ftp:, expected http, https, mailto or tel'
    """
    scheme = _SCHEME.match(url)
    if scheme is not None and scheme[1].lower() not in SCHEMES:
        return f"found an address with {scheme[1]}:, expected {', '.join(SCHEMES[:-1])} or {SCHEMES[-1]}"
    for mark in MARK.finditer(url):
        before = bare_url(url[: mark.start()])
        if "?" not in before or "#" in before:
            return f"found {mark[0][:60]} outside the query of the address, expected merge fields behind its ? only"
    if "{%" in url or "{{" in bare_url(url):
        return "found an unclosed {{ or a tag {% in the address, expected merge fields such as {{ case.id }} only"
    return None
