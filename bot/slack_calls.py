"""
The calls of Slack's Web API that the bot makes, and what can become of each.

Every failure is one of three: Slack refused (nothing happened), Slack is busy (nothing happened, and when to come
back), or Slack did not answer (anything may have happened).  Nobody else sees slack_sdk's exceptions, which carry
whole answers in their text.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace, TracebackType
from typing import Any, Final, Self

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.block_kit import Json
from bot.library_log import library_logger
from bot.message import Message
from bot.mrkdwn import Markup
from store.deliveries import Place

_SECONDS: Final = 10
_LONGEST_WAIT: Final = 3600.0
_MEMBERS_AT_ONCE: Final = 200
"""As many as the page of `users.list` recommends at most."""
_SLACK_FAILED: Final = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class SlackError(Exception):
    """Base; never raised itself."""


class SlackRefusedError(SlackError):
    """Slack said no, in its own word for it; nothing happened."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SlackBusyError(SlackError):
    """
    Slack wants to be asked again in `seconds`; nothing happened.

    `may_have_it`: an earlier post of the same message had no answer, so that Slack may have taken that one.
    """

    def __init__(self, seconds: float, *, may_have_it: bool = False) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds
        self.may_have_it = may_have_it


class SlackUnansweredError(SlackError):
    """
    No answer, or none that can be read: the call may have been carried out.

    `may_have_it` is False where that call would have posted nothing.
    """

    def __init__(self, why: str, *, may_have_it: bool = True) -> None:
        super().__init__(why)
        self.may_have_it = may_have_it


OK: Final = "ok"
BY_ADDRESS: Final = "response_url"
"""What is counted for a message to an address that Slack gave us, an incoming webhook's too: never the address."""
_OUTCOMES: Final[dict[type[SlackError], str]] = {
    SlackRefusedError: "refused",
    SlackBusyError: "busy",
    SlackUnansweredError: "unanswered",
}
OUTCOMES: Final = (OK, *_OUTCOMES.values())


