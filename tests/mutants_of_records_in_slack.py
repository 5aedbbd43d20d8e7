"""The named defects of records in Slack: each leaves a key with nobody or somebody else, or says what is not so."""

from tests.mutant import Mutant

DESK = "tests/bot/test_record_desk.py"
WINDOW = "tests/bot/test_record_window.py"
TROUBLE = "tests/bot/test_record_trouble.py"
STORE = "tests/store/test_own_records.py"

MUTANTS_OF_RECORDS_IN_SLACK = (
    Mutant(
        "a record stays whose key was handed to nobody",
        "bot/record_acts.py",
        "            await record_endings.revoke(self.store, key.id, by=Actor.SENDER)\n",
        "            pass\n",
        (DESK, "-k", "goes_nowhere"),
    ),
    Mutant(
        "a record stays whose key could not be sealed",
        "bot/record_desk.py",
        "            _, sentence = await giving.take_back(key)\n",
        "            sentence = wording.NOT_SEALED\n",
        (DESK, "-k", "cannot_be_sealed"),
    ),
    Mutant(
        "a record that was made too late stays",
        "bot/record_desk.py",
        "        await giving.take_back(key)\n\n\n",
        "        del key\n\n\n",
        (DESK, "-k", "too_late"),
    ),
    Mutant(
        "a window that comes twice makes two records",
        "bot/record_desk.py",
        "                    self._remember(view_id)\n",
        "                    pass\n",
        (TROUBLE, "-k", "comes_twice"),
    ),
    Mutant(
        "anybody acts on a record whose id they bring",
        "bot/record_rights.py",
        "        if not self._is_owner(held, clicker):\n            return wording.NOT_YOURS\n",
        "",
        (WINDOW, TROUBLE, "-k", "nobody_else or somebody_elses"),
    ),
    Mutant(
        "whoever has become a guest still acts on what they made",
        "bot/record_rights.py",
        "        return (held, Actor.SENDER) if self.policy.may_send(person) else wording.MAY_NOT\n",
        "        return held, Actor.SENDER\n",
        (WINDOW, "-k", "nobody_else"),
    ),
    Mutant(
        "a guest makes records",
        "bot/record_desk.py",
        "        if not self.policy.may_send(sender):\n            raise RefusedError(wording.MAY_NOT, whom)\n",
        "",
        (TROUBLE, "-k", "goes_wrong"),
    ),
    Mutant(
        "another key goes to whom the window names, and not to whom the record is for",
        "bot/record_desk.py",
        "recipients=(offer.recipient,)",
        "recipients=(clicker.user_id,)",
        (WINDOW, "-k", "given_another_key"),
    ),
    Mutant(
        "a provider's page may hold the credential",
        "bot/record_given.py",
        "    elif url and tells(url, given.submission.secret):\n",
        "    elif not url:\n",
        (DESK, "-k", "filled_in_wrongly"),
    ),
    Mutant(
        "what stands behind the name fills the window",
        "bot/grammar.py",
        "was_not_taken=bool(rest))\n",
        "was_not_taken=False)\n",
        (DESK, "-k", "behind_the_name"),
    ),
    Mutant(
        "a credential is typed into Slack where none is",
        "bot/command.py",
        "        if isinstance(typed, grammar.Code) and self.policy.outside_only:\n"
        "            return record_form_wording.OUTSIDE_ONLY\n",
        "",
        (DESK, "-k", "typed_into_slack"),
    ),
    Mutant(
        "where all must press a key is shown to be passed on",
        "bot/record_form.py",
        "if Way.SHOWN in ways_of_drops else []",
        "if ways_of_drops else []",
        (DESK, "-k", "typed_into_slack"),
    ),
    Mutant(
        "Home asks about what nobody has read",
        "store/own_records.py",
        "    return and_(records.c.state != RecordState.LIVE, was_read, is_renewable())\n",
        "    del was_read\n    return and_(records.c.state != RecordState.LIVE, is_renewable())\n",
        (STORE, "-k", "until_that_is_said and sqlite"),
    ),
    Mutant(
        "another key at the provider is not asked about again",
        "store/own_records.py",
        "    return or_(records.c.renewed_at.is_(None), records.c.renewed_at < records.c.rotated_at)\n",
        "    return records.c.renewed_at.is_(None)\n",
        (STORE, "-k", "until_that_is_said and sqlite"),
    ),
    Mutant(
        "a list shows everybody's records",
        "store/own_records.py",
        "    query = select(*HELD).where(_is_of(store, person, role))\n",
        "    query = select(*HELD).where(records.c.owner.is_not(None))\n",
        (STORE, "-k", "listed_their_own and sqlite"),
    ),
    Mutant(
        "nobody holds a row's renewed_at against the log",
        "store/verifying/standing.py",
        '        yield "renewed_at", None if life.renewed_at is None else life.renewed_at * 1000\n',
        "        return\n",
        (STORE, "-k", "says_otherwise and sqlite"),
    ),
    Mutant(
        "the web program says that a key was rotated",
        "store/log/who_may_say.py",
        "_HOLDERS | _EITHER | {Event.CREATED, Event.TOKEN_USED}",
        "_HOLDERS | _EITHER | {Event.CREATED, Event.TOKEN_USED, Event.RECORD_RENEWED}",
        (STORE, "-k", "web_program and sqlite"),
    ),
    Mutant(
        "whoever was forgotten stands in a record's disclosures",
        "store/forgetting_records.py",
        '    RECIPIENT: frozenset({RECIPIENT, "label"}),\n',
        '    RECIPIENT: frozenset({"label"}),\n',
        (STORE, "-k", "record_stays and sqlite"),
    ),
    Mutant(
        "whoever was forgotten stands in a record's row",
        "store/forgetting_records.py",
        "replace(named, label=ERASED, **_WITHOUT[role])",
        "replace(named, label=ERASED)",
        (STORE, "-k", "record_stays and sqlite"),
    ),
    Mutant(
        "whose a record is can be deleted from the log unseen",
        "store/verifying/forgotten.py",
        '            return self._of_records.get(str(claims.get("record")), frozenset())\n',
        '            return frozenset({"sender", "recipient", "label"})\n',
        (STORE, "-k", "nobody_forgot and sqlite"),
    ),
    Mutant(
        "whoever made a record hears nothing of wrong keys",
        "store/events.py",
        "    Event.RECORD_REFUSED: _BOTH,\n",
        "",
        (WINDOW, "-k", "is_told"),
    ),
    Mutant(
        "an auditor's list of an incident names what a record was called",
        "bot/incident_views.py",
        "is_named=handed.shows_labels",
        "is_named=True",
        (WINDOW, "-k", "auditor"),
    ),
    Mutant(
        "somebody's list of an incident has everybody's records",
        "bot/incident_desk.py",
        "RECIPIENT, owner=whose, most=MOST_RECORDS",
        "RECIPIENT, most=MOST_RECORDS",
        (WINDOW, "-k", "incident_shows"),
    ),
)
