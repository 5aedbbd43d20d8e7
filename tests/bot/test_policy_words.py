"""The policy as people read it."""

from itertools import product

from bot import policy_words
from bot.policy import OnTheLine, Outside, Policy, Senders, Typed, Verification
from bot.policy_words import sentences

HOUR, DAY = 3600, 86_400


def test_what_holds_without_a_file_is_said() -> None:
    """Each rule in one sentence, in words that nobody has to look up."""
    assert sentences(Policy(), [HOUR, DAY, 7 * DAY]) == [
        "Members of this workspace may send; guests may not.",
        "A link may live 1 hour, 1 day or 7 days.",
        "Secrets may go to people of other companies and to e-mail addresses; you are asked first.",
        "A secret that you type behind the command is taken, with the advice to rotate it.",
        policy_words.LEAST.format(least=4),
        "Whether recipients must press a button in Slack before the link opens, the template says.",
    ]


def test_what_cannot_matter_is_not_said() -> None:
    """Outside Slack there is no line and no passphrase of the form; where everybody must press, no address."""
    strict = Policy(secrets_typed=Typed.OUTSIDE_SLACK, verify=Verification.REQUIRED, expires=(HOUR,))
    said = "\n".join(sentences(strict, [HOUR]))
    assert "A link may live 1 hour." in said
    assert "never into Slack" in said
    assert "You choose" not in said
    assert "They go to no e-mail address." in said
    assert "their DM only" in said


def test_no_two_policies_read_alike() -> None:
    """Whatever the file changes can be read."""
    every = [
        Policy(who_may_send=who, outside_recipients=outside, text_on_the_line=line, verify=verify)
        for who, outside, line, verify in product(Senders, Outside, OnTheLine, Verification)
    ]
    assert len({tuple(sentences(policy, [HOUR])) for policy in every}) == len(every)
