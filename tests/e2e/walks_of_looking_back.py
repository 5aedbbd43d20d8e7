"""Ways to what is said when a laptop is gone, and in a dispute.  WALKS holds all others, too."""

from typing import Final

from bot import dispute_wording, incident_standing, incident_wording, rotation_wording
from sandbox.fixtures import AUDIT, GENERAL, MAYA, NOOR, SAM
from store.formats import base64url
from tests.e2e.acting import PASSPHRASE, answer_to, hand_over
from tests.e2e.reading import mark, reads, window, words_of
from tests.e2e.sentences import SENTENCES
from tests.e2e.walks import leads_to, typed
from tests.e2e.walks_for_rotation import WALKS
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

_LINES: Final = {"incident_wording.WHOM": "incident", "dispute_wording.WHICH": "dispute about it"}
_UNOPENED: Final = {"incident_wording.NOT_OPENED": "incident @noor", "dispute_wording.NOT_OPENED": "dispute"}


@leads_to(*_LINES, *_UNOPENED, "incident_wording.NOTHING_OWN", "dispute_wording.UNKNOWN")
async def looked_for_in_vain(at: Workplace) -> list[str]:
    """Nobody and nothing is named; Slack opens nothing; there is nothing, or nothing that they may see."""
    read = [await typed(at, MAYA, line, name) for name, line in _LINES.items()]
    for name, line in _UNOPENED.items():
        at.sandbox.fault("views.open", "error", error="expired_trigger_id")
        read.append(await typed(at, MAYA, line, name))
    await at.sandbox.type(MAYA, AUDIT, "/sendsecret incident nobody@example.com")
    read.append(words_of(await window(at, MAYA, incident_wording.NOTHING_OWN, "incident")))
    await at.sandbox.type(MAYA, AUDIT, "/sendsecret dispute AAAAAA")
    return [*read, words_of(await window(at, MAYA, dispute_wording.UNKNOWN, "dispute"))]


@leads_to(
    "incident_wording.TOKENS_ENDED",
    "incident_wording.REVOKED",
    "incident_wording.TAKEN",
    "incident_wording.TOLD",
    "incident_wording.AUDITED",
)
async def a_laptop_is_gone(at: Workplace) -> list[str]:
    """What waits for Noor is revoked, the list is taken out of Slack, and what she has seen is rotated."""
    seen = await hand_over(at, "/sendsecret @noor", to=NOOR)
    await at.desk.read(seen.link, PASSPHRASE)
    await hand_over(at, "/sendsecret @noor", to=NOOR)
    before = mark(at)
    await at.sandbox.type(NOOR, GENERAL, "/sendsecret token")
    await answer_to(at, NOOR, before, SENTENCES["token_wording.MADE"])
    await at.sandbox.type(SAM, AUDIT, "/sendsecret incident @noor")
    shown = await window(at, SAM, incident_wording.SUMMARY, "incident")
    await at.sandbox.click(SAM, "revoke_handed", view=shown["id"])
    read = [words_of(await window(at, SAM, incident_wording.REVOKED, "incident"))]
    await at.sandbox.click(SAM, incident_standing.END_TOKENS, view=shown["id"])
    read.append(words_of(await window(at, SAM, incident_wording.TOKENS_ENDED, "incident")))
    before = mark(at)
    await at.sandbox.click(SAM, "take_handed", view=shown["id"])
    read.append(words_of(await window(at, SAM, incident_wording.TAKEN, "incident")))
    read.append(words_of(await reads(at, SAM, incident_wording.AUDITED, after=before)))
    await at.sandbox.click(SAM, "rotated", view=shown["id"], block_id=f"drop-{base64url.encode(seen.link.id)}")
    return [*read, words_of(await window(at, SAM, rotation_wording.ROTATED_NOW, "incident"))]
