"""`sendsecret record`: standing credentials, made, listed, rotated, unlocked and revoked by whoever runs this."""

import re
from pathlib import Path
from typing import Final

import click

from sendsecret.operating import refuse
from sendsecret.records import wording, wording_elsewhere
from sendsecret.sending.command import Span
from sendsecret.talking.strangers_text import harmless
from store.formats import base64url
from store.formats.asked_record_v1 import Wanted
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import ID_BYTES
from store.record_doors import RecordDoor
from store.record_lines import is_page
from store.record_names import MOST_READS, MOST_SECONDS, MOST_SECONDS_OF_ONE, is_label
from store.records import Held, Named
from store.words import RecordState

_HYPHENED: Final = re.compile(r"\A-[A-Za-z0-9_-]{21}\Z")
_ANY_ID: Final = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


class _OfOne(click.Command):
    """
    A command for a record's id, which is base64url and may begin with a hyphen.

    click would find `-y` anywhere in one, and take it out.  An address it leaves alone.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it."""
        return super().parse_args(ctx, [_HYPHENED.sub(r"/r/\g<0>", one) for one in args])


_hand_to = click.option("--hand-to", metavar="@NAME", help="Hand it to somebody in Slack, as `send` does.")
_with_login = click.option(
    "--with-login", is_flag=True, help="As whoever is logged in here (`sendsecret login`); this need not be the server."
)
_yes = click.option("-y", "--yes", "is_sure", is_flag=True, help="Also to a guest or somebody from outside, unasked.")


@click.group()
def record() -> None:
    """
    Credentials that are read over and over, until they are rotated, revoked or over: by code with a key of its own, or,
    with --door page, by people with a link and a passphrase.

    \b
      sendsecret record make -l "Stripe restricted key" < key.txt
      sendsecret record make -l "Stripe restricted key" --hand-to @dana < key.txt

    The credential comes through standard input, or is asked for; neither it nor a key may stand on the line. The key,
    or link and passphrase, are shown once, or handed over once, and kept nowhere: of two people who need to read it,
    each gets a record.

    \b
    Exit codes:
      0  done
      1  done, but nobody can read it: a new record was revoked again, a rotated one is to be rotated once more
      2  wrong options, no credential, or no such record; nothing was changed
      3  the store or the keyring is away; nothing was changed, unless it is said that this is not known
      6  done, and it is not known whether --hand-to arrived
    """


