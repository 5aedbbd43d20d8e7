"""Reads the arguments of a call: query string, form or JSON, by GET or POST, as Slack does.

Structured arguments (blocks, view, metadata) may come as JSON text or, in a JSON body, as they are.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sandbox.rules import Refused
from sandbox.wire import Json

STRUCTURED = ("blocks", "view", "metadata", "attachments")
FLAGS = ("unfurl_links", "unfurl_media", "return_im", "prevent_creation", "reply_broadcast", "mrkdwn")


async def read(request: web.Request) -> tuple[str, Json]:
    """The token (empty if none) and the arguments. Refused: invalid_json, json_not_object, invalid_form_data."""
    arguments: Json = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            arguments |= _object(await request.read())
        else:
            try:
                form = await request.post()
            except ValueError:
                raise Refused("invalid_form_data", "the body is not a form") from None
            arguments |= {name: str(value) for name, value in form.items()}
    token = str(arguments.pop("token", ""))
    said = request.headers.get("Authorization", "")
    if said.startswith("Bearer "):
        token = said.removeprefix("Bearer ").strip()
    return token, {name: _value(name, value) for name, value in arguments.items()}


def _object(text: bytes) -> Json:
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("invalid_json", "the body is not JSON") from None
    if not isinstance(body, dict):
        raise Refused("json_not_object", "the body must be a JSON object")
    return body


def _value(name: str, value: Any) -> Any:
    if name in STRUCTURED and isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            # Left as text: the rule about this argument refuses it with its own code.
            return value
    if name in FLAGS and isinstance(value, str):
        return value.lower() in ("true", "1")
    return value
