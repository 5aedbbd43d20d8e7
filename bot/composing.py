"""
From a submitted form without a secret to a page for each recipient, on which it is typed outside Slack.

Each page is an order of the bot's: what is sealed there is from this sender, to this recipient, and called what the
form called it.
"""

from collections.abc import Sequence

from bot import composer_views, ordering
from bot.block_kit import Json
from bot.composer_views import Composer
from bot.drop_rules import of_template
from bot.mrkdwn import Markup
from bot.people import Person
from bot.policy import Policy
from bot.submission import Checked
from store import orders, sending_bounds
from store.opened import Store
from store.orders import LIVES_MS
from store.words import OrderKind


async def window(
    store: Store,
    team_id: str,
    sender: Person,
    checked: Checked,
    policy: Policy,
    notes: Sequence[Markup] = (),
    replaces: str | None = None,
) -> Json:
    """
    Place the orders and show them, with notes.  `replaces` as in `original_message.for_order`.

    Raises StoreUnavailableError and SendingTooMuchError; what was placed by then nobody has a link to.
    """
    await sending_bounds.require_room(store, sender.id, len(checked.recipients))
    now_ms = store.clock.now_seconds() * 1000
    composers = [
        await _composer(store, team_id, sender, recipient, checked, policy, replaces)
        for recipient in checked.recipients
    ]
    return composer_views.view(composers, now_ms + LIVES_MS[OrderKind.COMPOSER], notes)


async def _composer(
    store: Store,
    team_id: str,
    sender: Person,
    recipient: Person,
    checked: Checked,
    policy: Policy,
    replaces: str | None,
) -> Composer:
    terms = ordering.terms(
        OrderKind.COMPOSER,
        team_id=team_id,
        sender=(sender.id, sender.name),
        recipient=recipient,
        label=checked.label,
        hint=checked.hint,
        lives_seconds=checked.lives_seconds,
        rules=policy.over(
            of_template(
                checked.template,
                engagement_ends=checked.engagement_ends,
                now=store.clock.now_seconds(),
                zone=sender.zone,
            )
        ),
        replaces=replaces,
    )
    link = await orders.place(store, terms)
    return Composer(recipient, link.id_text, link.url(store.issuer))
