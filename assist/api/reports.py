"""``/v1/reports``: the reports of the state directory, and a new one about what serves."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.answers_jobs import ReindexAnswer
from assist.api.answers_manage import ReportsAnswer
from assist.api.openapi import answers, as_it_is, blueprint, path_value
from assist.api.reindex import begun
from assist.api.replies import json_reply
from assist.api.request_ids import current_request_id
from assist.errors import not_found
from assist.report_files import FILES, Report
from assist.services import Services
from corpus.times import format_time

# A report is a page without scripts that brings its own styles and pictures; it may do nothing else here.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)
_NAME = path_value("name", "Name of the report", {"type": "string"})
_FILE = path_value("file", "File of the report", {"enum": list(FILES)})
_CONTENT: dict[str, Any] = {kind.partition(";")[0]: {} for kind in FILES.values()}


def reports_api(services: Services) -> APIBlueprint:
    """Return the endpoints that list, show and make reports."""
    api = blueprint("reports", "Reports about the corpus and its suggestions")

    @api.get(
        "/v1/reports",
        operation_id="list_reports",
        summary="The reports that lie in the state directory, newest first",
        responses=answers(ReportsAnswer),
    )
    def list_all() -> Response:
        found = [_report_json(report) for report in services.management.reports()]
        return json_reply({"request_id": current_request_id(), "reports": found})

    @api.post(
        "/v1/reports/corpus",
        operation_id="report_corpus",
        summary="Begin to find out what is wrong with the knowledge base that serves",
        responses=answers(ReindexAnswer, 409, status=202),
    )
    def report_corpus() -> Response:
        return begun(services.management.corpus_report)

    @api.get(
        "/v1/reports/<name>/<file>",
        operation_id="read_report",
        summary="One file of a report",
        openapi_extensions={"parameters": [*_NAME["parameters"], *_FILE["parameters"]]},
        responses={200: {"description": "The file", "content": _CONTENT}, **_without_success(404)},
    )
    @as_it_is
    def read(name: str, file: str) -> Response:
        content = services.management.report_file(name, file)
        if content is None:
            raise not_found()
        return Response(content, content_type=FILES[file], headers={"Content-Security-Policy": _POLICY})

    return api


def _report_json(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "created_at": format_time(report.created_at),
        "files": [{"name": name, "bytes": size} for name, size in report.files],
    }


def _without_success(*statuses: int) -> dict[Any, Any]:
    return {status: what for status, what in answers(ReportsAnswer, *statuses).items() if status != 200}
