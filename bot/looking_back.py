"""The listeners of an incident and a dispute: acknowledged at once, and carried out behind that."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot import dispute_views, incident_links, incident_standing, incident_views
from bot.dispute_desk import DisputeDesk
from bot.incident_desk import IncidentDesk
from bot.rights import clicker_of
from bot.underway import Underway

VIEWS: Final = (dispute_views.CHOOSE,)


def listen(app: AsyncApp, incidents: IncidentDesk, disputes: DisputeDesk, underway: Underway) -> None:
    """Add them."""

    async def revoke_all(body: dict[str, Any], _value: str) -> None:
        await incidents.revoke_all(body["view"], clicker_of(body))

    async def turn(body: dict[str, Any], value: str) -> None:
        await incidents.turn(body["view"], value, clicker_of(body))

    async def take(body: dict[str, Any], _value: str) -> None:
        await incidents.take(body["view"], clicker_of(body))

    async def end_tokens(body: dict[str, Any], _value: str) -> None:
        await incidents.end_tokens(body["view"], clicker_of(body))

    app.action(incident_standing.END_TOKENS)(_acting(underway, end_tokens))
    app.action(incident_views.TAKE)(_acting(underway, take))
    app.action(incident_views.REVOKE_ALL)(_acting(underway, revoke_all))
    app.action(incident_views.FIRST)(_acting(underway, turn))
    app.action(incident_views.NEXT)(_acting(underway, turn))

    async def opened(ack: Any) -> None:
        await ack()  # the browser opens the link by itself; without this the client shows a warning

    app.action(incident_links.PAGE)(opened)
    app.action(incident_links.TABLE)(opened)

    @app.view(dispute_views.CHOOSE)
    async def chosen(ack: Any, body: dict[str, Any]) -> None:
        with underway.one():
            await disputes.chosen(ack, body, clicker_of(body))


def _acting(
    underway: Underway, act: Callable[[dict[str, Any], str], Awaitable[None]]
) -> Callable[..., Awaitable[None]]:
    async def pressed(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with underway.one():
            if body.get("view"):
                await act(body, str(action.get("value", "")))

    return pressed
