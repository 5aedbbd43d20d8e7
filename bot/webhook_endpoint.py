"""An endpoint of another program that is told of events, as WEBHOOKS_FILE names it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Endpoint:
    """
    One endpoint.  `secrets` are the texts of its secrets, the newest first; each delivery is signed with each.

    `events` are event words, or their beginnings up to a dot; none for all.  `is_private`: it may be at an address that
    not everybody can reach.
    """

    name: str
    url: str = field(repr=False)  # many have a password in their path
    secrets: tuple[str, ...] = field(repr=False)
    events: tuple[str, ...] = ()
    is_private: bool = False

    def wants(self, event: str) -> bool:
        """Whether it is told of this event."""
        return not self.events or any(
            event.startswith(wanted) if wanted.endswith(".") else event == wanted for wanted in self.events
        )

    @property
    def host(self) -> str:
        """Where it is, for people: the rest of its address may be secret."""
        return urlsplit(self.url).hostname or ""
