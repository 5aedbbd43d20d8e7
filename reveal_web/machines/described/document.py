"""
The whole document, and its one spelling: what is served, and what stands in docs/openapi.json.

`python -m reveal_web.machines.described.document` prints it.
"""

import json
from typing import Final

from reveal_web.machines.described import order_paths, own_record_paths, reader_paths, record_paths, token_paths
from reveal_web.machines.described.components import SCHEMAS
from reveal_web.machines.described.shapes import Json, answer, every_problem

_DESCRIPTION: Final = (
    "What an installation of Sendsecret takes from programs.  A token is made in Slack or by whoever runs the server, "
    "is for `send`, `read` or `revoke`, and reads and revokes its owner's own drops alone.  No route takes or gives a "
    "secret in clear.  Every answer is `Cache-Control: no-store`; errors are problem details (RFC 9457)."
)
_ITSELF: Final[Json] = {
    "/api/openapi.json": {
        "get": {
            "operationId": "readThis",
            "summary": "This document",
            "security": [],
            "responses": {"200": answer("This document.", {"type": "object"})},
        }
    }
}

DOCUMENT: Final[Json] = {
    "openapi": "3.1.1",
    "info": {
        "title": "Sendsecret",
        "version": "1",
        "description": _DESCRIPTION,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "paths": {
        **token_paths.PATHS,
        **own_record_paths.PATHS,
        **order_paths.PATHS,
        **reader_paths.PATHS,
        **record_paths.PATHS,
        **_ITSELF,
    },
    "components": {
        "schemas": SCHEMAS | every_problem(),
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "`sst_` and 64 characters"},
        },
    },
}

TEXT: Final = json.dumps(DOCUMENT, indent=2, ensure_ascii=False) + "\n"

if __name__ == "__main__":
    print(TEXT, end="")  # noqa: T201 - what it is for
