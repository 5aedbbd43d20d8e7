"""The named defects of e-mail: each says something to a server, or sends something somewhere, that must not be."""

from tests.mutant import Mutant

SERVER = "tests/bot/test_mail_server.py"
FORM = "tests/bot/test_mail_form.py"
LETTER = "tests/bot/test_mail_letter.py"
TROUBLE = "tests/bot/test_mail_trouble.py"
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
)