class Slack:
    """One workspace.  Use as an async context manager.  `calls`: how often each method came to which outcome."""

    def __init__(self, bot_token: str, api_url: str) -> None:
        self._token = bot_token
        self._api_url = api_url
        self.calls: Counter[tuple[str, str]] = Counter()

    async def __aenter__(self) -> Self:
        # slack_sdk lets aiohttp follow redirects; a 307 would take a message, and the link in it, along.
        unled = aiohttp.TraceConfig()
        unled.on_request_redirect.append(_stop)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS), trace_configs=[unled])
        # slack_sdk's default repeats a call whose connection broke; for a message that would be a second message.
        self._once = self._web_client([])
        self.client = self._web_client([AsyncConnectionErrorRetryHandler()])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    def _web_client(self, retries: list[AsyncRetryHandler]) -> AsyncWebClient:
        return AsyncWebClient(
            token=self._token,
            base_url=self._api_url,
            session=self._session,
            timeout=_SECONDS,
            retry_handlers=retries,
            logger=library_logger(),
        )

    async def identity(self) -> Json:
        """Who we are: `team_id`, `user_id`, `bot_id`."""
        return await self._answered("auth.test", self.client.auth_test())

    async def is_there(self) -> bool:
        """Whether Slack answers at all, asked with a call that changes nothing; a refusal is an answer."""
        try:
            await self.identity()
        except SlackRefusedError:
            return True
        except SlackError:
            return False
        return True

    async def person(self, user_id: str) -> Json:
        """A `user` object."""
        user: Json = (await self._answered("users.info", self.client.users_info(user=user_id)))["user"]
        return user

    async def members(self, cursor: str) -> tuple[list[Json], str]:
        """Some `user` objects of the workspace, from a cursor ("" at first), and the next cursor; "" at the end."""
        answer = await self._answered(
            "users.list", self.client.users_list(cursor=cursor or None, limit=_MEMBERS_AT_ONCE)
        )
        return list(answer["members"]), str((answer.get("response_metadata") or {}).get("next_cursor") or "")

    async def open_dm(self, user_id: str) -> str:
        """The id of our direct message with somebody, opened if need be."""
        answer = await self._answered("conversations.open", self.client.conversations_open(users=user_id))
        return str(answer["channel"]["id"])

    async def post(self, channel: str, message: Message, *, thread: str | None = None) -> Place:
        """Post a message.  Never repeated here; both unfurl flags are off, so that Slack's crawler stays away."""
        answer = await self._answered(
            "chat.postMessage",
            self._once.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return Place(str(answer["channel"]), str(answer["ts"]))

    async def edit(self, place: Place, message: Message) -> None:
        """Make a message of ours say something else."""
        await self._answered(
            "chat.update",
            self.client.chat_update(channel=place.channel, ts=place.ts, text=message.text, blocks=message.blocks),
        )

    async def permalink(self, channel: str, ts: str) -> str:
        """The address of a message, of whomever's, in a conversation that we can see; for that no scope is needed."""
        return str(
            (await self._answered("chat.getPermalink", self.client.chat_getPermalink(channel=channel, message_ts=ts)))[
                "permalink"
            ]
        )

    async def open_view(self, trigger_id: str, view: Json) -> str:
        """Open a modal, and its id; a trigger is good for three seconds and once, so that nothing is repeated."""
        answer = await self._answered("views.open", self._once.views_open(trigger_id=trigger_id, view=view))
        return str(answer["view"]["id"])

    async def update_view(self, view_id: str, view: Json) -> None:
        """Replace what a modal shows."""
        await self._answered("views.update", self.client.views_update(view_id=view_id, view=view))

    async def publish_home(self, user_id: str, view: Json, instead_of: str | None = None) -> str:
        """
        Replace what somebody's Home tab shows, and the mark by which Slack knows it.

        With `instead_of`, a mark of before, Slack refuses by `hash_conflict` where something else stands there by now.
        """
        # Carried out unanswered, and repeated by slack_sdk, it would find its own work in its way.
        answer = await self._answered(
            "views.publish", self._once.views_publish(user_id=user_id, view=view, hash=instead_of)
        )
        return str(answer["view"]["hash"])

    async def reply(self, response_url: str, text: Markup) -> None:
        """Say something to the one person who pressed or typed; nobody else sees it."""
        await self._respond(response_url, {"response_type": "ephemeral", "replace_original": False, "text": text})

    async def post_into(self, response_url: str, message: Message) -> None:
        """Post a message into the conversation of a form's `response_url`, also where we are no member."""
        said = {"response_type": "in_channel", "replace_original": False, "text": message.text}
        quiet = {"unfurl_links": False, "unfurl_media": False}
        await self._respond(response_url, {**said, "blocks": message.blocks, **quiet})

    async def replace(self, response_url: str, message: Message) -> None:
        """Make the message whose button was pressed say something else."""
        await self._respond(response_url, {"replace_original": True, "text": message.text, "blocks": message.blocks})

    async def anchor(self, webhook_url: str, message: Message) -> None:
        """Post through an incoming webhook, which belongs to another app: what it posts we cannot edit or delete."""
        quiet = {"unfurl_links": False, "unfurl_media": False}
        await self._respond(webhook_url, {"text": message.text, "blocks": message.blocks, **quiet})

    async def _answered(self, method: str, call: Awaitable[AsyncSlackResponse]) -> Json:
        with self._counted(method):
            return await _answered(call)

    @contextmanager
    def _counted(self, method: str) -> Iterator[None]:
        try:
            yield
        except SlackError as error:
            self.calls[method, _OUTCOMES[type(error)]] += 1
            raise
        self.calls[method, OK] += 1

    async def _respond(self, response_url: str, said: Json) -> None:
        with self._counted(BY_ADDRESS):
            await self._post(response_url, said)

    async def _post(self, response_url: str, said: Json) -> None:
        try:
            # What is said may be a link: wherever a redirect leads, it is not who was given the address.
            async with self._session.post(response_url, json=said, allow_redirects=False) as answer:
                status = answer.status
                wait = answer.headers.get("Retry-After")
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise SlackUnansweredError("no answer") from None
        if status == 429:
            raise SlackBusyError(_seconds(wait))
        if status >= 500:
            raise SlackUnansweredError("Slack failed")
        if status != 200:
            raise SlackRefusedError(f"response_url_{status}")


async def _stop(_: aiohttp.ClientSession, __: SimpleNamespace, led: aiohttp.TraceRequestRedirectParams) -> None:
    led.response.close()
    raise aiohttp.ClientError("a redirect")


async def _answered(call: Awaitable[AsyncSlackResponse]) -> Json:
    # `from None` throughout: what slack_sdk raises has the answer, and for a bad one the request, in its text.
    try:
        answer = (await call).data
    except SlackApiError as error:
        raise told(error) from None
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError):
        raise SlackUnansweredError("no answer") from None
    except UnicodeError:
        raise SlackUnansweredError("an answer that cannot be read") from None
    if not isinstance(answer, dict):
        raise SlackUnansweredError("an answer that cannot be read")
    return answer


def told(error: SlackApiError) -> SlackError:
    """Which of the three failures an answer of Slack's is."""
    response: Any = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    body = getattr(response, "data", None)
    code = body.get("error") if isinstance(body, dict) else None
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return SlackBusyError(_seconds(getattr(response, "headers", {}).get("Retry-After")))
    if status == 200 and isinstance(code, str) and code not in _SLACK_FAILED:
        return SlackRefusedError(code)
    return SlackUnansweredError("Slack failed")


def _seconds(text: str | None) -> float:
    try:
        return min(max(float(text or 1), 0.1), _LONGEST_WAIT)
    except ValueError:
        return 1.0
