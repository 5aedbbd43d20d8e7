"""The named defects of e-mail: each says something to a server, or sends something somewhere, that must not be."""

from tests.mutant import Mutant

SERVER = "tests/bot/test_mail_server.py"
FORM = "tests/bot/test_mail_form.py"
LETTER = "tests/bot/test_mail_letter.py"
TROUBLE = "tests/bot/test_mail_trouble.py"
REPORTS = "tests/bot/test_mail_reports.py"
BOUNCED = "tests/bot/test_mail_bounced.py"
CAME_BACK = "tests/verifying/test_came_back.py"
COMMAND = "tests/bot/test_mail_bounced_command.py"
AGAIN = "tests/bot/test_mail_again.py"

MUTANTS_OF_MAIL = (
    Mutant(
        "a mail server that hangs keeps links from Slack",
        "bot/sealed_deliveries.py",
        "lanes = ((frozenset(Way) - {Way.MAIL}, _AT_ONCE), (frozenset({Way.MAIL}), _MAILS_AT_ONCE))",
        "lanes = ((frozenset(Way), _AT_ONCE),)",
        (TROUBLE, "-k", "nothing_from_slack"),
    ),
    Mutant(
        "a mail server without STARTTLS is spoken to in clear",
        "bot/mail_server.py",
        '            if not client.supports_extension("starttls"):\n'
        '                raise _UnencryptedError("no STARTTLS")\n'
        '            progress.verb = "starttls"\n'
        "            await client.starttls()\n",
        '            if client.supports_extension("starttls"):\n                await client.starttls()\n',
        (SERVER, "-k", "without_tls"),
    ),
    Mutant(
        "a password is said in clear on this computer",
        "bot/mail_settings.py",
        "parts.hostname in LOCAL_HOSTS and not parts.username",
        "parts.hostname in LOCAL_HOSTS",
        (SERVER, "-k", "without_tls and localhost"),
    ),
    Mutant(
        "the mail server's certificate is not looked at",
        "bot/mail_settings.py",
        "        trusted = ssl.create_default_context()\n        if",
        "        trusted = ssl._create_unverified_context()\n        if",
        (SERVER, "-k", "wrong_certificate"),
    ),
    Mutant(
        "what the mail server said is logged",
        "bot/mail_server.py",
        "why=failure.code",
        "why=str(error)",
        (SERVER, "-k", "one_of_three"),
    ),
    Mutant(
        "a letter without an answer counts as not sent",
        "bot/mail_server.py",
        '    if verb == "data":\n        return MailUnansweredError(MailFault.UNANSWERED)\n',
        "",
        (SERVER, "-k", "lost_answer"),
    ),
    Mutant(
        "a letter is begun when its lease is nearly over",
        "bot/mail.py",
        "asyncio.get_running_loop().time() > by",
        "False",
        (SERVER, "-k", "too_late"),
    ),
    Mutant(
        "a server that is busy after a lost answer has sent nothing",
        "bot/mail.py",
        "busy.seconds, may_have_it=True",
        "busy.seconds",
        (AGAIN, "-k", "may_have_arrived"),
    ),
    Mutant(
        "a lost answer is forgotten while a busy server is waited for",
        "bot/ways.py",
        "may_have_it = may_have_it or busy.may_have_it",
        "may_have_it = busy.may_have_it",
        (AGAIN, "-k", "may_have_arrived"),
    ),
    Mutant(
        "as many letters are on their way at once as there are",
        "bot/mail.py",
        "asyncio.Semaphore(_AT_ONCE)",
        "asyncio.Semaphore(100)",
        (AGAIN, "-k", "three_letters"),
    ),
    Mutant(
        "every letter of a drop has a Message-ID of its own",
        "bot/mail_letter.py",
        'message-id\\x00" + drop)',
        'message-id\\x00" + drop + __import__("os").urandom(8))',
        (LETTER, "-k", "message_id"),
    ),
    Mutant(
        "a label hides words in what looks encoded",
        "bot/mail_letter.py",
        'return text.replace("=?", "= ?")',
        "return text",
        (LETTER, "-k", "hides"),
    ),
    Mutant(
        "nobody is asked whether the address is right",
        "bot/submission.py",
        "Kind.EXTERNAL, Kind.EMAIL, Kind.STRANGER",
        "Kind.EXTERNAL, Kind.STRANGER",
        (FORM, "-k", "letter_for_letter"),
    ),
    Mutant(
        "what others sealed for an address goes to a DM",
        "bot/sealed_deliveries.py",
        "            way=drop.way,\n",
        "",
        (TROUBLE, "-k", "sealed_is_mailed"),
    ),
    Mutant(
        "a link in a DM comes back",
        "store/endings.py",
        "and_(drops.c.way == Way.MAIL, drops.c.state == State.SEALED, drops.c.guesses == 0)",
        "drops.c.state == State.SEALED",
        (BOUNCED, "-k", "only_a_letter and sqlite"),
    ),
    Mutant(
        "a locked drop ends by a bounce",
        "store/endings.py",
        "and_(drops.c.way == Way.MAIL, drops.c.state == State.SEALED, drops.c.guesses == 0)",
        "drops.c.way == Way.MAIL",
        (BOUNCED, "-k", "locked and sqlite"),
    ),
    Mutant(
        "verify lets anything come back after it was delivered",
        "store/verifying/life.py",
        'self.columns["delivery"] == Delivery.DELIVERED and self.columns.get("way") != Way.MAIL',
        "False",
        (CAME_BACK, "-k", "anything_else"),
    ),
    Mutant(
        "a delay ends a drop",
        "bot/mail_reports.py",
        'if all(action == "failed" for action, _ in told)',
        "if told",
        (REPORTS, "-k", "nothing_else"),
    ),
    Mutant(
        "an answer to a letter that failed ends the letter's drop",
        "bot/mail_reports.py",
        "    if told:\n",
        "    if False:\n",
        (REPORTS, "-k", "nothing_else"),
    ),
    Mutant(
        "any text with a letter in it ends its drop",
        "bot/mail_text_reports.py",
        'whole.kind not in ("", "text/plain") or not _is_from_a_mail_system(whole)',
        "False",
        (REPORTS, "-k", "nothing_else"),
    ),
    Mutant(
        "mail that was sent on and failed there ends a drop",
        "bot/mail_bounced.py",
        "report.failed.get(known_as(drop.recipient_id))",
        "next(iter(report.failed.values()))",
        (BOUNCED, "-k", "elsewhere and sqlite"),
    ),
    Mutant(
        "a report may be about what was never mailed",
        "store/drops.py",
        "*by_index, drops.c.way == Way.MAIL",
        "*by_index",
        (BOUNCED, "-k", "another_way and sqlite"),
    ),
    Mutant(
        "a report that fits two letters ends one",
        "bot/mail_bounced.py",
        "if len(about) == 1 else None",
        "if about else None",
        (BOUNCED, "-k", "two_letters and sqlite"),
    ),
    Mutant(
        "an error while a bounce is read is said with its text",
        "sendsecret/bounced.py",
        "{place_of(error)}",
        "{error}",
        (COMMAND, "-k", "foresaw"),
    ),
    Mutant(
        "a bounce is lost while the store is away",
        "sendsecret/bounced.py",
        "_USAGE, _TRY_AGAIN = 64, 75",
        "_USAGE, _TRY_AGAIN = 64, 0",
        (COMMAND, "-k", "away"),
    ),
)
