"""
What the bot says of a request: to whoever asks, and to whoever is asked.

The name in `BY_LINK` stands in the drop's header and is what the asker reads as its sender.
"""

from typing import Final

from bot.request_words import Fault

BY_LINK: Final = "Somebody with {asker}'s link"
BY_LINK_SHORT: Final = "Somebody with a link"

# To whoever is asked.
ASKED_TEXT: Final = "{asker} asks you for a credential"
ASKED: Final = (
    "*{asker}* asks you for this credential. Open the page and type or choose it there; whatever you seal goes to "
    "{asker}'s DM with me and opens once. The page makes a passphrase: pass it on by phone or text. Until {until}."
)
OPEN: Final = "Open the page"
CALM: Final = (
    "Not expecting this? Ask {asker} by phone before you type anything. Whoever has the page's link can seal one "
    "secret in your name, once."
)
OVER_TEXT: Final = "{asker} no longer asks you for a credential"
OVER: Final = "*{asker}* took this request back. There is nothing for you to do; the page takes nothing any more."

# To whoever asks.
WAITING_TEXT: Final = "You asked {person} for a credential"
WAITING: Final = (
    "You asked *{person}* for this, until {until}. What they seal comes to you here and opens once; they pass the "
    "passphrase on to you by phone or text."
)
WAITING_KIND: Final = (
    "You asked *{person}* ({kind}) for this, until {until}. What they seal comes to you here and opens once; they pass "
    "the passphrase on to you by phone or text."
)
LINK_TEXT: Final = "Your link to ask somebody for a credential"
LINK: Final = (
    "Send this link to whoever is to give it to you; it works until {until}, once:\n```{link}```\nWhat is sealed there "
    "comes to you here and opens once."
)
LINK_FOR: Final = (
    "Mail this link to *{address}*; it works until {until}, once:\n```{link}```\nWhat is sealed there comes to you "
    "here and opens once. If that address belongs to what you need, take this back and write it behind the other words."
)
LINK_CALM: Final = (
    "Whoever has the link can use it, and I cannot know who that was. Ask them by phone for the passphrase, and "
    "whether they sealed it."
)
TAKE_BACK: Final = "Take it back"
TAKE_BACK_TITLE: Final = "Take the request back?"
TAKE_BACK_QUESTION: Final = "Nobody can seal anything for it then. What was sealed before stays as it is."
TAKE_BACK_YES: Final = "Take it back"
TAKE_BACK_NO: Final = "Keep it"
TAKEN_BACK_TEXT: Final = "You took a request for a credential back"
TAKEN_BACK: Final = "You took this request back. Nobody can seal anything for it any more."

# Answers.
DONE: Final = "Asked. My message to you says until when, and takes it back."
LINK_MADE: Final = "I have sent you a link to pass on, in your DM with me."
FAULTS: Final = {
    Fault.NO_LABEL: (
        "Say what you need: `/sendsecret request @person Stripe restricted key`. Nobody was asked, nothing was kept."
    ),
    Fault.LONG_LABEL: (
        "Say it in 80 characters at most. Nobody was asked, nothing was kept. If a secret stood on that line, it has "
        "been through Slack: rotate it."
    ),
    Fault.SEVERAL: (
        "Ask one person at a time, and name nobody else in what you need: `/sendsecret request @person Stripe "
        "restricted key`. Nobody was asked, nothing was kept."
    ),
    Fault.NOBODY: (
        "Slack does not know that name; choose the person from Slack's list: `/sendsecret request @person Stripe "
        "restricted key`. Without a name you get a link to pass on. Nobody was asked, nothing was kept."
    ),
}
MAY_NOT_ASK: Final = (
    "Your account here is not one that can ask for secrets with Sendsecret. Nobody was asked, nothing was kept."
)
WHO_ARE_YOU: Final = "Slack did not say who you are just now. Nobody was asked. Type the command again in a moment."
WHO_IS_IT: Final = "Slack did not say who that is. Nobody was asked. Type the command again in a moment."
IS_BOT: Final = "{name} is an app, not a person. Nobody was asked."
IS_GONE: Final = "{name}'s account is deactivated. Nobody was asked; ask somebody else."
IS_STRANGER: Final = (
    "{name} is outside this workspace and shares no channel with me. Nobody was asked. Type `/sendsecret request` and "
    "what you need, without a name: you get a link to send to them yourself."
)
STORE_AWAY: Final = "I could not reach my store just now. Nobody was asked. Type the command again in a moment."
TOO_OFTEN: Final = (
    "You have sent or asked for {most} secrets within ten minutes, as many as anybody may. Nobody was asked, and what "
    "you asked before is as it was. Type the command again in {wait}."
)
TOO_MANY_OPEN: Final = (
    "{most} secrets of yours are waiting to be opened or sealed, as many as anybody may have at once. "
    "Nobody was asked. Take some requests back or revoke some secrets, or wait until they are over; then type the "
    "command again."
)
NOT_REACHED: Final = (
    "Slack would not take my message to {name}, or did not say so. If it is there all the same, the page is dead: "
    "nobody can seal anything for it. Type the command again, or without a name: then you get a link to send to them "
    "yourself."
)
NOT_REACHED_OPEN: Final = (
    "Slack would not take my message to {name}, or did not say so, and I could not reach my store to take the request "
    "back. If the message is there all the same, they can seal until {until}, and you get it in your DM with me. Ask "
    "{name} whether it is there before you type the command again."
)
NOT_REACHED_SEALED: Final = (
    "Slack did not take or confirm my message to {name}, but something was sealed for this request already: it is in "
    "your DM with me, or will be in a moment. Ask {name} for the passphrase, and whether they sealed it."
)
NOT_SHOWN: Final = (
    "Slack would not take my message to you, or did not say so, so that I took the request back; nobody can seal "
    "anything for it. Type the command again in a moment."
)
NOT_SHOWN_OPEN: Final = (
    "Slack would not take my message to you, or did not say so, and I could not reach my store to take the request "
    "back. It stands until {until}: what is sealed for it comes to your DM with me and opens once. If you no longer "
    "want that, press *I was not expecting this* there."
)
NOT_SHOWN_SEALED: Final = (
    "Slack did not take or confirm my message to you, but something was sealed for this request already: it is in your "
    "DM with me, or will be in a moment. Ask by phone for the passphrase, and who sealed it."
)
TOO_LATE: Final = (
    "Too late: somebody has sealed it. You have it in your DM with me, or will in a moment. If you no longer want it, "
    "press *I was not expecting this* there, and nobody can open it."
)
IS_OVER: Final = (
    "This request is over already: it was used, it was taken back, or its time ran out. Nothing was changed."
)
TRY_AGAIN: Final = "I could not reach my store just now. Nothing was changed; press the button again in a moment."
TAKEN_BACK_NOW: Final = "Taken back. Nobody can seal anything for it any more."
