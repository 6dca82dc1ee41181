"""``python -m assist openapi``: the OpenAPI document, without opening an index."""

from __future__ import annotations

import argparse
import json

from assist.app import create_app
from assist.bootstrap import build_runtime
from assist.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command: none."""


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the document as the service would serve it."""
    client = create_app(build_runtime(settings).services).test_client()
    document = client.get("/openapi.json").get_json()
    print(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True))
    return 0
