"""What can be wrong with a backup."""

from __future__ import annotations


class BackupError(RuntimeError):
    """A folder that is no whole backup; the message names what was found, what was expected and the remedy."""
