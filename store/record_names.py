"""What a record may be called, and which address may stand for the page on which its key is rotated."""

import re
from typing import Final
from urllib.parse import urlsplit

MOST_IN_LABEL: Final = 100
MOST_IN_URL: Final = 500
MOST_SECONDS: Final = 3650 * 86_400
"""The longest that a record can live."""
MOST_READS: Final = 1_000_000


def is_label(text: str) -> bool:
    """One line of 1 to 100 characters, none of which plays tricks with those around it."""
    return 0 < len(text) <= MOST_IN_LABEL and text == text.strip() and text.isprintable()


def is_page(url: str) -> bool:
    """An address with https, a host, and nobody's name or password in it."""
    try:
        address = urlsplit(url)
        is_good = address.scheme == "https" and bool(address.hostname) and "@" not in address.netloc
    except ValueError:
        return False
    return is_good and len(url) <= MOST_IN_URL and re.search(r"[^!-~]", url) is None
