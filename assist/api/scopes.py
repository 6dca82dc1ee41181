"""Which endpoint needs which scope; what is named nowhere here needs ``manage``."""

from __future__ import annotations

import re

from corpus.api_keys import SCOPES, Scope

# Pages hold no data; what they show they ask for with the key of whoever reads them.
PAGES = frozenset({"/embed", "/static/<name>", "/manage", "/static/manage/<file>", "/desk", "/static/desk/<file>"})
FREE = frozenset({"/healthz", "/readyz", "/version", "/openapi.json", "/docs", "/docs/<name>"}) | PAGES
TOKENS = "/v1/tokens"
METRICS = "/metrics"

# Any one of the scopes is enough. A token carries what its key may do, so whoever may do any of it may ask for one.
_NEEDS: tuple[tuple[str, str, frozenset[Scope]], ...] = (
    ("GET", r"/v1/(?:articles|templates|actions|cases)/[^/]+", frozenset({"suggest"})),
    ("POST", r"/v1/(?:suggest|search|templates/[^/]+/render)", frozenset({"suggest"})),
    ("GET", r"/desk/shortcodes", frozenset({"suggest"})),
    ("POST", r"/v1/feedback", frozenset({"feedback"})),
    ("POST", TOKENS, frozenset(SCOPES)),
)


def needed_scopes(method: str, rule: str) -> frozenset[Scope]:
    """Return the scopes of which a caller needs one, or none for an endpoint that is free to all.

    ``rule`` is the path with its variables in brackets, as Flask and OpenAPI write it.

    >>> sorted(needed_scopes("POST", "/v1/suggest")), sorted(needed_scopes("DELETE", "/v1/cases/{record_id}"))
    (['suggest'], ['manage'])
    """
    if rule in FREE:
        return frozenset()
    method = "GET" if method == "HEAD" else method
    for needed_method, pattern, scopes in _NEEDS:
        if method == needed_method and re.fullmatch(pattern, rule):
            return scopes
    return frozenset({"manage"})
