"""What the bot says of an evidence pack when it is made, or was not: in DMs, and to the audit channel."""

from typing import Final

from store.words import PackFailure

ALL: Final = "all recipients"
SOME: Final = "recipients: {classes}"
PERIOD: Final = "{first} to {last}"

READY_TEXT: Final = "Your evidence pack is ready"
READY: Final = "*Evidence pack of {period}* ({recipients})\n{drops}. Made {made}; the link works until {until}."
FAULTY: Final = (
    ":rotating_light: *The database is not what was signed* ({findings}). The pack shows it as it is. "
    "Whoever runs Sendsecret looks closer with `sendsecret verify --store`."
)
FINDINGS: Final = "findings: {count}"
MANY_FINDINGS: Final = "findings: {count} or more"
ONE_DROP: Final = "1 drop"
DROPS: Final = "{count} drops"
CHECK_IT: Final = "The page says how to check it without us. Whoever has its link can read the pack; it names nobody."
OPEN: Final = "Open the page"

FAILED_TEXT: Final = "Your evidence pack could not be made"
FAILED: Final = "*The evidence pack of {period} ({recipients}) could not be made.* {why} Nothing was changed."
WHY: Final = {
    PackFailure.NO_LOG: "No checkpoint of the audit log was published so far. Try again in a minute.",
    PackFailure.SEVERAL_LOGS: (
        "Its drops are in several logs, because another one was begun meanwhile, and a pack shows one of them. Ask for "
        "a shorter period, or ask whoever runs Sendsecret for a pack of each with `sendsecret evidence --log`."
    ),
    PackFailure.NO_ROOM: (
        "There is not enough room for it on the disk of the bot. Whoever runs Sendsecret must make some, or name "
        "another place in TMPDIR; then type the command again."
    ),
    PackFailure.TOO_LONG: (
        "It took more than {minutes} minutes and was stopped. Ask for a shorter period, or ask whoever runs Sendsecret "
        "to make it with `sendsecret evidence`."
    ),
    PackFailure.GAVE_UP: (
        "It was begun {attempts} times and never came to its end. Whoever runs Sendsecret finds why in the log of the "
        "bot; then type the command again."
    ),
}

AUDITED: Final = "Evidence pack made for *{name}*: {period} ({recipients}), {drops}"
