"""
Asking the sender once more, before anything is sealed: is that who you mean, and is that what you mean?

Pure.  The answer is a tick in the same form, for just what was asked.
"""

from collections.abc import Sequence

from bot import form, form_wording, submission, template_checks, template_wording
from bot.block_kit import Json
from bot.form import Expiries
from bot.policy import Policy
from bot.submission import Checked, Submission
from store.words import Way


def question(
    given: Submission,
    checked: Checked,
    expiries: Expiries,
    notes: Sequence[str],
    *,
    policy: Policy,
    can_mail: bool,
) -> Json | None:
    """The answer to a form that is to be confirmed; None where it is, or where nothing is doubtful."""
    unsure = submission.to_confirm(checked.recipients)
    doubts = [] if checked.is_outside else template_checks.doubts(checked.template, checked.secret)
    if not unsure and not doubts:
        return None
    box = form.anyway_id(unsure, doubts)
    if box in given.ticked:
        return None
    if box in given.asked:
        tick = form_wording.TICK_TO_SEND if unsure else template_wording.TICK_TO_SEND
        return {"response_action": "errors", "errors": {box: tick}}
    view = form.view_with_warning(
        expiries,
        unsure,
        notes,
        doubts=doubts,
        template=checked.template,
        here=given.way is Way.HERE,
        policy=policy,
        for_addresses=given.addresses is not None,
        can_mail=can_mail,
    )
    return {"response_action": "update", "view": view}
