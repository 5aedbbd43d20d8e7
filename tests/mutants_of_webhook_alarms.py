"""The named defects of what people are told of webhooks, and of how long one that is refused holds up others."""

from tests.mutant import Mutant

ALARM = "tests/bot/test_webhook_alarm.py"
LANES = "tests/store/test_webhooks_lanes.py"

MUTANTS_OF_WEBHOOK_ALARMS = (
    Mutant(
        "each refused event holds up the next for days of its own",
        "store/webhooks.py",
        "    if behind_a_failed_one:\n",
        "    if False:\n",
        (LANES, "-k", "many_refused and sqlite"),
    ),
    Mutant(
        "what happened later is given up with what was refused",
        "store/webhooks.py",
        'turn["first_at"] = select(events.c.at).where(events.c.position == owed.c.position).scalar_subquery()',
        'turn["first_at"] = 1',
        (LANES, "-k", "happened_later and sqlite"),
    ),
    Mutant(
        "every bot says it",
        "store/webhook_troubles.py",
        "    is_untold = (endpoints.c.name == name) & told.is_(None)\n",
        "    is_untold = endpoints.c.name == name\n",
        (ALARM, "-k", "once_each and sqlite"),
    ),
    Mutant(
        "a Replay passes for an endpoint that works again",
        "store/webhook_troubles.py",
        "owed.c.why.is_not(None)).exists()",
        "owed.c.failed_at.is_not(None)).exists()",
        (ALARM, "-k", "once_each and sqlite"),
    ),
    Mutant(
        "what nobody heard is not said again",
        "bot/webhook_alarm.py",
        "            if not is_told:\n",
        "            if False:\n",
        (ALARM, "-k", "somebody_hears and sqlite"),
    ),
    Mutant(
        "that it works again is lost where nobody heard it",
        "bot/webhook_alarm.py",
        "                await webhook_troubles.begin_to_tell(self._store, name, Trouble.FAILING)\n",
        "                pass\n",
        (ALARM, "-k", "somebody_hears and sqlite"),
    ),
    Mutant(
        "nobody is told of webhooks",
        "bot/program.py",
        "        loops.append(asyncio.create_task(WebhookAlarm(store, Alarm(admins, audit.id), names).run(at_last)))\n",
        "",
        (ALARM, "-k", "whole_bot"),
    ),
)
