"""What is scanned: every route of both programs by an address that is really there, and the API with a real token."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reveal_web.machines.described.document import DOCUMENT
from store.formats import base64url
from store.formats.order_link_v1 import parse
from tests.scanning.installation import Content, Installation
from tests.scanning.wapiti import Target


def pages(at: Installation) -> tuple[str, ...]:
    """A path for each route that is looked at, without its slash; some with a query, for there to be one to attack."""
    content = at.content
    rid = content.receipt.partition("#")[0]
    return (
        *(f"s/{content.untouched.link.id_text}", f"s/{content.ended.link.id_text}", "s/cut?a=1", "c/x?a=1"),
        *(content.composer.removeprefix(f"{at.url}/").partition("#")[0], f"v/{content.viewer.link.id_text}", "v/x?a=1"),
        *(f"receipts/{rid}", f"receipts/{rid}.jws", f"receipts/{rid}.tlog-proof", f"receipts/{'0' * 32}?a=1"),
        *(f"evidence/{content.pack}", f"evidence/{'0' * 32}", "incident/x?a=1"),
        *("log/checkpoint", "log/vkey", "log/tile/0/000.p/1?a=1", ".well-known/jwks.json", "api/openapi.json"),
        *("healthz", "readyz?verbose=1", "robots.txt", "favicon.ico", f"r/{content.record}", "nowhere?a=1"),
    )


def targets(at: Installation, folder: Path) -> Iterator[Target]:
    """One after the other, each when its turn has come; the description of the API is written to `folder`."""
    described = folder / "api.json"
    described.write_text(json.dumps(_described(at.url, at.content)))
    bearer = f"Authorization: Bearer {at.content.token}"
    web, bot = (f"http://127.0.0.1:{port}" for port in at.metrics)
    slack = f"http://127.0.0.1:{at.bot.port}"
    yield Target("web", f"{at.url}/", [f"{at.url}/{path}" for path in pages(at)])
    yield Target("incident", f"{at.url}/incident/{at.incident()}?a=1", scope="url")
    yield Target("api", f"{at.url}/api/v1/", swagger=described, headers=(bearer,))
    yield Target("bot", f"{slack}/", (f"{slack}/slack/events?a=1", f"{slack}/nowhere?a=1"))
    yield Target("web-metrics", f"{web}/", (f"{web}/metrics?a=1", f"{web}/nowhere"))
    yield Target("bot-metrics", f"{bot}/", (f"{bot}/metrics?a=1", f"{bot}/healthz?a=1", f"{bot}/readyz?a=1"))


def _described(url: str, content: Content) -> Mapping[str, Any]:
    """Our description of the API, with something real in each place: else no request gets beyond "no such id"."""
    order = content.composer.removeprefix(f"{url}/c/").partition("#")
    token = parse(order[0], order[2])
    ids = {"drops": content.attacked.link.id_text, "orders": order[0], "records": content.viewer.link.id_text}
    proofs = {
        "drops": base64url.encode(content.attacked.new.link_proof),
        "records": base64url.encode(content.viewer.proof),
    }
    # Not deepcopy: what several routes share has to be each route's own.
    whole: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    whole["servers"] = [{"url": url}]
    for path, methods in whole["paths"].items():
        what = path.split("/")[3] if path.startswith("/api/v1/") else ""
        for one in methods.get("parameters", []):
            if one["name"] == "id":
                one["schema"]["default"] = ids[what]
        known = {"link_proof": proofs.get(what), "token": token.token_text}
        for method in methods.values():
            body = method.get("requestBody", {}) if isinstance(method, dict) else {}
            for each in body.get("content", {}).values():
                for name, schema in each["schema"].get("properties", {}).items():
                    schema["default"] = known.get(name) or _fitting(schema)
    return whole


def _fitting(schema: Mapping[str, Any]) -> object:
    """A value of the right shape that nobody knows."""
    if "enum" in schema or schema.get("type") != "string":
        return schema.get("enum", [schema.get("minimum", 1)])[0]
    return "A" * (43 if "43" in schema.get("pattern", "") else 22)
