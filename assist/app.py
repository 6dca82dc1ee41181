"""The Flask application: configured, registered, returned."""

from __future__ import annotations

from flask_openapi.openapi import OpenAPI

from assist.api.access import register_access
from assist.api.body import MAX_BODY_BYTES
from assist.api.cors import register_cors
from assist.api.desk import register_desk
from assist.api.docs import register_docs
from assist.api.erasures import erasures_api
from assist.api.explain import explain_api
from assist.api.feedback import feedback_api
from assist.api.headers import register_headers
from assist.api.health import health_api
from assist.api.imports import imports_api
from assist.api.metrics import metrics_api
from assist.api.observation import register_observation
from assist.api.openapi import create_openapi
from assist.api.pages import register_page
from assist.api.pins import pins_api
from assist.api.previews import previews_api
from assist.api.records import records_api
from assist.api.reindex import reindex_api
from assist.api.render import render_api
from assist.api.reports import reports_api
from assist.api.search import search_api
from assist.api.shapes import SHAPES
from assist.api.snapshots import snapshots_api
from assist.api.static import register_static
from assist.api.suggest import suggest_api
from assist.api.tokens import tokens_api
from assist.api.uploads import uploads_api
from assist.errors import register_error_handlers
from assist.services import Services


def create_app(services: Services) -> OpenAPI:
    """Return a new application over the given services; it keeps no state of its own."""
    app = create_openapi(__name__, services.version)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    # A path means one thing: nothing is redirected to a tidier one.
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    register_observation(app, services)
    register_headers(app)
    register_access(app, services)
    register_cors(app, services)
    register_error_handlers(app)
    apis = (suggest_api, explain_api, search_api, render_api, records_api, feedback_api, tokens_api)
    managing = (reindex_api, snapshots_api, uploads_api, imports_api, reports_api, previews_api, pins_api)
    for build in (*apis, *managing, erasures_api, health_api, metrics_api):
        app.register_api(build(services))
    register_static(app, services)
    register_desk(app, services)
    register_page(app, "manage")
    register_docs(app, SHAPES)
    return app
