"""Links and lines as people and scripts give them to the command."""

from tests.web.conftest import Holder, World

CORRECT = "correct horse"
PIPED = ("-", "--passphrase-stdin")


def url(world: World, holder: Holder) -> str:
    """The link, on the port that the test's server got."""
    return holder.link.url(f"http://127.0.0.1:{world.port}")


def both(world: World, holder: Holder, passphrase: str = CORRECT) -> str:
    """Link and passphrase as a script writes them."""
    return f"{url(world, holder)}\n{passphrase}\n"
