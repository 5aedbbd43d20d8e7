"""The named defects of how tokens end: each leaves somebody with one, or takes one from somebody who may have it."""

from tests.mutant import Mutant

LEAVERS = ("tests/bot/test_leavers.py", "-k", "becomes_of or another_workspace or busy")
DAMAGED = ("tests/store/test_tokens.py", "-k")
ENDED = ("tests/bot/test_incident_tokens.py", "-k", "who_ends_them")

MUTANTS_OF_TOKENS = (
    Mutant(
        "a bot without its scope ends everybody's tokens",
        "bot/leavers.py",
        "                return WhyEnded.LEFT if error.code == _NEVER_WAS else None\n",
        "                return WhyEnded.LEFT if error.code else None\n",
        LEAVERS,
    ),
    Mutant(
        "a Slack that does not answer ends tokens",
        "bot/leavers.py",
        "            except SlackError:\n                return None\n",
        "            except SlackError:\n                return WhyEnded.LEFT\n",
        LEAVERS,
    ),
    Mutant(
        "whoever left keeps their tokens where Slack was busy",
        "bot/leavers.py",
        "                continue\n",
        "                return None\n",
        LEAVERS,
    ),
    Mutant(
        "guests keep what only members may have",
        "bot/leavers.py",
        "            if self.policy.may_send(person):\n",
        "            if person.kind is not Kind.GONE:\n",
        LEAVERS,
    ),
    Mutant(
        "our Slack is asked about people of another workspace",
        "store/tokens_of_a_person.py",
        "if owner is not None and owner.team_id == team_id",
        "if owner is not None",
        LEAVERS,
    ),
    Mutant(
        "a damaged row protects the tokens of whoever left",
        "store/tokens.py",
        "        return True\n\n\ndef _owner",
        "        raise\n\n\ndef _owner",
        (*DAMAGED, "one_damaged_row and sqlite"),
    ),
    Mutant(
        "what is told of a damaged token waits for ever",
        "store/tokens.py",
        "    except (UnknownTokenError, KeyUnreadableError):\n        return None  #",
        "    except UnknownTokenError:\n        return None  #",
        (*DAMAGED, "one_damaged_row and sqlite"),
    ),
    Mutant(
        "a keyring that is away makes a token nobody's",
        "store/tokens.py",
        "    if row is None or store.months.read(row.month) is None:\n",
        "    if row is None:\n",
        (*DAMAGED, "waited_for and sqlite"),
    ),
    Mutant(
        "one owner that fails hides the others",
        "bot/leavers.py",
        "        except Exception as error:  # noqa: BLE001 - whatever it is, it is this owner's\n",
        "        except LookupError as error:\n",
        ("tests/bot/test_leavers.py", "-k", "keeps_no_other and sqlite"),
    ),
    Mutant(
        "a key that is away for one owner protects the others",
        "bot/leavers.py",
        "        except KeyUnreadableError:\n            _log",
        "        except UnicodeError:\n            _log",
        ("tests/bot/test_leavers.py", "-k", "keeps_no_other and sqlite"),
    ),
    Mutant(
        "a store that is away is asked for each owner",
        "bot/leavers.py",
        "            raise  # for whoever comes next as well\n",
        "            return\n",
        ("tests/bot/test_leavers.py", "-k", "store_that_is_away"),
    ),
    Mutant(
        "nobody looks for those who left",
        "bot/program.py",
        "        asyncio.create_task(basis.leavers().run(at_last)),\n",
        "",
        ("tests/bot/test_leavers.py", "-k", "reads_why"),
    ),
    Mutant(
        "anybody ends somebody's tokens",
        "bot/incident_desk.py",
        "            if Role.ADMIN not in self.rights.offices(clicker):\n",
        "            if not clicker.user_id:\n",
        ENDED,
    ),
    Mutant(
        "an administrator ends tokens of another workspace",
        "bot/incident_desk.py",
        "end(self.store, person, team_id, by=by",
        "end(self.store, person, None, by=by",
        ENDED,
    ),
    Mutant(
        "the command ends tokens without a yes",
        "sendsecret/incident.py",
        "    if count and not is_sure:\n",
        "    if False:\n",
        ("tests/incident/test_command.py", "-k", "tokens_end"),
    ),
)
