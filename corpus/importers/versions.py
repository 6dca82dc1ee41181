"""Of several versions of one article in one language, the newest that is published."""

from __future__ import annotations

from collections.abc import Hashable

Version = tuple[float, ...]


def version_number(*texts: str) -> Version:
    """Return a version that compares: what is no number counts as the oldest.

    >>> version_number("3", "0") > version_number("2", "11") > version_number("")
    True
    """
    return tuple(float(text) if text.strip().replace(".", "", 1).isdecimal() else -1.0 for text in texts)


class NewestVersions:
    """Notes versions row by row, and tells afterwards which row of each key is the newest; of equals the first."""

    def __init__(self) -> None:
        self._newest: dict[Hashable, tuple[Version, int]] = {}

    def note(self, key: Hashable, version: Version, row: int) -> None:
        """Note the version that a row holds."""
        if key not in self._newest or version > self._newest[key][0]:
            self._newest[key] = (version, row)

    def is_newest(self, key: Hashable, row: int) -> bool:
        """Whether the row holds the newest version of its key."""
        return self._newest[key][1] == row

    def ties(self, key: Hashable, version: Version, row: int) -> bool:
        """Whether the row holds the newest version too, but came later."""
        newest, first = self._newest[key]
        return version == newest and row != first
