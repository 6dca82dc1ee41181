"""What the commands of all packages share: exit codes, and errors as messages instead of traces."""

from __future__ import annotations

import sys
from collections.abc import Callable

from corpus.findings import CorpusErrors
from corpus.merge_syntax.maps import MergeMapError
from corpus.secret_files import SecretFileError
from corpus.store_errors import StoreError
from index.encoder import EncoderError
from index.locks import WriterBusyError
from index.settings import SettingsError
from index.snapshot import SnapshotError

DONE, FAILED, USAGE, REFUSED = 0, 1, 2, 3
_FAILURES = (CorpusErrors, StoreError, SnapshotError, EncoderError, SecretFileError, OSError)


def exit_code_of(command: Callable[[], int]) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 usage, 3 refused by a guard.

    What can go wrong in the course of things is printed as one message on stderr; anything else is a fault of the
    program and keeps its trace.
    """
    try:
        return command()
    except (SettingsError, MergeMapError) as error:
        return _failed(error, USAGE)
    except WriterBusyError as error:
        return _failed(error, REFUSED)
    except _FAILURES as error:
        return _failed(error, FAILED)


def _failed(error: Exception, code: int) -> int:
    print(f"error: {error}", file=sys.stderr)
    return code
