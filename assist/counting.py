"""Where a process keeps its figures: in files beside those of the other workers, or in its own memory."""

from __future__ import annotations

import logging
import os
import platform

from assist.metrics import Metrics, NoMetrics, Watch
from assist.metrics_files import take_room
from assist.prometheus import PrometheusMetrics
from assist.settings import Settings
from corpus import VERSION

_log = logging.getLogger(__name__)


def open_metrics(settings: Settings, watch: Watch) -> Metrics:
    """Return what counts in this process; a service without room for figures goes on without them."""
    folder = settings.metrics_folder
    try:
        if folder is not None:
            take_room(folder, os.getpid())
        build = {"version": VERSION, "python": platform.python_version()}
        return PrometheusMetrics(watch, build, folder)
    except OSError as error:
        told = f"no figures can be kept in {folder} ({error.strerror}): make room or mend its permissions, then restart"
        _log.error("%s", told)
        return NoMetrics("There is no place to keep figures in, see the log of the service")
