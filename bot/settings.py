"""
What the bot reads from its environment.

Everything that would only show later, to a person who is waiting for a credential, is refused at the start and by
name.  No message shows a value: half of them are secrets.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import NoDecode

from bot import durations, policy_file, templates, webhook_file
from bot.mail_settings import MailSettings
from bot.policy import Policy
from bot.templates import Templates
from bot.webhook_endpoint import Endpoint
from store.settings import LOCAL_HOSTS

SLACK: Final = "https://slack.com/api/"
NO_AUDIT_CHANNEL: Final = "none"
LEAST_IN_SIGNING_SECRET: Final = 16


class BotSettings(MailSettings):
    """Settings of the bot, beside those of the store and of e-mail."""

    slack_bot_token: SecretStr
    # Before the app token, which is judged by whether there is one of these.
    slack_signing_secret: SecretStr | None = None
    slack_signing_secret_previous: SecretStr | None = None
    slack_app_token: SecretStr | None = Field(default=None, validate_default=True)
    bot_host: str = "127.0.0.1"
    bot_port: int = Field(default=3000, ge=0, le=65535)
    bot_metrics_port: int = Field(default=9102, ge=0, le=65535)
    slack_api_url: str = SLACK
    audit_channel: str
    anchor_webhook_url: SecretStr | None = None
    auditors: Annotated[tuple[str, ...], NoDecode] = ()
    admins: Annotated[tuple[str, ...], NoDecode] = ()
    signing_dir: Path = Path("signing")
    expires_default: str = "24h"
    expires_max: str = "14d"
    audit_show_labels: bool = False
    policy_file: Path | None = None
    templates_file: Path | None = None
    webhooks_file: Path | None = None
    _endpoints: tuple[Endpoint, ...] = PrivateAttr(default=())
    _policy: Policy = PrivateAttr(default_factory=Policy)
    _templates: Templates = PrivateAttr(default_factory=dict)
    demo: bool = Field(default=False, description="set by the demo alone")

    @field_validator("slack_bot_token")
    @classmethod
    def _check_bot_token(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith("xoxb-"):
            raise ValueError("must be the bot token, which begins with xoxb-")
        return token

    @field_validator("slack_signing_secret", "slack_signing_secret_previous")
    @classmethod
    def _check_signing_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        # Whoever guesses it can act for everybody in the workspace.
        if secret is not None and len(secret.get_secret_value()) < LEAST_IN_SIGNING_SECRET:
            raise ValueError(f"is too short to be one of Slack's ({LEAST_IN_SIGNING_SECRET} characters at least)")
        return secret

    @field_validator("slack_app_token")
    @classmethod
    def _check_app_token(cls, token: SecretStr | None, known: ValidationInfo) -> SecretStr | None:
        if token is None:
            # A signing secret that was refused is missing from what is known, and was reported already.
            if known.data.get("slack_signing_secret", "") is None:
                raise ValueError("is not set (for HTTP mode set SLACK_SIGNING_SECRET in its place)")
            return None
        if not token.get_secret_value().startswith("xapp-"):
            raise ValueError("must be the app-level token with connections:write, which begins with xapp-")
        return token

    @field_validator("slack_api_url")
    @classmethod
    def _check_api_url(cls, url: str) -> str:
        if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("must begin with https:// (http:// only for localhost)")
        return url.rstrip("/") + "/"

    @field_validator("audit_channel")
    @classmethod
    def _check_audit_channel(cls, channel: str) -> str:
        if channel != NO_AUDIT_CHANNEL and not re.fullmatch(r"[CG][A-Z0-9]{2,}", channel):
            raise ValueError("must be a channel's id, like C0123456789 (not its name), or none")
        return channel

    @field_validator("anchor_webhook_url")
    @classmethod
    def _check_anchor_webhook(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        try:
            address = urlsplit(url.get_secret_value())
            is_local = address.scheme == "http" and address.hostname in LOCAL_HOSTS
        except ValueError:
            raise ValueError("is not an address") from None
        # Who can read the address can post as the log; over http everybody on the way can.
        if not (address.scheme == "https" and address.hostname) and not is_local:
            raise ValueError("must be an incoming webhook's address, which begins with https://")
        return url

    @field_validator("auditors", "admins", mode="before")
    @classmethod
    def _split_people(cls, given: object) -> tuple[str, ...]:
        named = given.split(",") if isinstance(given, str) else list(given) if isinstance(given, (list, tuple)) else []
        people = tuple(part for part in (str(name).strip() for name in named) if part)
        if any(re.fullmatch(r"S[A-Z0-9]{2,}", person) for person in people):
            raise ValueError("names a user group (S…); without the scope usergroups:read it must list people (U…)")
        if not all(re.fullmatch(r"[UW][A-Z0-9]{2,}", person) for person in people):
            raise ValueError("must be user ids, like U0123456789, separated by commas")
        return people

    @field_validator("expires_default", "expires_max")
    @classmethod
    def _check_span(cls, text: str) -> str:
        durations.seconds(text)
        return text

    @field_validator("policy_file")
    @classmethod
    def _check_policy(cls, path: Path | None) -> Path | None:
        if path is not None:
            policy_file.read(path)  # here for its name in the refusal
        return path

    @field_validator("templates_file")
    @classmethod
    def _check_templates(cls, path: Path | None, known: ValidationInfo) -> Path | None:
        # What was refused, a longest life or a policy, is missing from what is known, and was reported already.
        if path is not None and {"expires_max", "policy_file"} <= known.data.keys():
            spans = policy_file.spans(known.data["policy_file"])
            templates.read(path, durations.seconds(known.data["expires_max"]), spans)
        return path

    @field_validator("webhooks_file")
    @classmethod
    def _check_webhooks(cls, path: Path | None) -> Path | None:
        if path is not None:
            webhook_file.read(path)  # here for its name in the refusal
        return path

    @model_validator(mode="after")
    def _check_whole(self) -> "BotSettings":
        if self.expires_default_seconds > self.expires_max_seconds:
            raise ValueError("EXPIRES_DEFAULT must not be longer than EXPIRES_MAX")
        if self.slack_signing_secret_previous and not self.slack_signing_secret:
            raise ValueError(
                "SLACK_SIGNING_SECRET_PREVIOUS is of use beside SLACK_SIGNING_SECRET only, which is not set"
            )
        # With both set, slack_bolt turns on OAuth with a store of its own and ignores our token, in silence.
        if os.environ.get("SLACK_CLIENT_ID") and os.environ.get("SLACK_CLIENT_SECRET"):
            raise ValueError(
                "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are not used and must not be set for this program"
            )
        if self.policy_file is not None:
            self._policy = policy_file.read(self.policy_file)
            why = self._policy.contradiction(self.expires_default_seconds, self.expires_max_seconds)
            if why is not None:
                raise ValueError(f"POLICY_FILE {why}")
        self._templates = templates.read(self.templates_file, self.expires_max_seconds, self._policy.expires)
        if self.webhooks_file is not None:
            self._endpoints = webhook_file.read(self.webhooks_file)
        return self

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """What Slack may sign with: the present secret, then the one that is being replaced."""
        given = (self.slack_signing_secret, self.slack_signing_secret_previous)
        return tuple(one.get_secret_value() for one in given if one)

    @property
    def event_key(self) -> Path:
        """The key with which this program signs its events."""
        return self.signing_dir / "event-bot.key"

    @property
    def expires_default_seconds(self) -> int:
        """How long a drop lives unless the sender says otherwise."""
        return durations.seconds(self.expires_default)

    @property
    def expires_max_seconds(self) -> int:
        """The longest that a drop may live."""
        return durations.seconds(self.expires_max)

    @property
    def may_have_evidence(self) -> tuple[str, ...]:
        """Who may have evidence packs made, auditors first."""
        return tuple(dict.fromkeys((*self.auditors, *self.admins)))

    @property
    def policy(self) -> Policy:
        """What this company lets people do."""
        return self._policy

    @property
    def templates(self) -> Templates:
        """How each kind of credential is handed over, by name."""
        return self._templates

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Which other programs are told of events."""
        return self._endpoints

    def rotate_url(self, template: str) -> str | None:
        """Where the keys of a template are rotated at their provider; None where nobody has said."""
        return templates.page_of_provider(self._templates, template)

    @property
    def has_audit_channel(self) -> bool:
        """False when the operator chose to have none."""
        return self.audit_channel != NO_AUDIT_CHANNEL

    @property
    def opens_here_only(self) -> bool:
        """Whether real people would get links that open on this computer only."""
        return self.is_local and self.slack_api_url == SLACK
