"""Whose events are believed, and whether one row of `events` is what was signed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import LogStoppedError
from store.formats import event_v1, jwks_v1, jws_v1, receipt_v1
from store.formats.errors import FormatError
from store.log.who_may_say import MAY_SAY, Speaker, believed, fault
from store.schema import signers
from store.verifying.findings import Findings
from store.words import Event

_TABLE: Final = "signers"


async def speakers(tx: AsyncConnection, signing_dir: Path, findings: Findings) -> Mapping[str, Speaker]:
    """The believed keys by kid; the table `signers` is held against them."""
    rows = (await tx.execute(select(signers).order_by(signers.c.kid))).all()
    try:
        trusted = believed(signing_dir)
    except LogStoppedError as error:
        findings.fail("SIGNING_DIR/trusted", str(error))
        trusted = {}
    if not trusted:
        findings.fail(
            "SIGNING_DIR/trusted",
            "no key could be read there, so that the database's own table was believed: whoever can write to the "
            "database could have put a key into it",
        )
    for row in rows:
        if why := _wrong(row, trusted):
            findings.fail(_TABLE, f"key {row.kid} ({row.program}): {why}")
    return trusted or {row.kid: Speaker(row.program, row.jwk) for row in rows if row.program in MAY_SAY}


async def close(
    tx: AsyncConnection, used: set[str], retired: Mapping[str, int], believed: Mapping[str, Speaker], findings: Findings
) -> None:
    """
    After all events were seen: every key that signed one, or is believed, must stand in the table, which is what we
    publish, and none be believed longer than the event says that retired it, whose positions are in `retired`.
    """
    for kid, position in sorted(retired.items()):
        end = believed[kid].retired if kid in believed else 0
        if end is None or end > position:
            findings.fail(
                "SIGNING_DIR/trusted",
                f"the event at position {position} retired the key {kid}, which is believed on here. Copy its .retired "
                f"from the host on which that was done, or type `sendsecret keys retire {kid}`",
            )
    known = set((await tx.execute(select(signers.c.kid))).scalars())
    for kid in sorted(used - known):
        findings.fail(_TABLE, f"key {kid} signed events, and its row is gone")
    for kid in sorted(believed.keys() - known - used):
        findings.fail(
            _TABLE,
            f"key {kid} is believed, and its row is gone, so that nobody can check what it signed before a backup was "
            "restored. The bot puts it back when it starts",
        )
    findings.close(_TABLE, f"{len(known)} keys, each under its own thumbprint, each believed")


def read(row: Row[Any], believed: Mapping[str, Speaker]) -> tuple[Mapping[str, Any] | None, str | None]:
    """What the leaf of one row of `events` says, and what is wrong with the row; one of the two is None."""
    try:
        why = fault(row, believed)
    except (TypeError, AttributeError, RecursionError):
        why = "its leaf, or a column, is of a wrong kind"
    if why is not None:
        return None, why
    try:
        signed = jws_v1.parse(row.leaf)
    except FormatError as error:
        return None, f"its leaf is malformed: {error}"
    claims = signed.claims
    if signed.kid != row.kid:
        return None, "its column kid is another key than the leaf names"
    if type(claims.get("iat")) is not int or type(row.at) is not int or claims["iat"] != row.at // 1000:
        return None, "its column at is another time than the leaf says"
    if signed.kind != (receipt_v1.TYPE if row.event == Event.RECEIPT else event_v1.TYPE):
        return None, "its leaf is of another type than its event"
    return claims, None


def _wrong(row: Row[Any], trusted: Mapping[str, Speaker]) -> str | None:
    try:
        kid, _ = jwks_v1.parse_key(row.jwk)
    except (FormatError, TypeError):
        return "its jwk is no public key, or another one than its kid"
    if kid != row.kid:
        return "its jwk is another key than its kid"
    if trusted and row.kid not in trusted:
        return "it is not among the keys in SIGNING_DIR/trusted: somebody put it here"
    if trusted and trusted[row.kid].program != row.program:
        return f"it is the key of {trusted[row.kid].program}"
    return None
