"""The terms of an order that the bot places for somebody: who, to whom, what it is called, how long it lives."""

from bot.drop_rules import AS_USUAL, Rules
from bot.people import Kind, Person
from store.formats.order_v1 import Terms
from store.orders import new_salt
from store.words import OrderKind, Way


def terms(
    kind: OrderKind,
    *,
    team_id: str,
    sender: tuple[str, str],
    recipient: Person,
    label: str,
    hint: str | None,
    lives_seconds: int,
    reference: str | None = None,
    rules: Rules = AS_USUAL,
    replaces: str | None = None,
    way: Way | None = None,
) -> Terms:
    """
    Terms for a link that goes to the recipient's DM with us, or to the recipient by e-mail, unless `way` names another.

    `sender` is who is told how it stands and may take it back, and the name under which it arrives: somebody whom Slack
    does not know has a name and no id of their own.
    """
    sender_id, sender_name = sender
    return Terms(
        kind=kind,
        team_id=team_id,
        sender_id=sender_id,
        sender_name=sender_name,
        recipient_id=recipient.id,
        recipient_name=recipient.name,
        recipient_class=recipient.kind.as_recipient,
        recipient_team=recipient.team_id,
        label=label,
        hint=hint,
        lives_seconds=lives_seconds,
        way=way or way_to(recipient),
        template=rules.template,
        on_lock=rules.on_lock,
        verify=rules.verify,
        unviewed_after=rules.unviewed_after,
        rotate_by=rules.rotate_by,
        variable=rules.variable,
        reference=reference,
        salt=new_salt(),
        replaces=replaces,
    )


def way_to(recipient: Person) -> Way:
    """How a link goes to somebody that was sealed outside the bot."""
    return Way.MAIL if recipient.kind is Kind.EMAIL else Way.DM
