"""
Answers as they leave: JSON, problems (RFC 9457), and the headers that all of them carry.

Every text here is fixed.  Nothing of a request is ever repeated in an answer: what was sent may hold half a link.
"""

import json
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from reveal_web.browser import page_headers

PROBLEM: Final = web.ResponseKey("problem", str)
API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"

PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    "not-found": (404, "There is nothing here, or the link is not complete."),
    "ended": (410, "This link no longer exists."),
    "names-over": (410, "This link showed the names for thirty days, and they are over."),
    "wrong-passphrase": (403, "That is not the passphrase."),
    "verification-required": (403, "Open this link from Slack again; no try was used up."),
    "locked": (423, "All tries are used up. The secret is still there; its sender can allow more."),
    "paused": (423, "The recipient did not expect this. It waits for its sender; no try was used up."),
    "too-soon": (429, "Wait before the next try; no try was used up."),
    "key-unreadable": (503, "The secret cannot be reached just now. Nothing is lost and no try was used up."),
    "unsupported-type": (415, "Send application/json, not compressed."),
    "too-large": (413, "The request is too large."),
    "malformed": (400, "The request is not one that this server understands."),
    "slow-down": (429, "Too many links that do not exist were tried from this address. Wait, then try again."),
    "unavailable": (503, "The server cannot answer just now. Nothing is lost; try again."),
    "wrong-origin": (403, "This must come from the page of this server itself."),
    "not-allowed": (405, "This address does not take such a request."),
}


class Answer(web.Response):
    """A finished answer; it does not say which software made it."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        # aiohttp offers no way to leave its name and version out, only to put another in.
        self.headers.popall("Server", None)


class RefusedError(Exception):
    """A request that goes no further; carries its answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("refused")
        self.answer = answer


def as_json(status: int, /, **members: object) -> Answer:
    """The members as one JSON object."""
    return Answer(body=_encoded(members), status=status, content_type="application/json")


def problem(
    slug: str,
    *,
    status: int | None = None,
    retry_after: int | None = None,
    catalogue: Mapping[str, tuple[int, str]] = PROBLEMS,
    **members: object,
) -> Answer:
    """
    A problem of the catalogue; `members` stand beside its type, title and status.

    `retry_after`, whole seconds, is said in the header and as `retry_after_seconds`.
    """
    usual, title = catalogue[slug]
    status, headers = status or usual, dict[str, str]()
    if retry_after is not None:
        members["retry_after_seconds"] = retry_after
        headers["Retry-After"] = str(retry_after)
    body = {"type": f"urn:sendsecret:problem:{slug}", "title": title, "status": status, **members}
    answer = Answer(body=_encoded(body), status=status, content_type="application/problem+json", headers=headers)
    answer[PROBLEM] = slug
    return answer


def problem_for(status: int) -> Answer:
    """The problem for a status that a library chose: no such route, wrong method, broken request, our own error."""
    slugs = {404: "not-found", 405: "not-allowed", 413: "too-large", 415: "unsupported-type"}
    usual = "malformed" if status < 500 else "unavailable"
    return problem(slugs.get(status, usual), status=status)


def everywhere(*, secure: bool) -> Mapping[str, str]:
    """What every answer carries unless it says otherwise itself: the page's headers under a policy for no page."""
    headers = {**page_headers.for_shell(secure=secure), "Content-Security-Policy": API_POLICY}
    del headers["Integrity-Policy"]
    return headers


def _encoded(members: Mapping[str, object]) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode()
