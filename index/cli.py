"""What the commands of all packages share: exit codes, and errors as messages instead of traces."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from corpus.findings import CorpusErrors
from corpus.merge_syntax.maps import MergeMapError
from corpus.secret_files import SecretFileError
from corpus.store_errors import StoreError
from index.backup_errors import BackupError
from index.encoder import EncoderError
from index.guards import NotGoodEnoughError, RefusedError
from index.locks import WriterBusyError
from index.settings import SettingsError
from index.snapshot import SnapshotError

DONE, FAILED, USAGE, REFUSED, NOT_GOOD_ENOUGH = range(5)
_FAILURES = (BackupError, CorpusErrors, StoreError, SnapshotError, EncoderError, SecretFileError, OSError)
# The first that an error is an instance of counts.
_CODES: Mapping[type[Exception], int] = {
    SettingsError: USAGE,
    MergeMapError: USAGE,
    WriterBusyError: REFUSED,
    RefusedError: REFUSED,
    NotGoodEnoughError: NOT_GOOD_ENOUGH,
    **dict.fromkeys(_FAILURES, FAILED),
}


def print_error(error: Exception) -> None:
    """Print the message of an error on stderr."""
    print(f"error: {error}", file=sys.stderr)


def exit_code_of(command: Callable[[], int], *, tell: Callable[[Exception], None] = print_error) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 usage, 3 refused by a guard, 4 not good enough.

    What can go wrong in the course of things is told as one message, on stderr unless ``tell`` does something else;
    anything else is a fault of the program and keeps its trace.
    """
    try:
        return command()
    except tuple(_CODES) as error:
        tell(error)
        return next(code for kind, code in _CODES.items() if isinstance(error, kind))
