"""
PUBLIC_URL as strangers meet it, through whatever stands in front: previews, scanners, a client, a browser's headers.

The web program's own answers are known to the byte and the header here, so that whatever is different at PUBLIC_URL was
done on the way: by the proxy that ends TLS, a cache, a scanner that rewrites pages.
"""

import json
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp

from reveal_web.assets import MissingLibrariesError, load
from reveal_web.browser import page_headers
from reveal_web.reader.answers import everywhere
from reveal_web.reader.wrong_links import BURST
from sendsecret.doctoring.known import Known
from sendsecret.doctoring.line import Line, bad, ok, warn
from store.errors import LogStoppedError
from store.formats import base64url
from store.log.who_may_say import believed

_SECONDS: Final = 10
_VISITORS: Final = {
    "Slack's preview": ("GET", {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"}),
    "a mail scanner's HEAD": ("HEAD", {"User-Agent": "Mozilla/5.0 (compatible; MailScanner)"}),
    "a mail scanner's GET": ("GET", {"User-Agent": "Mozilla/5.0 (compatible; MailScanner)"}),
    "the same once more": ("GET", {"User-Agent": "Mozilla/5.0 (compatible; MailScanner)"}),
    "a browser's prefetch": ("GET", {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"}),
}
_CACHES: Final = (
    "age",
    "x-cache",
    "x-cache-status",
    "cf-cache-status",
    "expires",
    "surrogate-control",
    "cdn-cache-control",
)
_FRONT: Final = "docs/operations.md, The front changes answers"


@dataclass(frozen=True)
class _Answer:
    """As it came; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def check(known: Known, *, limits: bool) -> list[Line]:
    """Consumes nothing; with `limits` this address is refused further wrong links for a minute, and nothing else."""
    if not known.public_url:
        return [bad("front: not looked at, because PUBLIC_URL is missing or wrong", "Mend the setting first")]
    front = _Front(known.public_url)
    async with front.session:
        try:
            return [line async for line in _looked(front, known, limits=limits)]
        except aiohttp.ClientSSLError as error:
            why = f"front: the certificate at PUBLIC_URL is not to be believed ({type(error).__name__})"
            return [bad(why, "Renew it, and serve its whole chain; readers' browsers refuse it as well")]
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            why = f"front: nobody answers at PUBLIC_URL as a web server does ({type(error).__name__})"
            return [bad(why, "Is the web program running, the front in place, the name known here?")]


class _Front:
    def __init__(self, url: str) -> None:
        self._url = url
        self.is_secure = url.startswith("https:")
        # A cookie jar or a redirect that is followed would hide what a first visitor meets.
        self.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=_SECONDS), cookie_jar=aiohttp.DummyCookieJar()
        )

    async def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, said: object = None
    ) -> _Answer:
        body = None if said is None else json.dumps(said).encode()
        own = {"Content-Type": "application/json"} if body else {}
        async with self.session.request(
            method, self._url + path, headers={**own, **(headers or {})}, data=body, allow_redirects=False
        ) as answer:
            found = {name.lower(): value for name, value in answer.headers.items()}
            return _Answer(answer.status, found, await answer.read())


async def _looked(front: _Front, known: Known, *, limits: bool) -> AsyncIterator[Line]:
    path = f"/s/{base64url.encode(secrets.token_bytes(16))}"
    met: dict[str, _Answer] = {}
    for who, (method, headers) in _VISITORS.items():
        met[who] = await front.ask(method, path, headers=headers)
    for line in _previews(met, known):
        yield line
    page = next(iter(met.values()))
    for line in _headers("page", page, page_headers.for_shell(secure=front.is_secure)):
        yield line
    for line in await _api(front):
        yield line
    yield await _keys(front, known)
    ready = await front.ask("GET", "/readyz")
    if ready.status == 200:
        yield ok("front: the web program says that it is ready")
    else:
        yield bad(
            f"front: /readyz answers {ready.status}: the web program cannot serve",
            "The lines above say why, or its log",
        )
    if limits:
        yield await _limited(front)


def _previews(met: Mapping[str, _Answer], known: Known) -> Iterator[Line]:
    wrong = [f"{who} ({answer.status})" for who, answer in met.items() if answer.status != 200]
    if wrong:
        yield bad(
            f"front: the page of a link is not what these get: {', '.join(wrong)}", f"{_FRONT}: no redirect, no login"
        )
        return
    bodies = {answer.body for who, answer in met.items() if "HEAD" not in who}
    if len(bodies) > 1:
        yield bad("front: the page of a link is not the same for everybody", f"{_FRONT}: nothing may rewrite it")
        return
    try:
        pages = {is_demo: load(known.public_url, demo=is_demo).shell for is_demo in (False, True)}
    except MissingLibrariesError as error:
        yield bad(f"front: {error}".rstrip("."), "See there")
        return
    is_demo = bool(known.web and known.web.demo)
    if bodies == {pages[not is_demo]}:
        yield bad(
            "front: a demonstration answers at PUBLIC_URL, with its mark on the page, and not this installation"
            if not is_demo
            else "front: an installation answers at PUBLIC_URL, and not this demonstration",
            "End whichever is not meant to run there, or give one of them another port",
        )
        return
    if bodies != {pages[is_demo]}:
        yield bad(
            "front: the page of a link is not this release's: it was rewritten on the way, or another release runs",
            f"Start the web program again after an upgrade; {_FRONT}",
        )
        return
    yield ok("front: previews, scanners and prefetches get the page, the same for every id, and use nothing up")


def _headers(what: str, answer: _Answer, expected: Mapping[str, str]) -> Iterator[Line]:
    changed = [name for name, value in expected.items() if answer.headers.get(name.lower()) != value]
    cached = [name for name in _CACHES if name in answer.headers]
    if changed:
        yield bad(
            f"front: headers of the {what} are eaten or changed: {', '.join(changed)}",
            f"{_FRONT}: pass them on as they are",
        )
    if cached:
        yield bad(
            f"front: the {what} comes through a cache ({', '.join(cached)})", f"{_FRONT}: cache nothing but /assets/"
        )
    if "set-cookie" in answer.headers:
        yield bad(f"front: a cookie is added to the {what}", f"{_FRONT}: this product has none")
    if any(name.startswith("access-control-allow") for name in answer.headers):
        yield bad(f"front: the {what} lets other sites in (Access-Control-Allow-…)", f"{_FRONT}: add none")
    if "server" in answer.headers:
        yield warn(f"front: the {what} names a server's software", f"{_FRONT}: let the front not say it")
    if not changed and not cached:
        yield ok(f"front: the headers of the {what} come through as they were sent, uncached")


async def _api(front: _Front) -> list[Line]:
    path = f"/api/v1/drops/{base64url.encode(secrets.token_bytes(16))}/door"
    proof = {"link_proof": base64url.encode(secrets.token_bytes(32))}
    unknown = await front.ask("POST", path, said=proof)
    tries = {
        "unknown link (404)": (unknown, 404, "not-found"),
        "GET (405)": (await front.ask("GET", path), 405, "not-allowed"),
        "wrong type (415)": (
            await front.ask("POST", path, headers={"Content-Type": "text/plain"}, said=proof),
            415,
            "unsupported-type",
        ),
        "malformed (400)": (await front.ask("POST", path, said=[]), 400, "malformed"),
    }
    wrong = [
        f"{what}: {answer.status}" for what, (answer, status, slug) in tries.items() if not _is(answer, status, slug)
    ]
    lines = list(_headers("API", unknown, everywhere(secure=front.is_secure)))
    if wrong:
        lines.append(
            bad(
                f"front: answers of the API do not come through ({'; '.join(wrong)})",
                f"{_FRONT}: pass on errors and their bodies",
            )
        )
    else:
        lines.append(ok("front: JSON goes in, and refusals come out with their bodies (400, 404, 405, 415)"))
    return lines


def _is(answer: _Answer, status: int, slug: str) -> bool:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return False
    return answer.status == status and isinstance(said, dict) and said.get("type") == f"urn:sendsecret:problem:{slug}"


async def _keys(front: _Front, known: Known) -> Line:
    answer = await front.ask("GET", "/.well-known/jwks.json")
    try:
        served = {one["kid"]: one["x"] for one in json.loads(answer.body)["keys"]}
        ours = {kid: json.loads(speaker.jwk)["x"] for kid, speaker in believed(known.signing_dir).items()}
    except LogStoppedError:
        return warn("front: jwks.json was not compared, because SIGNING_DIR/trusted cannot be read", "Mend that first")
    except (ValueError, KeyError, TypeError):
        return bad("front: jwks.json is not served as it is", f"{_FRONT}: nobody can check a receipt by it")
    missing = [kid for kid, x in ours.items() if served.get(kid) != x]
    if missing:
        return bad(
            f"front: {len(missing)} of the keys that sign here are not in jwks.json, or are others there",
            "Start the bot, which publishes them; is it this installation's web program that answers?",
        )
    return ok("front: jwks.json has every key that signs here")


async def _limited(front: _Front) -> Line:
    path = f"/api/v1/drops/{base64url.encode(secrets.token_bytes(16))}/door"
    wrong = {"link_proof": base64url.encode(secrets.token_bytes(32))}
    answer = await front.ask("POST", path, said=wrong)
    for _ in range(2 * BURST):
        if answer.status == 429:
            break
        answer = await front.ask("POST", path, said=wrong)
    if _is(answer, 429, "slow-down") and answer.headers.get("retry-after", "").isdigit():
        return ok("front: too many wrong links are refused, and 429 comes through with Retry-After")
    return bad(
        f"front: after {2 * BURST} wrong links comes {answer.status}, and not 429 with Retry-After",
        f"{_FRONT}: is TRUSTED_PROXIES this front, and does it pass 429 and Retry-After on?",
    )
