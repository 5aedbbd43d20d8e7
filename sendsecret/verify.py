"""`sendsecret verify`: which of its ways is asked for; each way is a module of its own."""

import asyncio
import sys
from pathlib import Path

import click

from sendsecret.no_core import leave_no_core
from sendsecret.operating import operators_settings, refuse
from store.errors import StoreMismatchError, StoreUnavailableError


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="The keys that sign events; jwks.json beside the file.")
@click.option("--log-key", metavar="FILE|KEY", help="The log's key, or a file with one a line; log.vkey beside it.")
@click.option("--older", multiple=True, type=click.Path(path_type=Path), help="A checkpoint that you kept, any number.")
@click.option("--anchors", multiple=True, type=click.Path(path_type=Path), help="Messages copied from the channel.")
@click.option("--tiles", multiple=True, type=click.Path(path_type=Path), help="The present log: checkpoint, tile/…")
@click.option("--store", "whole_store", is_flag=True, help="Check this installation's database instead of files.")
@click.option("--after-restore", is_flag=True, help="With --store: what a restored backup lost is no failure.")
@click.option("--pack", type=click.Path(path_type=Path), help="Check an evidence pack, the folder with pack.json.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what failed.")
def verify(
    files: tuple[Path, ...],
    keys: Path | None,
    log_key: str | None,
    older: tuple[Path, ...],
    anchors: tuple[Path, ...],
    tiles: tuple[Path, ...],
    whole_store: bool,
    after_restore: bool,
    pack: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """
    Check receipts, events and checkpoints from FILES alone, an evidence pack, or the whole database with --store.

    FILES are X.jws (an event or a receipt; its proof X.tlog-proof is taken from beside it), X.sd-jwt (the same with
    names) and checkpoints. What you must hold yourself, and not take from whoever shows you a receipt, are jwks.json
    and log.vkey. No setting is read and nothing is asked of any server.

    \b
      sendsecret verify receipt.jws
      sendsecret verify receipt.jws event-*.jws --keys my/jwks.json --log-key my/log.vkey
      sendsecret verify --older kept-in-may --older kept-in-june --tiles log/
      sendsecret verify --anchors copied-from-slack.txt --tiles log/
      sendsecret verify --pack evidence-2026-q3 --log-key my/log.vkey --keys my/jwks.json

    --older with --tiles (the files under PUBLIC_URL/log/) proves that nothing was rewritten since a checkpoint that you
    kept. Keep one now and then: without it, whoever has every key could have rewritten everything.

    --anchors (a text copied from the channel of anchors, its JSON export, a folder of those) with --store, or --tiles
    once a log, says since when history is proven. Keys are taken from --log-key, from log.vkey beside it, and from the
    channel itself. A day without an anchor is a warning, which changes no exit code.

    --store reads this installation's settings (the environment and .env), changes nothing, and holds every row against
    what was signed. A disclosure that is missing counts as a failure: nothing here erases one so far. So does what a
    later log cites of an older one and the database does not have: it was deleted, or lost with a backup that was put
    back. If you did put one back, --after-restore says what is lost and counts it as no failure.

    One line a thing, and a last one about all. Exit codes: 0 everything holds; 1 something failed, or its proof is
    missing; 2 nothing was checked, because a file, a key or the database cannot be read.
    """
    from sendsecret import verify_anchors, verify_files

    if whole_store:
        from sendsecret import verify_store

        if files or tiles or keys is not None or pack is not None or (log_key is not None and not anchors):
            refuse(
                "--store takes no files, no keys and no tiles: it reads them where they are. Nothing was checked.", 2
            )
        settings = operators_settings(verify_store.VerifySettings)
        leave_no_core()
        try:
            checking = verify_store.verify(
                settings, older, anchors, log_key, after_restore=after_restore, as_json=as_json, quiet=quiet
            )
            code = asyncio.run(checking)
        except (verify_files.WronglyCalledError, StoreMismatchError, StoreUnavailableError) as error:
            refuse(str(error), 2)
        sys.exit(code)
    if after_restore:
        refuse("--after-restore goes with --store. Nothing was checked.", 2)
    try:
        if pack is not None:
            from sendsecret import verify_pack

            if files or older or tiles or anchors:
                refuse("--pack takes --keys and --log-key and nothing else. Nothing was checked.", 2)
            sys.exit(verify_pack.verify(pack, keys=keys, log_key=log_key, as_json=as_json, quiet=quiet))
        if anchors:
            if files or keys is not None or older:
                refuse("--anchors takes only --tiles or --store, and --log-key. Nothing was checked.", 2)
            sys.exit(verify_anchors.gathered(anchors, log_key).verify(tiles, as_json=as_json, quiet=quiet))
        if len(tiles) > 1:
            refuse("--tiles is named once, unless --anchors is. Nothing was checked.", 2)
        given = verify_files.gathered(files, keys=keys, log_key=log_key, older=older, tiles=next(iter(tiles), None))
    except verify_files.WronglyCalledError as error:
        refuse(str(error), 2)
    sys.exit(verify_files.verify(given, named=(keys, log_key), as_json=as_json, quiet=quiet))
