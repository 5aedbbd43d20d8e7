"""A press that the message on the screen does not offer: somebody has made the request by hand."""

from sandbox import payloads
from tests.bot.desk import Desk, Json


async def press_by_hand(desk: Desk, user: str, action: str, message: Json, value: str) -> None:
    """As somebody presses who sees this message."""
    workspace = desk.sandbox.workspace
    place = workspace.conversations[message["conversation"]]
    stands = place.find(message["ts"])
    assert stands is not None
    made = {
        "type": "button",
        "action_id": action,
        "block_id": "b",
        "action_ts": workspace.new_ts(),
        "value": value,
    }
    payload = payloads.block_actions_in_message(workspace, workspace.people[user], place, stands, made)
    assert (await desk.sandbox.road.deliver("interactive", payload)).outcome == "acked"
