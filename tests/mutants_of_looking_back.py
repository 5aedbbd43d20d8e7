"""The named defects of incidents and disputes: somebody sees or ends what is not theirs, or is misled."""

from tests.mutant import Mutant

INCIDENT = "tests/bot/test_incident.py"
AWAY = "tests/bot/test_incident_away.py"
DISPUTE = "tests/bot/test_dispute.py"
COMMAND = "tests/incident/test_command.py"
LINKS = "tests/bot/test_incident_links.py"
LIST = "tests/web/test_incident_list.py"
TOKENS = "tests/bot/test_incident_tokens.py"
HANDED = "tests/store/test_handed.py"

MUTANTS_OF_LOOKING_BACK = (
    Mutant(
        "a plain member is shown what others handed over",
        "bot/incident_desk.py",
        "        whose = None if self.rights.sees_everybodys(clicker) else clicker.user_id\n",
        "        whose = None\n",
        (INCIDENT, "-k", "no_right or who_sees"),
    ),
    Mutant(
        "drops of another workspace are shown",
        "bot/incident_desk.py",
        "for drop, role in judged if role is not None]",
        "for drop, role in judged for role in [role or Role.ADMIN]]",
        (INCIDENT, "-k", "who_sees"),
    ),
    Mutant(
        "whoever may look revokes",
        "bot/incident_desk.py",
        "        return None if Role.ADMIN in self.rights.offices(clicker) else clicker.user_id\n",
        "        return None if self.rights.offices(clicker) else clicker.user_id\n",
        (INCIDENT, "-k", "who_sees and auditor"),
    ),
    Mutant(
        "nobody is judged before a drop ends",
        "bot/incident_desk.py",
        "            return None if role is None else Actor(role)\n",
        "            return Actor(role or Role.ADMIN)\n",
        (INCIDENT, "-k", "who_sees"),
    ),
    Mutant(
        "every link can be opened until Slack has answered",
        "bot/incident_desk.py",
        "            progress.show(incident_views.revoking(person, 0, count))\n",
        "            await filled_later.put(self.slack, view_id, incident_views.revoking(person, 0, count))\n",
        (AWAY, "-k", "wait_for_slack"),
    ),
    Mutant(
        "how far it was takes the place of what it came to",
        "bot/incident_desk.py",
        "        await progress.over()\n",
        "",
        (AWAY, "-k", "wait_for_slack"),
    ),
    Mutant(
        "anybody takes the list out of Slack",
        "bot/incident_links.py",
        "        if not offices:\n            return None\n",
        "",
        (LINKS, "-k", "who_takes"),
    ),
    Mutant(
        "auditors read labels outside Slack",
        "bot/incident_links.py",
        "with_labels=is_named",
        "with_labels=True",
        (LINKS, "-k", "who_takes and auditor"),
    ),
    Mutant(
        "an audit channel that was not told is said to read it",
        "bot/incident_links.py",
        "            return False\n        return True\n",
        "        return True\n",
        (LINKS, "-k", "keeps_no_list_back"),
    ),
    Mutant(
        "a link to a list works for ever",
        "store/incident/links.py",
        "    if grant.until <= store.clock.now_seconds():\n        raise UnknownSheetError\n",
        "",
        (LIST, "-k", "quarter"),
    ),
    Mutant(
        "a list shows drops of another workspace",
        "store/incident/links.py",
        " if drop.team_id == grant.team]",
        "]",
        (LIST, "-k", "granted"),
    ),
    Mutant(
        "anybody reads which tokens a person has",
        "bot/incident_desk.py",
        "team_id=self.rights.team_id) if whose is None else ()",
        "team_id=self.rights.team_id)",
        (TOKENS, "-k", "sender"),
    ),
    Mutant(
        "tokens of another workspace are named",
        "bot/incident_desk.py",
        "tokens.of_person(self.store, person, team_id=self.rights.team_id)",
        "tokens.of_person(self.store, person)",
        (TOKENS, "-k", "administrator"),
    ),
    Mutant(
        "a name that begins like an id finds nobody and says so",
        "sendsecret/person.py",
        "        mention = None  # a name",
        "        pass  # a name",
        (COMMAND, "-k", "nobody_and_nothing"),
    ),
    Mutant(
        "auditors read labels",
        "bot/incident_desk.py",
        "        is_named = reads_labels(role, shown_to_auditors=self.show_labels)\n",
        "        is_named = True\n",
        (INCIDENT, "-k", "who_sees and auditor"),
    ),
    Mutant(
        "anybody says that a key was rotated",
        "bot/rotation.py",
        "self._buttons.permitted(Act.ROTATED, value, clicker)",
        "self._buttons.permitted(Act.LOOK, value, clicker)",
        (INCIDENT, "-k", "who_says"),
    ),
    Mutant(
        "anybody looks at a dispute",
        "bot/dispute_desk.py",
        "            if role is not None\n",
        "",
        (DISPUTE, "-k", "who_may_look"),
    ),
    Mutant(
        "auditors read labels in a dispute",
        "bot/dispute_desk.py",
        "is_named=reads_labels(role, shown_to_auditors=self.show_labels)",
        "is_named=True",
        (DISPUTE, "-k", "who_may_look and auditor"),
    ),
    Mutant(
        "what is to be rotated stands among the rest",
        "store/handed.py",
        "_need = case((_is_to_be_rotated, int(Need.ROTATE)), ",
        "_need = case(",
        (HANDED, "-k", "comes_first and sqlite"),
    ),
    Mutant(
        "what failed is called revoked",
        "store/revoking.py",
        "        tally.unfinished += 1\n",
        "        tally.revoked += 1\n",
        (HANDED, "-k", "could_not_be_finished"),
    ),
    Mutant(
        "what was begun is left when the store goes",
        "store/revoking.py",
        "            except StoreUnavailableError:\n                stopped = True\n",
        "            except StoreUnavailableError:\n                raise\n",
        (HANDED, "-k", "when_the_store_goes"),
    ),
    Mutant(
        "a tally that is cut is called whole",
        "store/revoking.py",
        "        tally.is_cut = True\n",
        "",
        (HANDED, "-k", "when_the_store_goes"),
    ),
    Mutant(
        "the last stays open while the first is destroyed",
        "store/endings.py",
        "        for drop_id, by in sorted(revoked):\n",
        "        for drop_id, by in sorted(revoked)[:0]:\n",
        (HANDED, "-k", "all_are_closed and sqlite"),
    ),
    Mutant(
        "what was opened is called revoked",
        "store/revoking.py",
        "            tally.opened += 1\n",
        "            tally.revoked += 1\n",
        (HANDED, "-k", "opened_in_between"),
    ),
    Mutant(
        "a label is computed by a spreadsheet",
        "store/incident/table.py",
        "else text(value)",
        "else value",
        (COMMAND, "-k", "people_wrote"),
    ),
    Mutant(
        "the command revokes without a yes",
        "sendsecret/incident.py",
        "    if not is_sure:\n",
        "    if False:\n",
        (COMMAND, "-k", "when_it_is_meant"),
    ),
    Mutant(
        "a label moves the cursor of a terminal",
        "sendsecret/incident.py",
        'letter if letter.isprintable() else " "',
        "letter",
        (COMMAND, "-k", "people_wrote"),
    ),
)
