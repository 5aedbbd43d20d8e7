"""
The ways to deliver that a form offers, each with its words.

Pure.
"""

from typing import Final

from bot import command_wording
from bot import form_wording as wording
from bot import mail_form_wording as mail_wording
from bot.policy import Policy
from bot.template import Scheme, Template
from store.words import Verify, Way

OUTSIDE: Final = "outside"
"""Where ways to deliver are chosen: typed outside Slack, the finished link by DM."""


def ways(template: Template, policy: Policy, *, for_addresses: bool, can_mail: bool) -> dict[str, str]:
    """Each way by its value; the first is chosen where no other is."""
    if for_addresses:
        return _by_mail(outside_only=policy.outside_only, can_mail=can_mail)
    outside = {OUTSIDE: wording.OUTSIDE}
    if policy.outside_only:
        return outside
    if template.verify is Verify.NONE and not policy.dm_only:
        return {way.value: text for way, text in wording.WAYS.items()} | outside
    # Only in their DM can somebody press the button themselves; what has no passphrase is sealed by us alone.
    own_dm = {Way.DM.value: wording.WAYS[Way.DM]}
    return own_dm if template.passphrase is Scheme.NONE else own_dm | outside


def has_page(template: Template, policy: Policy, *, for_addresses: bool, can_mail: bool) -> bool:
    """Whether it may be typed outside Slack."""
    return OUTSIDE in ways(template, policy, for_addresses=for_addresses, can_mail=can_mail)


def too_long(anything: Template, policy: Policy) -> str:
    """What is said of a secret that no form can hold, where this one leads to no page; `anything` has its own."""
    is_elsewhere = has_page(anything, policy, for_addresses=False, can_mail=False)
    return command_wording.TOO_LONG if is_elsewhere else command_wording.TOO_LONG_FOR_ALL


def _by_mail(*, outside_only: bool, can_mail: bool) -> dict[str, str]:
    outside = {OUTSIDE: mail_wording.OUTSIDE}
    if not can_mail:
        # What is sealed outside Slack for an address could go nowhere.
        return {Way.SHOWN.value: mail_wording.WAYS[Way.SHOWN]}
    return outside if outside_only else {way.value: text for way, text in mail_wording.WAYS.items()} | outside
