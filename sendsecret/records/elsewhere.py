"""
What `sendsecret record --with-login` does: over the API of a server, which need not be this computer's.

What opens it is drawn and the value sealed here; who makes it is whoever is logged in.
"""

import os
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

import click

from sendsecret.operating import refuse
from sendsecret.records import by_hand, handing_over, wording
from sendsecret.records import wording_elsewhere as words_for
from sendsecret.records.handing_over import Handed, To
from sendsecret.records.wording_elsewhere import Words
from sendsecret.sending import login_file, own_records, record_sealing
from sendsecret.sending.chosen_passphrase import Passphrase
from sendsecret.sending.ending import say
from sendsecret.sending.login_file import Login
from sendsecret.sending.record_routes import Line
from sendsecret.sending.record_sealing import SealedRecord
from sendsecret.sending.stopping import Exit, StoppedError
from sendsecret.talking.strangers_text import harmless
from store.formats import base64url, record_v1
from store.formats.asked_record_v1 import Wanted
from store.record_doors import RecordDoor
from store.tells import tells
from store.words import RecordState

_NOTHING_CHANGED = 2
_NOT_KNOWN = 3


@dataclass(frozen=True)
class Page:
    """Of a record that people read: its passphrase, and what it calls whoever made it; None for the server's name."""

    passphrase: Passphrase
    sender: str | None


def make(wanted: Wanted, value: str, to: To, page: Page | None) -> None:
    """
    Make it, for programs or with a page, and let what opens it go; where that goes nowhere, that is said with the
    record's id.
    """
    if tells(wanted.label, value):
        refuse(wording.LABEL_TELLS, _NOTHING_CHANGED)
    record_v1.encoded(value)
    with by_hand.stopped(words_for.LOST, _NOT_KNOWN):
        try:
            login = login_file.find(os.environ)
            sealed = _sealed(login, wanted, value, page)
            made = own_records.make(login, sealed, say)
        except StoppedError as stopped:
            _stop(stopped)
        said = wording.KEY.made if page is None else wording.LINK.made
        reads = wording.how_often(wanted.most_reads)
        say(said.format(record=sealed.id_text, label=wanted.label, until=wording.day(made.until), reads=reads))
        if value.endswith("\n"):
            say(wording.ENDS_WITH_BREAK)
        words = words_for.WORDS[RecordDoor.API if page is None else RecordDoor.PAGE]
        _let_go(sealed, made.public_url, wanted.label, to, words)


def _sealed(login: Login, wanted: Wanted, value: str, page: Page | None) -> SealedRecord:
    if page is None:
        return record_sealing.for_programs(wanted, value)
    sender = page.sender or urlsplit(login.url).hostname or ""
    return record_sealing.for_people(wanted, value, page.passphrase, sender)


def revoke(record_id: bytes) -> None:
    """End one of one's own."""
    record = base64url.encode(record_id)
    with by_hand.stopped(words_for.STOPPED.format(record=record), _NOT_KNOWN):
        try:
            revoked = own_records.revoke(login_file.find(os.environ), record, say)
        except StoppedError as stopped:
            _stop(stopped)
        click.echo(words_for.REVOKED.format(record=record))
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
    label, door = one.label or wording.ERASED, wording.door(one.door, is_locked=one.is_locked)
    return wording.line(one.id, stands, one.reads, read_at, one.reads_left, one.wrong_keys, label, door=door)


def _let_go(sealed: SealedRecord, public_url: str, label: str, to: To, words: Words) -> None:
    text = sealed.lines(public_url)
    if to.recipient is None:
        if not handing_over.show(text):
            _take_back(sealed, words)
        say(words.shown)
        return
    match handing_over.hand_to(to.recipient, label, text, is_sure=to.is_sure, environment=os.environ):
        case Handed.YES:
            say(words.handed.format(to=harmless(to.recipient)))
        case Handed.NO:
            _take_back(sealed, words)
        case Handed.PERHAPS:
            refuse(words.perhaps.format(record=sealed.id_text), 6)


def _take_back(sealed: SealedRecord, words: Words) -> NoReturn:
    """Nobody can open it; a token for sending alone may not revoke, and then somebody else must."""
    try:
        own_records.revoke(login_file.find(os.environ), sealed.id_text, say)
    except StoppedError:
        refuse(words.left.format(record=sealed.id_text), 1)
    refuse(words.taken_back, 1)


def _stop(stopped: StoppedError) -> NoReturn:
    is_known = stopped.code != Exit.NO_ANSWER or stopped.problem == "unavailable"
    refuse(stopped.sentence, _NOTHING_CHANGED if is_known else _NOT_KNOWN)