@record.command()
@click.option("-l", "--label", required=True, help="What it is, for your own list. Never the credential.")
@click.option("--expires", type=Span(), default="90d", show_default=True, help="For how long it can be read.")
@click.option("--reads", type=click.IntRange(1, MOST_READS), help="How often it can be read; without this, any number.")
@click.option(
    "--door",
    type=click.Choice([one.value for one in RecordDoor]),
    default="api",
    show_default=True,
    help="Who reads it: code, or people.",
)
@click.option(
    "--from", "sender", metavar="NAME", help="Who lets them read it, as the page says it; else this server's name."
)
@click.option("--ask-passphrase", "asks", is_flag=True, help="Type the page's passphrase instead of having words made.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="The same, from a file.")
@click.option("--rotate-url", metavar="URL", help="The page on which the key is rotated at its provider.")
@click.option("--escrow", is_flag=True, help="Our keyring can open this, too, so that rotating needs no credential.")
@_hand_to
@_yes
@_with_login
def make(
    label: str,
    expires: int,
    reads: int | None,
    door: str,
    sender: str | None,
    asks: bool,
    passphrase_file: Path | None,
    rotate_url: str | None,
    escrow: bool,
    hand_to: str | None,
    is_sure: bool,
    with_login: bool,
) -> None:
    """
    Make a record of the credential on standard input, and print key and line, or link and passphrase.

    With --escrow whoever holds the database, the keyring and the master key reads it without either. With --with-login
    --from is your own name in Slack, and nobody else's.
    """
    from sendsecret.records import acting, elsewhere, page_passphrase, value_in
    from sendsecret.records.doors import Wish
    from sendsecret.records.handing_over import To
    from sendsecret.sending import chosen_passphrase

    label = label.strip()
    if not _is_name(label):
        refuse(wording.LABEL, 2)
    if with_login and escrow:
        refuse(wording_elsewhere.NO_ESCROW, 2)
    is_page_wanted, chooses = door == RecordDoor.PAGE, asks or passphrase_file is not None
    if sender is not None and not (is_page_wanted and _is_name(sender)):
        refuse(wording.FROM, 2)
    if chooses and (not is_page_wanted or hand_to is not None or (asks and passphrase_file is not None)):
        refuse(wording.PASSPHRASE, 2)
    if rotate_url is not None and not is_page(rotate_url):
        refuse(wording.ROTATE_URL, 2)
    if expires > MOST_SECONDS:
        refuse(f"--expires takes 3650d at most. {wording.NOTHING}", 2)
    if with_login and expires > MOST_SECONDS_OF_ONE:
        refuse(f"--expires takes 365d at most with --with-login. {wording.NOTHING}", 2)
    value = value_in.read()
    to = To(hand_to, is_sure)
    chosen = page_passphrase.chosen(passphrase_file, label, value) if chooses else None
    if with_login:
        page = elsewhere.Page(chosen or chosen_passphrase.make(), sender) if is_page_wanted else None
        elsewhere.make(Wanted(label, rotate_url, expires, reads), value, to, page)
    else:
        wish = Wish(Named(label, rotate_url), value, expires, reads, escrow)
        acting.make(wish, to, RecordDoor(door), sender, chosen)


@record.command("list")
@_with_login
def list_records(with_login: bool) -> None:
    """Print every record, or with --with-login one's own: its id, how it stands, how often it was read."""
    from sendsecret.records import acting, elsewhere

    if with_login:
        lines = [elsewhere.line(one) for one in elsewhere.everything()]
    else:
        found, locked = acting.everything()
        lines = [_line(held, acting.name_of(held), is_locked=held.id in locked) for held in found]
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(wording.NONE, err=True)


@record.command(cls=_OfOne, context_settings=_ANY_ID)
@click.argument("name", metavar="ID", type=click.UNPROCESSED)
@click.option("--keep", is_flag=True, help="Keep the credential of a record in escrow; standard input is not read.")
@click.option("--escrow/--no-escrow", default=None, help="In escrow from now on, or not; without this, as it is.")
@click.option("--from", "sender", metavar="NAME", help="Of a page that cannot be read: who lets people read it.")
@click.option("--label", help="Of a page that cannot be read: what it is. Never the credential.")
@_hand_to
@_yes
def rotate(
    name: str,
    keep: bool,
    escrow: bool | None,
    sender: str | None,
    label: str | None,
    hand_to: str | None,
    is_sure: bool,
) -> None:
    """
    Give the record ID another key, or another link and passphrase; those of before are dead at once.

    The credential is read from standard input again, the same or a new one: without what opened it before nobody can
    open what was kept. A record in escrow keeps its credential, with --keep or where nothing comes through a pipe.

    A page goes on saying what it said. Where that cannot be read, it says what --from and --label say, or else this
    server's name and the record's.
    """
    from sendsecret.records import acting
    from sendsecret.records.handing_over import To

    label = label if label is None else label.strip()
    if label is not None and not _is_name(label):
        refuse(wording.LABEL, 2)
    if sender is not None and not _is_name(sender):
        refuse(wording.FROM, 2)
    acting.rotate(_id(name), To(hand_to, is_sure), keep=keep, escrow=escrow, sender=sender, label=label)


@record.command(cls=_OfOne, context_settings=_ANY_ID)
@click.argument("name", metavar="ID", type=click.UNPROCESSED)
def unlock(name: str) -> None:
    """
    Allow up to five more tries at the passphrase of the record ID, which is locked.

    Twice at most for each link, and fifteen tries in all, those included after which somebody read it rightly.
    """
    from sendsecret.records import acting

    acting.unlock(_id(name))


@record.command(cls=_OfOne, context_settings=_ANY_ID)
@click.argument("name", metavar="ID", type=click.UNPROCESSED)
@_with_login
def revoke(name: str, with_login: bool) -> None:
    """End the record ID for good; whoever has its key, or its link, reads nothing any more."""
    from sendsecret.records import acting, elsewhere

    if with_login:
        elsewhere.revoke(_id(name))
    else:
        acting.revoke(_id(name))


def _id(name: str) -> bytes:
    """The id in what somebody copied, an id or its address."""
    try:
        return base64url.decode(re.sub(r".*/[rv]/", "", name.strip()), ID_BYTES)
    except MalformedError:
        refuse(wording.NO_ID, 2)


def _is_name(text: str) -> bool:
    return is_label(text) and harmless(text) == text


def _line(held: Held, name: str, *, is_locked: bool) -> str:
    stands = f"until {_day(held.expires_at)}"
    if held.state is not RecordState.LIVE:
        stands = f"{held.state} {_day(held.ended_at or 0)}"
    return wording.line(
        base64url.encode(held.id),
        stands,
        held.reads,
        None if held.read_at is None else _day(held.read_at),
        held.reads_left,
        held.refused,
        name,
        door=wording.door(held.door, is_locked=is_locked),
        is_escrowed=held.master is not None,
    )


def _day(at_ms: int) -> str:
    return wording.day(at_ms // 1000)
