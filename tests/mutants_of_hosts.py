"""The named defects of programs on several hosts: what waits for a host that says nothing any more."""

from tests.mutant import Mutant

DATABASE = "tests/store/test_database.py"
HOSTS = "tests/hosts/test_hosts.py"
SLACK = "tests/bot/test_slack_trouble.py"

MUTANTS_OF_HOSTS = (
    Mutant(
        "a pause that waited has two times",
        "store/pausing.py",
        "Event.NOT_ME, row, row.paused_at,",
        "Event.NOT_ME, row, row.present,",
        (DATABASE, "-k", "vanished and postgresql"),
    ),
    Mutant(
        "a database that is cut off is waited for",
        "store/database.py",
        'event.listen(self._engine.sync_engine, "connect", lambda one, _: probe(one.driver_connection))',
        "pass",
        (HOSTS, "-k", "for and long"),
        also=(("store/on_postgresql.py", "            ready(connection)\n", ""),),
    ),
    Mutant(
        "the database keeps the sessions of a host that is gone",
        "store/database.py",
        "        **SILENT_HOST,\n",
        "",
        (HOSTS, "-k", "for and long"),
    ),
    Mutant(
        "an address of Slack's that is used up is tried for ever",
        "bot/socket_mode.py",
        "            elif clock() >= not_before:\n",
        "            elif False:\n",
        (SLACK, "-k", "used_up"),
    ),
    Mutant(
        "Slack is asked for an address at each try of a socket that is silent",
        "bot/socket_mode.py",
        "                not_before = clock() +",
        "                _ = clock() +",
        (SLACK, "-k", "in_vain"),
    ),
)
