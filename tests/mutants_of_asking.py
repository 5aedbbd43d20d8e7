"""The named defects of typing outside Slack and of requests: each lets a secret into Slack, or a stranger in."""

from tests.mutant import Mutant

COMPOSER = "tests/bot/test_composer.py"
POLICY = "tests/bot/test_policy.py"
REQUEST = "tests/bot/test_request.py"
TROUBLE = "tests/bot/test_request_trouble.py"
HERE = "tests/bot/test_here_and_now.py"
STORE = "tests/store/test_requests.py"

MUTANTS_OF_ASKING = (
    Mutant(
        "a secret that was typed beside the page is thought to be none",
        "bot/submission.py",
        "        return wording.TYPED_ANYWAY if secret else None\n",
        "        return None\n",
        (COMPOSER, "-k", "beside_it"),
    ),
    Mutant(
        "a form of before brings a secret past the policy",
        "bot/submission.py",
        "    if policy.outside_only and (not given.is_outside or given.secret or given.passphrase):\n",
        "    if False:\n",
        (POLICY, "-k", "opened_before"),
    ),
    Mutant(
        "a secret on the line is taken in spite of the policy",
        "bot/command.py",
        "        if not self.policy.outside_only and (is_taken or known.was_too_long):\n",
        "        if True:\n",
        (POLICY, "-k", "on_the_line"),
    ),
    Mutant(
        "a rule that nobody knows is passed over",
        "bot/policy_file.py",
        "        if known is None:\n            raise ValueError",
        "        if known is None:\n            continue\n        if False:\n            raise ValueError",
        ("tests/bot/test_policy_file.py", "-k", "understood"),
    ),
    Mutant(
        "what goes outside is sent in spite of the policy",
        "bot/submission.py",
        "        if not policy.may_receive(person.kind):\n",
        "        if False:\n",
        ("tests/bot/test_policy_held.py", "-k", "nothing_goes_outside"),
    ),
    Mutant(
        "a message that Slack has formatted fills the form",
        "bot/message_text.py",
        'set(element.get("style") or {}) - {"code"}',
        "False",
        ("tests/bot/test_message_text.py",),
    ),
    Mutant(
        "the same form twice lets two secrets be sealed",
        "bot/sending.py",
        "all_arrived or run.has_composers",
        "all_arrived",
        (COMPOSER, "-k", "twice"),
    ),
    Mutant(
        "guests ask in our name",
        "bot/request_desk.py",
        "        if not self.policy.may_send(asker):\n",
        "        if False:\n",
        (REQUEST, "-k", "may_not_ask"),
    ),
    Mutant(
        "anybody takes a request back",
        "store/requests.py",
        "(terms.kind, terms.recipient_id) != (OrderKind.REQUEST, asker_id)",
        "False",
        (STORE, "-k", "taken_back and sqlite"),
    ),
    Mutant(
        "a request is taken back after it was used",
        "store/requests.py",
        " & (orders.c.state == OrderState.OPEN)\n",
        "\n",
        (STORE, "-k", "too_late and sqlite"),
    ),
    Mutant(
        "somebody of another team with the sender's id revokes",
        "bot/rights.py",
        "return sender.team_id == clicker.team_id",
        "return True",
        (REQUEST, "-k", "somebody_else"),
    ),
    Mutant(
        "a person is left in what nobody has sealed",
        "store/forgetting.py",
        "                count += (await tx.execute(delete(orders).where(of_person))).rowcount\n",
        "                count += 1\n",
        (STORE, "-k", "nobody_has_sealed and sqlite"),
    ),
    Mutant(
        "whoever may type nothing into Slack is sent to the form",
        "bot/undelivered_wording.py",
        "return NO_SHARED_CHANNEL_OUTSIDE if outside_only and known == _NO_SHARED_CHANNEL else known",
        "return known",
        (HERE, "-k", "sealed_outside_slack"),
    ),
    Mutant(
        "whoever sent what needs a press is told to show its link",
        "bot/delivery.py",
        "    outside_only = outside_only or outgoing.verify is Verify.SLACK\n",
        "",
        ("tests/bot/test_without_passphrase.py", "-k", "needs_a_press"),
    ),
    Mutant(
        "a form that could not be sent is opened again",
        "bot/starting_again.py",
        "if drop.recipient_class == Kind.EMAIL and self.policy.outside_only and not self.can_mail:",
        "if False:",
        (HERE, "-k", "not_opened"),
    ),
    Mutant(
        "what stood in a conversation opens a form for one again, in spite of the policy",
        "bot/starting_again.py",
        "here=drop.way is Way.HERE and can_be_here and not self.policy.dm_only,",
        "here=drop.way is Way.HERE,",
        (HERE, "-k", "posted_there_again"),
    ),
    Mutant(
        "somebody of another team takes a request back",
        "bot/request_desk.py",
        "        if clicker.team_id != self.team_id:\n            return Markup(wording.IS_OVER)\n",
        "",
        (REQUEST, "-k", "same_id_in_another_team_takes"),
    ),
    Mutant(
        "a request that stands is called taken back",
        "bot/request_desk.py",
        "            return None, said.open\n",
        "            return None, said.withdrawn\n",
        (TROUBLE, "-k", "said_as_it_is"),
    ),
)
