"""The named defects of the Home tab and of who may do what: somebody sees, or does, what is not theirs."""

from tests.mutant import Mutant

RIGHTS = "tests/bot/test_rights.py"
HOME = "tests/bot/test_home.py"
FOLLOWED = "tests/bot/test_home_followed.py"

MUTANTS_OF_HOME = (
    Mutant(
        "an office here is one over another workspace's drops",
        "bot/rights.py",
        "held = self.offices(clicker) if drop.team_id == self.team_id else frozenset()",
        "held = self.offices(clicker)",
        (RIGHTS, "-k", "who_may_do_what"),
    ),
    Mutant(
        "an administrator's id of another workspace is an administrator",
        "bot/rights.py",
        "        if clicker.team_id != self.team_id:\n            return frozenset()\n",
        "",
        (RIGHTS,),
    ),
    Mutant(
        "whoever was erased is whoever has no id",
        "bot/rights.py",
        "if not drop.sender_id or clicker.user_id != drop.sender_id:",
        "if clicker.user_id != drop.sender_id:",
        (RIGHTS, "-k", "who_may_do_what"),
    ),
    Mutant(
        "an office that was taken away still shows everybody's",
        "bot/home_desk.py",
        "        if place.of_all and not is_office:\n",
        "        if False:\n",
        (HOME, "-k", "taken_away"),
    ),
    Mutant(
        "auditors read labels that nobody wanted them to",
        "bot/home_rows.py",
        "called=drop.header.label if reader.show_labels else drop.template",
        "called=drop.header.label",
        (HOME, "-k", "only_an_office"),
    ),
    Mutant(
        "a page of the Home tab begins with the last drop of the one before",
        "store/listing.py",
        "conditions.append(tuple_(drops.c.created_at, drops.c.id) < last)",
        "conditions.append(tuple_(drops.c.created_at, drops.c.id) <= last)",
        ("tests/store/test_desk.py", "-k", "pages_hold and sqlite"),
    ),
    Mutant(
        "a row says that it needs somebody, and not for what",
        "bot/home_desk.py",
        "reasons=why.get(drop.id, ())",
        "reasons=()",
        (HOME, "-k", "begins_with_why"),
    ),
    Mutant(
        "a bot through which somebody looked before puts back what it had shown",
        "bot/home_desk.py",
        "self.slack.publish_home(user_id, shown, expected)",
        "self.slack.publish_home(user_id, shown)",
        (FOLLOWED, "-k", "last_look"),
    ),
    Mutant(
        "a Home tab is published again with nothing new in it",
        "bot/home_desk.py",
        "if is_followed and digest == looking.shown:",
        "if False:",
        (FOLLOWED, "-k", "nothing_changed"),
    ),
    Mutant(
        "what was committed below a later event is never seen",
        "store/happenings.py",
        "if now - self._seen[position] < _LATE_SECONDS:",
        "if False:",
        (FOLLOWED, "-k", "committed_late"),
    ),
    Mutant(
        "what somebody else knew stays a reason after the key was rotated",
        "store/attention.py",
        "is_in_force = drops.c.rotated_at.is_(None)",
        "is_in_force = drops.c.id.is_not(None)",
        ("tests/store/test_desk.py", "-k", "says_why and sqlite"),
    ),
    Mutant(
        "what somebody else knew of a drop that was taken back in time stays a reason",
        "store/attention.py",
        " & (is_open | drops.c.claimed_at.is_not(None))",
        "",
        ("tests/store/test_desk.py", "-k", "says_why and sqlite"),
    ),
    Mutant(
        "more tries are asked for after they were allowed",
        "store/attention.py",
        " | {Why.WANTS_TRIES: is_locked}",
        "",
        ("tests/store/test_desk.py", "-k", "says_why and sqlite"),
    ),
    Mutant(
        "what is nobody's any more is counted, and shown to nobody",
        "store/listing.py",
        "        stands &= IS_NAMED\n",
        "        pass\n",
        ("tests/store/test_finding.py", "-k", "nobodys and sqlite"),
    ),
    Mutant(
        "an answer to a press hides what came after it",
        "bot/home_desk.py",
        " or _stands(fresh) != _stands(answered.drop)",
        "",
        (FOLLOWED, "-k", "answer_stands"),
    ),
    Mutant(
        "each look gives out another address of a receipt",
        "store/receipt_names.py",
        "Grant(-(-until // _DAY_SECONDS) * _DAY_SECONDS, with_label)",
        "Grant(until, with_label)",
        (FOLLOWED, "-k", "receipts_address"),
    ),
    Mutant(
        "whoever tries short ids is told which were drops once",
        "bot/dispute_desk.py",
        "knows = _RECEIPT.fullmatch(words) is not None or self.rights.sees_everybodys(clicker)",
        "knows = True",
        ("tests/bot/test_dispute.py", "-k", "nobodys"),
    ),
    Mutant(
        "what cannot be shown leaves somebody before a window that looks for ever",
        "bot/filled_later.py",
        "    if not await put(slack, view_id, view) and view is not failed:\n",
        "    await put(slack, view_id, view)\n    if False:\n",
        ("tests/bot/test_filled_later.py", "-k", "does_not_take"),
    ),
    Mutant(
        "a submission is answered with what may stand there for ever",
        "bot/filled_later.py",
        "    if making.done():\n",
        "    if False:\n",
        ("tests/bot/test_filled_later.py", "-k", "answered_with_what_was_found"),
    ),
    Mutant(
        "what another workspace handed out is counted as revocable here",
        "store/handed.py",
        "        if team_id is None:\n            return await _count",
        "        if True:\n            return await _count",
        ("tests/bot/test_incident.py", "-k", "who_sees_and_who_revokes"),
    ),
    Mutant(
        "that it is not opened is told of what is locked",
        "store/watches.py",
        "states = (State.SEALED,) if what is Watch.UNVIEWED else",
        "states = OPEN if what is Watch.UNVIEWED else",
        ("tests/store/test_watches.py", "-k", "locked_is_not_told and sqlite"),
    ),
)
