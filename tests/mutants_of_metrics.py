"""The named defects of what the programs tell of themselves: not true, not bounded, or told to everybody."""

from tests.mutant import Mutant

WEB = "tests/web/test_metrics.py"
FIGURES = "tests/store/test_figures.py"
BOT = "tests/bot/test_observing.py"
APART = "tests/web/test_told_apart.py"

MUTANTS_OF_METRICS = (
    Mutant(
        "a path becomes a label",
        "reveal_web/measured.py",
        '        route = (match.route.name if match is not None else None) or "none"\n',
        "        route = (match.route.name if match is not None else None) or request.path\n",
        (WEB, "-k", "label"),
    ),
    Mutant(
        "requests are counted only where they are logged",
        "reveal_web/measured.py",
        '**{**limits, "access_log_class": _Always}',
        "**limits",
        (WEB, "-k", "happened"),
    ),
    Mutant(
        "a connection that was turned away counts as an open one",
        "reveal_web/measured.py",
        "        self._is_counted = self._seat is not None\n",
        "        self._is_counted = True\n",
        (WEB, "-k", "refused_ones"),
    ),
    Mutant(
        "metrics are told to everybody",
        "reveal_web/metrics_port.py",
        "parts.settings.metrics_host, parts",
        '"0.0.0.0", parts',
        (WEB, "-k", "public_port"),
    ),
    Mutant(
        "what was true before is told while the database is away",
        "store/figures.py",
        "        except (StoreUnavailableError, TimeoutError):\n            return None\n",
        "        except (StoreUnavailableError, TimeoutError):\n            return self._last\n",
        (FIGURES, "-k", "is_away_is_told"),
    ),
    Mutant(
        "each scrape reads the database",
        "store/figures.py",
        "            if time.monotonic() >= self._until:\n",
        "            if True:\n",
        (FIGURES, "-k", "often and sqlite"),
    ),
    Mutant(
        "a parked notice is not counted as one",
        "store/figures.py",
        "func.count(notices.c.parked)",
        "func.count(notices.c.done_at)",
        (FIGURES, "-k", "oldest_notice and sqlite"),
    ),
    Mutant(
        "an endpoint that is gone from the file is told",
        "store/figures.py",
        "        is_waiting = and_(owed.c.endpoint == name, owed",
        "        is_waiting = and_(owed.c.endpoint != '', owed",
        (FIGURES, "-k", "endpoints and sqlite"),
    ),
    Mutant(
        "a foreign keyring is as good as ours",
        "store/keyring.py",
        "        return Keyring(directory).id == self.id\n",
        "        return bool(Keyring(directory).id)\n",
        (FIGURES, "-k", "foreign and sqlite"),
    ),
    Mutant(
        "what is sent again counts as won",
        "store/counted_claims.py",
        "release.sends_left == claims.MOST_SENDS - 1",
        "release.sends_left >= 0",
        (FIGURES, "-k", "came_of_them and sqlite"),
    ),
    Mutant(
        "a bot whose connection is down is ready",
        "bot/health.py",
        "        if away > AWAY_SECONDS or not self._was_up:\n",
        "        if not self._was_up:\n",
        (BOT, "-k", "replace_a_connection and sqlite"),
    ),
    Mutant(
        "a bot that was never connected is ready",
        "bot/health.py",
        "        if away > AWAY_SECONDS or not self._was_up:\n",
        "        if away > AWAY_SECONDS:\n",
        (BOT, "-k", "replace_a_connection and sqlite"),
    ),
    Mutant(
        "a log that nobody writes is no reason",
        "bot/health.py",
        "figures.log_oldest_seconds > LOG_SECONDS",
        "figures.log_oldest_seconds < 0",
        (BOT, "-k", "nobody_writes and sqlite"),
    ),
    Mutant(
        "Slack's limits are counted as its refusals",
        "bot/slack_calls.py",
        '    SlackBusyError: "busy",\n',
        '    SlackBusyError: "refused",\n',
        (BOT, "-k", "method_and_outcome"),
    ),
    Mutant(
        "an endpoint's address is told",
        "bot/metrics.py",
        "        self._name = endpoint.name\n",
        "        self._name = endpoint.url\n",
        (BOT, "-k", "operators_name and sqlite"),
    ),
    Mutant(
        "a form that was refused waits for ever in the count",
        "bot/sealing.py",
        "        finally:\n            self.waiting -= 1\n",
        "        else:\n            self.waiting -= 1\n",
        (BOT, "-k", "wait_for_a_core"),
    ),
    Mutant(
        "how long forms wait is told of none",
        "bot/metrics.py",
        "            yield from self.pool.waited.collect()\n",
        "",
        (BOT, "-k", "how_long_forms_waited"),
    ),
    Mutant(
        "all requests of a connection have one word",
        "reveal_web/measured.py",
        "    begin_request()\n    return await handler(request)\n",
        "    return await handler(request)\n",
        (APART, "-k", "told_apart"),
    ),
    Mutant(
        "a word is told in the answer",
        "reveal_web/measured.py",
        "    return await handler(request)\n",
        "    answer = await handler(request)\n"
        "    from structlog.contextvars import get_contextvars\n\n"
        '    answer.headers["X-Request"] = str(get_contextvars()["request"])\n'
        "    return answer\n",
        ("tests/web/test_program.py", "-k", "to_whom_nothing"),
    ),
)
