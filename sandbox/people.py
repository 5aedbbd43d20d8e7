"""A person of the workspace, and how `users.info` describes one.

Guests, people of another company and deactivated accounts differ only in the flags here; Slack has no
single "is external" flag, and neither has this.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.wire import Json


@dataclass
class Person:
    """One account. `handle` is what stands after the @; `team_id` may be another company's."""

    id: str
    handle: str
    real_name: str
    team_id: str
    title: str = ""
    tz: str = "Europe/Berlin"
    tz_offset: int = 3600
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool | None = None
    """None for people of this workspace; Slack sends it for others only: true = no common channel."""

    def is_guest(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted

    def as_slack(self) -> Json:
        """The `user` object of `users.info` (reference/objects/user-object)."""
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.handle,
            "deleted": self.deleted,
            "profile": {
                "title": self.title,
                "real_name": self.real_name,
                "real_name_normalized": self.real_name,
                "display_name": self.handle,
                "display_name_normalized": self.handle,
                "team": self.team_id,
            },
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1760000000,
        }
        if not self.deleted:
            # Slack omits these for a deactivated account; code that reads them must cope.
            user |= {
                "real_name": self.real_name,
                "tz": self.tz,
                "tz_label": self.tz,
                "tz_offset": self.tz_offset,
                "is_admin": self.is_admin,
                "is_owner": False,
                "is_primary_owner": False,
                "is_restricted": self.is_restricted,
                "is_ultra_restricted": self.is_ultra_restricted,
            }
        if self.is_stranger is not None:
            user["is_stranger"] = self.is_stranger
        return user
