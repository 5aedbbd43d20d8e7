"""
What the button for a recipient's press holds: `{id}#{fragment}`, what makes the link, without our address.

Slack keeps it as it would keep a link button's address, and gives it back with each press; we keep it nowhere.  Stored
by us instead, it would be the one copy of a link key that lies in a database.
"""

from store.formats.link_v1 import Link


def of_link(link: Link) -> str:
    """The value.  Secret: it holds the link key."""
    return f"{link.id_text}#{link.fragment()}"


def drop_in(value: str) -> str:
    """The drop's id as text in such a value; it opens nothing."""
    return value.partition("#")[0]


def url_in(value: str, public_url: str) -> str:
    """The link that such a value claims to be.  Secret."""
    return f"{public_url.rstrip('/')}/s/{value}"
