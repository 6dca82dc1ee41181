"""``/v1/{kind}/{id}``: one record, as far as the caller may see it; ``assist.api.edits`` changes it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import TypeAdapter

from assist.api.access import current_caller
from assist.api.edits import add_edits
from assist.api.openapi import View, answers, as_it_is, blueprint, path_value
from assist.api.record_json import record_json
from assist.api.replies import engine_at_work, tagged_reply
from assist.errors import not_found
from assist.services import Services
from corpus.fields import Id
from corpus.models import Kind
from corpus.records import EDGE_MODELS

_ID_SCHEMA = TypeAdapter(Id).json_schema()
# Cases are never kept on the way; other records may be, if their hash is checked each time.
_CACHE_CONTROL: Mapping[Kind, str] = {
    "articles": "private, no-cache",
    "templates": "private, no-cache",
    "actions": "private, no-cache",
    "pins": "private, no-cache",
    "cases": "no-store",
}


def records_api(services: Services) -> APIBlueprint:
    """Return the endpoints of each kind of record."""
    api = blueprint("records", "Single records")
    for kind, model in EDGE_MODELS.items():
        singular = kind.removesuffix("s")
        api.get(
            f"/v1/{kind}/<record_id>",
            operation_id=f"read_{singular}",
            summary=f"Read one {singular}, with any HTML sanitised",
            openapi_extensions=path_value("record_id", f"Id of the {singular}", _ID_SCHEMA),
            responses={**answers(model, 404, 503), 304: {"description": "Not modified"}},
            endpoint=f"read_{singular}",
        )(_reader(services, kind))
    add_edits(api, services)  # one blueprint for a path, or the document would show the last one only
    return api


def _reader(services: Services, kind: Kind) -> View:
    def read(record_id: str) -> Response:
        with engine_at_work(services) as engine:
            record = engine.record(kind, record_id, current_caller().audiences)
        if record is None:
            raise not_found()
        return tagged_reply(record_json(record), _CACHE_CONTROL[kind])

    return as_it_is(read)
