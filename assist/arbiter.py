"""What gunicorn's arbiter, the parent of all workers, does of its own accord; ``python -m assist serve`` sets the rest.

gunicorn reads the names in this module as its settings.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from assist.logs import LOG_FORMS, formatter_of
from assist.metrics import METRICS_FOLDER
from assist.metrics_files import forget_worker


class ArbiterLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Writes what gunicorn itself has to say in the form of all other lines."""

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's own log."""
        super().setup(cfg)
        asked = os.environ.get("ASSIST_LOG")
        form = next((form for form in LOG_FORMS if form == asked), LOG_FORMS[0])
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter_of(form))


def child_exit(server: Any, worker: Any) -> None:
    """Take back what a worker that has ended told of how it was."""
    folder = os.environ.get(METRICS_FOLDER)
    if folder:
        forget_worker(Path(folder), worker.pid)


logger_class = ArbiterLog
