"""From where a step of a drop was made."""

from typing import Final

SEEN: Final = "{told} · {seen}"
NETWORK: Final = "from {network}"
BROWSER: Final = "with {browser}"
BOTH: Final = "from {network} with {browser}"
