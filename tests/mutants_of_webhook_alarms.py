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
        "    return await _lease(store, name, _TOLD[what].is_(None))\n",
        "    return await _lease(store, name, endpoints.c.name == name)\n",
        (ALARM, "-k", "once_each and sqlite"),
    ),
    Mutant(
        "what is about to be said counts as said",
        "store/webhook_troubles.py",
        "or_(until.is_(None), until <= now)",
        "until.is_(None)",
        (ALARM, "-k", "killed_before and sqlite"),
    ),
    Mutant(
        "two bots say it at once",
        "store/webhook_troubles.py",
        "& or_(until.is_(None), until <= now)",
        "",
        (ALARM, "-k", "killed_before and sqlite"),
    ),
    Mutant(
        "it is said again and again after a crash",
        "store/webhook_troubles.py",
        "        said = {_TOLD[what]: store.clock.now(), endpoints.c.telling_until: None}\n",
        "        said = {endpoints.c.telling_until: None}\n",
        (ALARM, "-k", "killed_after and sqlite"),
    ),
    Mutant(
        "whoever was slow gives back another's lease",
        "store/webhook_troubles.py",
        " & (endpoints.c.telling_until == lease)",
        "",
        (ALARM, "-k", "was_slow and sqlite"),
    ),
    Mutant(
        "what was thrown away passes for taken",
        "store/webhooks.py",
        "        await tx.execute(forgotten.values(forgotten_at=store.clock.now()))\n",
        "",
        (ALARM, "-k", "was_forgotten and sqlite"),
    ),
    Mutant(
        "what was once thrown away is said of every later trouble",
        "store/webhook_troubles.py",
        "(*_TOLD.values(), endpoints.c.forgotten_at, endpoints.c.telling_until)",
        "(*_TOLD.values(), endpoints.c.telling_until)",
        (ALARM, "-k", "was_forgotten and sqlite"),
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
        "            if not is_said:\n",
        "            if False:\n",
        (ALARM, "-k", "somebody_hears and sqlite"),
    ),
    Mutant(
        "that it works again is lost where nobody heard it",
        "bot/webhook_alarm.py",
        "            if await self._is_said(one.endpoint, lease, fill(words, endpoint=one.endpoint)):\n",
        "            if await self._is_said(one.endpoint, lease, fill(words, endpoint=one.endpoint)) or True:\n",
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
