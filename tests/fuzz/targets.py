"""Every target."""

from typing import Final

from tests.fuzz import drops, keys, links, log, operators, packs, passphrases, pasted, receipts, sealed
from tests.fuzz.target import Target

TARGETS: Final[tuple[Target, ...]] = (
    *(links.LINK, links.RECORD_LINK, links.ORDER_LINK),
    *(keys.BASE64URL, keys.API_TOKEN, keys.RECORD_KEY, keys.NAMES_TOKEN),
    *(drops.HEADER, drops.PAYLOAD, drops.ENVELOPE, passphrases.CANON),
    *(receipts.RECEIPT, receipts.DISCLOSURE, log.LEAF, log.KEYS, log.CHECKPOINT, log.LOG_KEY, log.PROOF),
    *(sealed.QUESTION, sealed.DELIVERY, sealed.SHEET),
    *(packs.PACK, packs.MANIFEST_LINES, operators.TEMPLATES, operators.POLICY),
    *(pasted.PASTED_LINK, pasted.MESSAGES, pasted.BOUNCE),
)


def named(name: str) -> Target:
    """The target of this name.  Raises KeyError."""
    return {target.name: target for target in TARGETS}[name]
