"""``GET /metrics``: figures of the service for Prometheus."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from assist.api.openapi import blueprint, problem_answer
from assist.api.scopes import METRICS
from assist.metrics import CONTENT_TYPE
from assist.services import Services


def metrics_api(services: Services) -> APIBlueprint:
    """Return the endpoint that tells figures of all workers."""
    api = blueprint("metrics", "Figures for whoever watches the service")
    page = {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}
    told: dict[Any, Any] = {200: page, 500: problem_answer(500), 503: problem_answer(503)}

    @api.get(METRICS, operation_id="figures", summary="Figures in Prometheus's text format", responses=told)
    def metrics() -> Response:
        return Response(services.metrics.page(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})

    return api
