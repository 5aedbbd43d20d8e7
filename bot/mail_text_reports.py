"""
Reports that are written for people, by two mail systems that leave no doubt: qmail, and Exim before it wrote RFC 3464.

Pure.  Read as one is only a text that

- comes from a mail system: MAILER-DAEMON or postmaster, and with an empty return path where one is written down, so
  that it is nobody's answer and no out-of-office note;
- says for which addresses it gave up: qmail by the form that its author has fixed (QSBMF: "Hi. This is the", a
  paragraph for each address, a line of hyphens, the message), Exim by X-Failed-Recipients, which its warnings of a
  delay lack, and Auto-Submitted;
- brings the message back with exactly one Message-ID in it, ours.  With two nobody knows which of them failed.

Every other text ends nothing.  It says in some language that something failed, or will be tried again, or that
somebody is on holiday; its drop stays "not opened", as it was.
"""

import re
from typing import Final

from bot.mail_parts import Part, only, text_of
from bot.mail_reports import NO_STATUS, Report, marks_in, spelled, status_in

_SYSTEMS: Final = frozenset({"mailer-daemon", "postmaster"})
_SENDER: Final = re.compile(r"(?:^|<)([^<>@\s]*)(?:@[^<>@\s]*)?>?\s*$")
_QMAIL: Final = "Hi. This is the "
_MESSAGE_IDS: Final = re.compile(r"^message-id:[ \t]*\n?[ \t]*(<[^<>\n]*>)", re.IGNORECASE | re.MULTILINE)
_MOST_PARAGRAPHS: Final = 50
_MOST_RECIPIENTS: Final = 50


def of_text(whole: Part) -> Report | None:
    """The report in a message that is one text; None in any other."""
    if whole.kind not in ("", "text/plain") or not _is_from_a_mail_system(whole):
        return None
    text = text_of(whole)
    failed = _by_qmail(text) if text.startswith(_QMAIL) else _by_exim(whole, text)
    identifiers = _MESSAGE_IDS.findall(text)
    marks = marks_in(identifiers[0]) if len(identifiers) == 1 else frozenset[str]()
    return Report(marks, failed) if marks and failed else None


def _is_from_a_mail_system(whole: Part) -> bool:
    sender = _SENDER.search(only(whole.fields, "from")[-500:])
    paths = whole.fields.get("return-path", ())
    return sender is not None and sender[1].lower() in _SYSTEMS and all(path == "<>" for path in paths)


def _by_qmail(text: str) -> dict[str, str]:
    failed: dict[str, str] = {}
    for paragraph in text.split("\n\n")[1:_MOST_PARAGRAPHS]:
        if paragraph.startswith("-"):
            return failed
        address, colon, explanation = paragraph.partition(">:")
        known = spelled(address[1:]) if address.startswith("<") and colon else None
        if known is None:
            break
        failed[known] = status_in(explanation) or NO_STATUS
    return {}  # without the break it is cut short, or something else


def _by_exim(whole: Part, text: str) -> dict[str, str]:
    if only(whole.fields, "auto-submitted").partition(";")[0].strip().lower() not in ("auto-replied", "auto-generated"):
        return {}
    notice, copy, _ = text.partition("\n------ ")
    if not copy:
        return {}
    listed = ",".join(whole.fields.get("x-failed-recipients", ())).split(",")[:_MOST_RECIPIENTS]
    return {address: status_in(notice) or NO_STATUS for one in listed if (address := spelled(one)) is not None}
