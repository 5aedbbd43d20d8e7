"""
What `sendsecret record --with-login` does: over the API of a server, which need not be this computer's.

The key is drawn and the value sealed here; who makes it is whoever is logged in.
"""

import os
from typing import NoReturn

import click

from sendsecret.operating import refuse
from sendsecret.records import by_hand, handing_over, wording
from sendsecret.records.handing_over import Handed, To
from sendsecret.sending import login_file, own_records
from sendsecret.sending.ending import say
from sendsecret.sending.own_records import Made
from sendsecret.sending.record_routes import Line
from sendsecret.sending.stopping import Exit, StoppedError
from sendsecret.talking.strangers_text import harmless
from store import record_lines
from store.formats import base64url, record_v1
from store.formats.asked_record_v1 import Wanted
from store.tells import tells
from store.words import RecordState

_NOTHING_CHANGED = 2
_NOT_KNOWN = 3


def make(wanted: Wanted, value: str, to: To) -> None:
    """Make it, and let its key go; where it goes nowhere, that is said with the record's id."""
    if tells(wanted.label, value):
        refuse(wording.LABEL_TELLS, _NOTHING_CHANGED)
    record_v1.encoded(value)
    with by_hand.stopped(wording.LOST_ELSEWHERE, _NOT_KNOWN):
        try:
            made = own_records.make(login_file.find(os.environ), wanted, value, say)
        except StoppedError as stopped:
            _stop(stopped)
        record, label, reads = made.key.id_text, wanted.label, wording.how_often(wanted.most_reads)
        say(wording.KEY.made.format(record=record, label=label, until=wording.day(made.until), reads=reads))
        if value.endswith("\n"):
            say(wording.ENDS_WITH_BREAK)
        _let_go(made, label, to)


def revoke(record_id: bytes) -> None:
    """End one of one's own."""
    record = base64url.encode(record_id)
    with by_hand.stopped(wording.STOPPED_ELSEWHERE.format(record=record), _NOT_KNOWN):
        try:
            revoked = own_records.revoke(login_file.find(os.environ), record, say)
        except StoppedError as stopped:
            _stop(stopped)
        click.echo(wording.REVOKED_ELSEWHERE.format(record=record))
        click.echo(wording.NOT_AT_PROVIDER.format(where=f": {revoked.rotate_url}" if revoked.rotate_url else "."))


def everything() -> list[Line]:
    """One's own, newest first."""
    with by_hand.stopped(wording.STOPPED, _NOTHING_CHANGED):
        try:
            return own_records.everything(login_file.find(os.environ), say)
        except StoppedError as stopped:
            _stop(stopped)


def line(one: Line) -> str:
    """As `record list` prints it."""
    is_live = one.state == RecordState.LIVE
    stands = f"until {wording.day(one.expires_at)}" if is_live else f"{one.state} {wording.day(one.ended_at)}"
    read_at = wording.day(one.read_at) if one.read_at else None
    return wording.line(one.id, stands, one.reads, read_at, one.reads_left, one.wrong_keys, one.label or wording.ERASED)


def _let_go(made: Made, label: str, to: To) -> None:
    record, text = made.key.id_text, record_lines.lines(made.key, made.public_url)
    if to.recipient is None:
        if not handing_over.show(text):
            _take_back(record)
        say(wording.SHOWN_ELSEWHERE)
        return
    match handing_over.hand_to(to.recipient, label, text, is_sure=to.is_sure, environment=os.environ):
        case Handed.YES:
            say(wording.HANDED_ELSEWHERE.format(to=harmless(to.recipient)))
        case Handed.NO:
            _take_back(record)
        case Handed.PERHAPS:
            refuse(wording.PERHAPS_ELSEWHERE.format(record=record), 6)


def _take_back(record: str) -> NoReturn:
    """Nobody has the key; a token for sending alone may not revoke, and then somebody else must."""
    try:
        own_records.revoke(login_file.find(os.environ), record, say)
    except StoppedError:
        refuse(wording.LEFT_ELSEWHERE.format(record=record), 1)
    refuse(wording.TAKEN_BACK, 1)


def _stop(stopped: StoppedError) -> NoReturn:
    is_known = stopped.code != Exit.NO_ANSWER or stopped.problem == "unavailable"
    refuse(stopped.sentence, _NOTHING_CHANGED if is_known else _NOT_KNOWN)
