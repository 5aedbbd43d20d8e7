"""
What whoever is handed a record is given, a key or a link; and which page of a provider may be named beside it.

One text, whoever hands it over: the command line and the bot.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from store.formats.link_v1 import Link
from store.formats.record_key_v1 import RecordKey

MOST_IN_URL: Final = 500


def lines(key: RecordKey, public_url: str) -> str:
    """The key as a variable, and the line that uses it.  Secret."""
    return f'SENDSECRET_KEY={key.text}\ncurl -H "X-API-Key: $SENDSECRET_KEY" {public_url}/r/{key.id_text}\n'


def lines_of_page(link: Link, passphrase: str | None, public_url: str) -> str:
    """The link of a page, and the passphrase that is typed there, None where whoever chose it knows it.  Secret."""
    return f"{link.url(public_url)}\n" + ("" if passphrase is None else f"Passphrase: {passphrase}\n")


def is_page(url: str) -> bool:
    """Whether it is the address of a page: https, printable ASCII, nobody's name in it, at most MOST_IN_URL long."""
    try:
        address = urlsplit(url)
        is_good = address.scheme == "https" and bool(address.hostname) and "@" not in address.netloc
    except ValueError:
        return False
    return is_good and len(url) <= MOST_IN_URL and re.search(r"[^!-~]", url) is None
