"""``/desk``: the agent desk of the demo, and the shortcodes that its composer knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response

from assist.api.access import current_caller
from assist.api.pages import register_page
from assist.api.replies import engine_at_work, json_reply
from assist.services import Services
from assist.shortcodes import Shortcode


def register_desk(app: Flask, services: Services) -> None:
    """Serve the desk where the settings ask for it; elsewhere its addresses are unknown."""
    if not services.desk:
        return
    # The panel in it reads HTML through the parser of the browser, which trusted types forbid.
    register_page(app, "desk", trusted_types=False)
    desk = Blueprint("desk", __name__)

    @desk.get("/desk/shortcodes")
    def shortcodes() -> Response:
        with engine_at_work(services) as engine:
            found = engine.shortcodes(current_caller().audiences)
        return json_reply({"shortcodes": [_shortcode_json(each) for each in found]})

    app.register_blueprint(desk)


def _shortcode_json(each: Shortcode) -> Mapping[str, Any]:
    template = each.template
    return {
        "shortcode": each.shortcode,
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "kind": template.kind,
        "channels": list(template.channels),
    }
