"""Who may see an imported article: names of other systems as the agent groups of this one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from corpus.importers.limits import ImportFailedError
from corpus.wording import show


def parse_audiences(found: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the section ``audience`` of a map: names that the export uses, and the group that each one means."""
    if unknown := sorted(set(found) - {"audience"}):
        raise ImportFailedError(f"the map is wrong: found {', '.join(unknown)}, expected only audience")
    audiences = found.get("audience") or {}
    if not isinstance(audiences, dict) or not all(isinstance(group, str) for group in audiences.values()):
        raise ImportFailedError(
            f"the map is wrong: audience: found {show(audiences)}, expected names with a group each"
        )
    return MappingProxyType(dict(audiences))
