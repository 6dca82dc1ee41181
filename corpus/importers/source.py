"""Which way an export is read: by what lies at its path."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from corpus.importers.archives import tar_entries, zip_entries
from corpus.importers.files import Source, must_exist
from corpus.importers.folders import folder_entries, single_file
from corpus.importers.limits import ImportLimits

_TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


def open_source(path: Path, limits: ImportLimits) -> Source:
    """Return the files at ``path``: of a folder, a zip or tar archive, or the one file that is there.

    Raises ImportFailedError when nothing is there.
    """
    must_exist(path)
    if path.is_dir():
        return partial(folder_entries, path, limits)
    name = path.name.lower()
    if name.endswith(".zip"):
        return partial(zip_entries, path, limits)
    if name.endswith(_TAR_ENDINGS):
        return partial(tar_entries, path, limits)
    return partial(single_file, path)
