"""The named defects of opening: each tells somebody too much, believes a server too much, or loses a secret."""

from tests.mutant import Mutant

EVIL = "tests/opening/test_evil_server.py"
REFUSALS = "tests/opening/test_refusals.py"
OPENING = "tests/opening/test_opening.py"
FILES = "tests/opening/test_output_file.py"
LOST = "tests/opening/test_lost_answers.py"
CANARIES = "tests/opening/test_canaries.py"

MUTANTS_OF_OPENING = (
    Mutant(
        "a redirect is followed",
        "sendsecret/talking/exchange.py",
        "allow_redirects=False",
        "allow_redirects=True",
        (EVIL, "-k", "redirect"),
    ),
    Mutant(
        "an answer is read to its end",
        "sendsecret/talking/exchange.py",
        "                if len(body) > most_bytes:\n",
        "                if False:\n",
        (EVIL, "-k", "without_end"),
    ),
    Mutant(
        "an answer is unpacked",
        "sendsecret/talking/exchange.py",
        "auto_decompress=False",
        "auto_decompress=True",
        (EVIL, "-k", "unpacked"),
    ),
    Mutant(
        "what netrc holds is sent along",
        "sendsecret/talking/exchange.py",
        "auto_decompress=False",
        "trust_env=True",
        (CANARIES, "-k", "no_more"),
    ),
    Mutant(
        "any certificate is believed",
        "sendsecret/talking/exchange.py",
        "TCPConnector(force_close=True)",
        "TCPConnector(force_close=True, ssl=False)",
        ("tests/opening/test_on_the_way.py", "-k", "believed"),
    ),
    Mutant(
        "a record's link is said to have been cut off",
        "sendsecret/opening/pasted_link.py",
        "    if _PATH_OF_RECORD.fullmatch(parts.path):\n",
        "    if False:\n",
        ("tests/opening/test_words.py", "-k", "called_that"),
    ),
    Mutant(
        "a secret goes by http beyond this computer",
        "sendsecret/opening/pasted_link.py",
        'if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:',
        "if False:",
        (REFUSALS, "-k", "unsafe"),
    ),
    Mutant(
        "a foreign header asks for the passphrase",
        "sendsecret/opening/door.py",
        "        header = check_header(pasted.link, answer.header)\n",
        "        from store.formats import header_v1\n\n        header = header_v1.parse(answer.header)\n",
        (EVIL, "-k", "does_not_belong"),
    ),
    Mutant(
        "a proxy's page ends a drop",
        "sendsecret/talking/refusals.py",
        "    if not kind.startswith(_PROBLEM):\n        return not_ours(reply)\n",
        "",
        (EVIL, "-k", "not_ours"),
    ),
    Mutant(
        "a label is shown as it came",
        "sendsecret/talking/strangers_text.py",
        "if unicodedata.category(character) in _HARMFUL and",
        "if False and",
        (EVIL, "-k", "label"),
    ),
    Mutant(
        "a sender's name is a path",
        "sendsecret/opening/handing_out.py",
        "        return file_name(content.name)\n",
        "        return content.name\n",
        (OPENING, "-k", "no_path"),
    ),
    Mutant(
        "a terminal carries a secret out",
        "sendsecret/opening/handing_out.py",
        "    if is_for_a_terminal(content.text):\n",
        "    if True:\n",
        (OPENING, "-k", "carry_out"),
    ),
    Mutant(
        "a passphrase is seen while it is typed",
        "sendsecret/talking/terminal.py",
        "        return getpass.getpass(prompt)\n",
        "        return visible(prompt)\n",
        (OPENING, "-k", "told_who"),
    ),
    Mutant(
        "each sending has a claim of its own",
        "sendsecret/opening/claiming.py",
        "        answer = self._routes.claim(self._keys.auth_token, self._claim)\n",
        "        answer = self._routes.claim(self._keys.auth_token, secrets.token_bytes(32))\n",
        (LOST, "-k", "as_it_was"),
    ),
    Mutant(
        "one claim for all passphrases",
        "sendsecret/opening/claiming.py",
        "        self._claim = secrets.token_bytes(32)\n",
        "        self._claim = bytes(32)\n",
        (LOST, "-k", "of_its_own"),
    ),
    Mutant(
        "what did not open is acknowledged",
        "sendsecret/opening/claiming.py",
        '            raise StoppedError("damaged", DAMAGED)\n',
        '            self._routes.acknowledge(self._claim)\n            raise StoppedError("damaged", DAMAGED)\n',
        (EVIL, "-k", "than_was_sealed"),
    ),
    Mutant(
        "a lost acknowledgement loses the secret",
        "sendsecret/opening/ways_out.py",
        "        if receipt is None:\n",
        "        if receipt is None:\n            raise KeyboardInterrupt\n",
        (LOST, "-k", "loses_no_secret"),
    ),
    Mutant(
        "a receipt leads anywhere",
        "sendsecret/opening/ways_out.py",
        '        return receipt if own else ""\n',
        "        return receipt\n",
        (EVIL, "-k", "receipt"),
    ),
    Mutant(
        "one Ctrl-C throws an opened secret away",
        "sendsecret/opening/handing_out.py",
        "    for is_last in (False, True):\n",
        "    for is_last in (True,):\n",
        (REFUSALS, "-k", "throw"),
    ),
    Mutant(
        "a file is found unwritable after the claim",
        "sendsecret/opening/from_link_to_secret.py",
        "        output = held.enter_context(_reserved(asked))\n",
        "",
        (FILES, "-k", "cannot_be_written"),
        also=(
            (
                "sendsecret/opening/from_link_to_secret.py",
                "        return WaysOut(",
                "        output = held.enter_context(_reserved(asked))\n        return WaysOut(",
            ),
        ),
    ),
    Mutant(
        "a file takes another's place",
        "sendsecret/opening/output_file.py",
        "            os.link(self._temporary, self.path)\n",
        "            self._temporary.replace(self.path)\n",
        (FILES, "-k", "after_the_claim"),
    ),
    Mutant(
        "nobody reads standard error, and the secret is lost",
        "sendsecret/opening/command.py",
        "    with suppress(OSError):\n",
        "    if True:\n",
        (FILES, "-k", "standard_error"),
    ),
    Mutant(
        "a device is replaced by a file",
        "sendsecret/opening/output_file.py",
        "    if not S_ISREG(found.st_mode):\n",
        "    if False:\n",
        (FILES, "-k", "cannot_be_written"),
    ),
)
