"""Who may call which method: tokens and scopes (section "scopes" of each method's page)."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.app_settings import AppSettings
from sandbox.rules import Refused, Rule, when

PAGE = "authentication/tokens"


@dataclass(frozen=True)
class Caller:
    """A call as far as access goes: `wants` is the kind of token, `scopes` one of which is needed."""

    app: AppSettings
    token: str
    wants: str
    scopes: tuple[str, ...]

    def kind(self) -> str:
        return {self.app.bot_token: "bot", self.app.app_token: "app"}.get(self.token, "")


METHOD = Rule(
    "call: a method that exists", "reference/methods", "unknown_method", when(lambda known: not known, "no such method")
)
PLAYED = Rule(
    "call: a method that the sandbox plays",
    "reference/methods",
    "unknown_method",
    when(lambda method: method.answer is None, "Slack has this method, the sandbox does not play it"),
)
AUTHED = Rule("token: present", PAGE, "not_authed", when(lambda c: not c.token, "no token"))
KNOWN = Rule("token: one that Slack issued", PAGE, "invalid_auth", when(lambda c: not c.kind(), "no such token"))
REVOKED = Rule(
    "token: not revoked",
    "reference/methods/auth.revoke",
    "token_revoked",
    when(lambda c: c.kind() == "bot" and c.app.revoked, "the token was revoked"),
)
INSTALLED = Rule(
    "token: the app is installed",
    "reference/methods/auth.test",
    "account_inactive",
    when(lambda c: not c.app.installed, "the app was uninstalled"),
)
KIND = Rule(
    "token: of the kind that the method wants",
    "reference/methods/apps.connections.open",
    "not_allowed_token_type",
    when(lambda c: c.kind() != c.wants, "this method wants another kind of token"),
)
SCOPE = Rule(
    "scopes: the method's scope was granted",
    "reference/scopes",
    "missing_scope",
    when(lambda c: bool(c.scopes) and not c.app.scopes & set(c.scopes), "the app lacks the scope"),
)


def admit(caller: Caller) -> None:
    """Refused: not_authed, invalid_auth, not_allowed_token_type, account_inactive, token_revoked, missing_scope."""
    for rule in (AUTHED, KNOWN, KIND, INSTALLED, REVOKED):
        rule.hold(caller)
    try:
        SCOPE.hold(caller)
    except Refused as no:
        needed = ",".join(caller.scopes)
        provided = ",".join(sorted(caller.app.scopes))
        raise Refused(no.error, no.said, {"needed": needed, "provided": provided}, rule=no.rule) from None
