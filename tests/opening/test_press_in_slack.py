"""A drop that opens only after a press in Slack: the command says where to press, and what that has cost."""

import json
from pathlib import Path

from store import recipient_verification
from store.formats.payload_v1 import Text
from store.words import Verify
from tests.browser.pretend_reader import SILENCE, problem
from tests.opening.links import CORRECT, PIPED, both
from tests.opening.pretend_server import PASSPHRASE, pretending
from tests.opening.seat import alone
from tests.web.conftest import World


async def test_a_drop_that_wants_a_press_in_slack(world: World, tmp_path: Path) -> None:
    """Exit code 5 and where to press, right or wrong, with no try used up; after the press the same line opens it."""
    holder = await world.make(Text("s3cret"), passphrase=CORRECT, verify=Verify.SLACK, variable="STRIPE_API_KEY")
    for piped in (CORRECT, "wrong"):
        done = await alone(tmp_path, *PIPED, "--json", typed=both(world, holder, piped))
        said = json.loads(done.out)
        assert (done.code, said["problem"]) == (5, "verification-required")
        assert "press Open in the message from Sendsecret" in said["sentence"]
        assert "No try was used up." in said["sentence"]
    assert "drop.passphrase_failed" not in await world.events(holder)
    await recipient_verification.verify(world.store, holder.link.id)
    done = await alone(tmp_path, *PIPED, typed=both(world, holder))
    assert (done.code, done.out) == (0, b"s3cret")


async def test_a_lost_answer_before_a_press_is_wanted_is_not_called_free(tmp_path: Path) -> None:
    """It may have been a refusal that was paid for, within the ten minutes."""
    async with pretending(Text("x")) as pretend:
        pretend.say("claim", SILENCE, problem(403, "verification-required"))
        done = await alone(tmp_path, *PIPED, "--json", typed=f"{pretend.url}\n{PASSPHRASE}\n")
    said = json.loads(done.out)
    assert (done.code, said["problem"]) == (5, "verification-required")
    assert "whether your try was counted is not known" in said["sentence"]
    assert "No try was used up" not in said["sentence"]
