"""
`python -m tests.fuzz.without_waiting web`: the web program, which does not wait for a bot's answer.

What a client asks of the bot is answered after a quarter of a minute where there is no bot; ten thousand of those are
two days.
"""

from reveal_web.machines import record_making_route, revoke_route
from sendsecret.__main__ import main

if __name__ == "__main__":
    revoke_route.WAITS_SECONDS = 0.0  # type: ignore[misc]
    record_making_route.WAITS_SECONDS = 0.0  # type: ignore[misc]
    main()
