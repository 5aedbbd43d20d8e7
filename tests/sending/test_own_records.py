"""What a client makes of a strange server's answers about records."""

import asyncio
import json

import pytest
from aiohttp import web

from sendsecret.sending import own_records, record_sealing
from sendsecret.sending.login_file import Login
from sendsecret.sending.record_routes import Made
from sendsecret.sending.record_sealing import SealedRecord
from sendsecret.sending.stopping import StoppedError
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_record_v1 import Wanted

WANTED = Wanted("Stripe key", None, 3600, None)


async def answered_with(
    status: int, said: dict[str, object], *, then: tuple[int, dict[str, object]] | None = None
) -> tuple[Made, SealedRecord, list[dict[str, object]]]:
    """What comes of a server that says this, and from the second time on something else; and what it was sent."""
    sealed = record_sealing.for_programs(WANTED, "sk_live_canary")
    seen: list[dict[str, object]] = []

    async def answer(request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        seen.append(body)
        if then is not None and len(seen) > 1:
            return web.json_response(then[1], status=then[0])
        whole = {name: str(value).replace("ID", body["id"]) if name == "url" else value for name, value in said.items()}
        return web.json_response(whole, status=status)

    app = web.Application()
    app.add_routes([web.post("/api/v1/records", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        login = Login(f"http://127.0.0.1:{port}", ApiToken(bytes(12), bytes(32)))
        made = await asyncio.to_thread(own_records.make, login, sealed, lambda _: None)
    finally:
        await runner.cleanup()
    return made, sealed, seen


@pytest.mark.parametrize(
    "url",
    [
        "https://drops.example.com$(id)/r/ID",
        "https://drops.example.com/;id/r/ID",
        "https://a.example@evil.example/r/ID",
        "http://evil.example/r/ID",
        "javascript:alert(1)/r/ID",
        "",
    ],
)
async def test_nothing_of_a_strangers_stands_in_the_line(url: str) -> None:
    """The address that one logged in to stands there instead; and neither value nor key was sent."""
    made, sealed, [body] = await answered_with(201, {"state": "made", "url": url, "expires_at": 1})
    assert made.public_url.startswith("http://127.0.0.1:")
    whole = json.dumps(body)
    assert "sk_live" not in whole
    key = sealed.lines("").split("\n")[0].removeprefix("SENDSECRET_KEY=")
    assert key.startswith("ssk_")
    assert key not in whole
    assert key[30:60] not in whole


async def test_the_public_address_of_a_server_is_taken() -> None:
    """Which need not be the one that one logged in to."""
    made, _, _ = await answered_with(201, {"state": "made", "url": "https://drops.example.com/r/ID", "expires_at": 1})
    assert made.public_url == "https://drops.example.com"


async def test_too_many_of_ones_own_is_said() -> None:
    """What was made, and what makes room; the server's own words are not repeated."""
    for status, slug, said in (
        (409, "too-many-records", r"Nothing was made.*revoke one"),
        (429, "sent-too-often", r"Nothing was made. Run this again in ten minutes"),
    ):
        with pytest.raises(StoppedError, match=said) as stopped:
            await answered_with(status, {"type": f"urn:sendsecret:problem:{slug}", "title": "canary"})
        assert "canary" not in stopped.value.sentence


async def test_what_is_no_answer_of_ours_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal's page, a refusal without a word of ours: a sentence with the record's id, and no traceback."""
    monkeypatch.setattr(own_records, "ASK_SECONDS", 0)
    with pytest.raises(StoppedError, match="may have been made or not"):
        await answered_with(502, {"error": "portal"})


async def test_what_was_once_handed_in_stays_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first answer was lost, or said that it waits: only what is said of this very record makes it unsent."""
    monkeypatch.setattr(own_records, "WAIT_SECONDS", 1.5)
    monkeypatch.setattr(own_records, "ASK_SECONDS", 3)
    too_often = {"type": "urn:sendsecret:problem:asked-too-often", "title": "x", "status": 429}
    for first, second in ((202, 429), (500, 401)):
        with pytest.raises(StoppedError, match="may have been made or not"):
            await answered_with(first, {"state": "asked"}, then=(second, too_often))
    bound = {"type": "urn:sendsecret:problem:sent-too-often", "title": "x", "status": 429}
    with pytest.raises(StoppedError, match="Nothing was made"):
        await answered_with(202, {"state": "asked"}, then=(429, bound))
    refused = {"type": "urn:sendsecret:problem:may-not-send", "title": "x", "status": 403}
    with pytest.raises(StoppedError, match="may not hand over secrets"):
        await answered_with(202, {"state": "asked"}, then=(403, refused))
