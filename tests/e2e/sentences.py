"""
Which sentences of the bot answer something that a person did, by name: `button_wording.TOO_LATE[viewed]`.

Captions, questions and hints stand on the screen before anybody did anything; whatever else a catalogue gains must be
reached by a walk of test_sentences.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import Final

from bot import (
    button_wording,
    command_wording,
    dispute_wording,
    evidence_wording,
    form_wording,
    home_wording,
    incident_wording,
    leak_wording,
    mail_form_wording,
    mail_undelivered_wording,
    press_wording,
    record_form_wording,
    record_window_wording,
    request_wording,
    rotation_wording,
    template_wording,
    token_wording,
    undelivered_wording,
    webhook_wording,
)

_CAPTIONS: Final = {
    form_wording: (
        "FORM_TITLE SEND CANCEL PRESS_FIRST TRAVELLED REWRITTEN TOO_LONG NOT_TAKEN NOT_FROM_LINE PROMISE PROMISE_HERE "
        "PROMISE_OUTSIDE "
        "RECIPIENTS RECIPIENTS_HINT RECIPIENT_HERE SECRET_HINT OUTSIDE OUTSIDE_HINT "
        "LABEL LABEL_EXAMPLE LABEL_HINT SECRET PASSPHRASE PASSPHRASE_HINT PASSPHRASE_HINT_LEAST "
        "HINT HINT_EXAMPLE HINT_HINT EXPIRES DELIVERY "
        "WAYS FOR_CODE CONVERSATION CONVERSATION_HINT SEND_ANYWAY SEND_ANYWAY_LABEL GUEST OUTSIDER"
    ),
    button_wording: (
        "REVOKE REVOKE_TITLE REVOKE_QUESTION REVOKE_YES REVOKE_NO BACK UNLOCK UNLOCK_TITLE UNLOCK_QUESTION UNLOCK_YES "
        "RESUME RESUME_TITLE RESUME_QUESTION RESUME_YES LOST LOST_TITLE LOST_QUESTION LOST_YES AGAIN RECEIPT "
        "LOST_BARE LOST_QUESTION_BARE REMIND ROTATED ROTATED_TITLE ROTATED_QUESTION ROTATED_YES PROVIDER"
    ),
    command_wording: "",
    dispute_wording: (
        "TITLE CLOSE SHOW LOOKING CHOOSE CHOOSE_HINT OPTION WHAT WHAT_LABEL WHO STANDS WRONG NOT_ASKED "
        "VERIFIED NOT_VERIFIED NOT_VERIFIED_YET REFUSED LOOKED LOOKED_ERASED OPENED OPENED_ERASED NEVER_OPENED AT_DOOR "
        "AT_DOOR_UNOPENED TRIED_UNOPENED TRIED_UNOPENED_BARE "
        "RIGHT_AFTER_BARE VERIFIED_BARE_PROVES_NOT "
        "WRONG_AFTER RIGHT_AFTER DENIED PROVES PROVES_NOT OPENED_PROVES OPENED_BARE_PROVES UNOPENED_PROVES "
        "OPEN_PROVES VERIFIED_PROVES_NOT OPENED_PROVES_NOT UNOPENED_PROVES_NOT SEALED_ELSEWHERE STEPS "
        "FROM WITH FROM_WITH NO_RECEIPT"
    ),
    incident_wording: (
        "TITLE CLOSE LOOKING HANDED SUMMARY RECORDS RECORDS_MORE "
        "OWN_ONLY OWN_ONLY_NOBODY AUDITOR AUDITOR_NOBODY FOREIGN TOKENS REVOKE "
        "TOKENS_TO_END TOKENS_ASK TOKENS_ASK_NOBODY END_TOKENS END_TOKENS_TITLE END_TOKENS_QUESTION END_TOKENS_YES "
        "END_TOKENS_NO TOKEN COUNTED_BEFORE "
        "REVOKE_TITLE REVOKE_QUESTION REVOKE_YES REVOKE_NO REVOKING WHAT WHAT_LABEL FROM TO_ROTATE ROTATED "
        "ROTATE_BY ROTATE_THERE UNTIL SHOWN FIRST NEXT ERASED_MONTHS ERASED_LONG FORGOTTEN OTHER_NAME TAKE PAGE "
        "TABLE COMMAND"
    ),
    evidence_wording: "MORE_PEOPLE",
    leak_wording: (
        "LEAKED LEAKED_REWRITTEN LEAKED_TOO_LONG LEAKED_NOT_TAKEN LEAKED_OUTSIDE PLEASE_DELETE_TEXT PLEASE_DELETE "
        "PLEASE_DELETE_YOURS SHOW_IT IN_A_DM SOMEWHERE"
    ),
    mail_form_wording: "ADDRESSES_EXAMPLE ADDRESSES_HINT OUTSIDE WAYS PROMISE PROMISE_SHOWN NOT_SET_UP IS_IT_RIGHT",
    mail_undelivered_wording: "",
    record_form_wording: (
        "TITLE TITLE_AGAIN MAKE ROTATE CANCEL DONE I_HAVE_IT OPENING WHAT_FOR AGAIN_FOR NOT_TAKEN FOR_WHOM "
        "FOR_WHOM_HINT SECRET SECRET_HINT HANDING HANDINGS EXPIRES READS READS_HINT ROTATE_URL ROTATE_URL_HINT "
        "HINT_NOTE"
    ),
    record_window_wording: (
        "WINDOW CLOSE LOOKING WHAT_FOR NONE MORE FIRST FOR_CODE ROW ROW_NOBODY ROW_UNNAMED UNREADABLE NEVER_READ "
        "READ_ONCE READ LEFT WRONG ENDED DUE DUE_THERE RENEWED ROTATE REVOKE REVOKE_TITLE REVOKE_QUESTION REVOKE_YES "
        "REVOKE_NO RENEW RENEW_TITLE RENEW_QUESTION RENEW_YES RENEW_NO HOME_DUE HOME_DUE_MORE"
    ),
    press_wording: "TITLE CLOSE LET_IN LET_IN_BARE OPEN CALM",
    token_wording: (
        "LINE LINE_UNUSED WINDOW CLOSE DONE LOOKING WHAT_FOR ROW ROW_UNUSED END END_TITLE END_QUESTION END_YES END_NO "
        "MAKE FOR SCOPES DAYS DAYS_HINT"
    ),
    home_wording: (
        "TITLE TITLE_OF_ALL SEND TOKENS RECORDS CODE "
        "FIRST_RUN MAY_NOT_SEND SECTIONS SECTIONS_OF_ALL NOTHING NOTHING_OF_ALL NO_MORE "
        "TITLE_OF_ONE SENT_BY "
        "COUNTED OVER OVERVIEW MINE EVERYBODYS NEWEST OLDER AGAIN MORE LATELY LATELY_IN SECONDS MINUTES HOURS DAYS ROW "
        "ROW_CLASS ROW_OF_ALL ROTATE_BY ROTATED WHY LOG RULES LOG_TITLE LOG_CLOSE LOG_OF LOG_FROM LOG_FROM_ONE "
        "LOG_LOOKING LOG_LEFT_OUT LOG_DAMAGED LOG_WHERE FIRST_RUN_OUTSIDE"
    ),
    request_wording: (
        "BY_LINK BY_LINK_SHORT ASKED_TEXT ASKED OPEN CALM OVER_TEXT OVER WAITING_TEXT WAITING WAITING_KIND LINK_TEXT "
        "LINK LINK_FOR LINK_CALM TAKE_BACK TAKE_BACK_TITLE TAKE_BACK_QUESTION TAKE_BACK_YES TAKE_BACK_NO "
        "TAKEN_BACK_TEXT TAKEN_BACK"
    ),
    rotation_wording: "ASK SET CHOOSE ON_RECORD",
    template_wording: (
        "STEP_TITLE NEXT CANCEL WHAT WHAT_HINT ANYTHING OPTION WORD PASSPHRASE_HINT_WORDS PASSPHRASE_HINT_OWN "
        "NO_PASSPHRASE ENGAGEMENT ENGAGEMENT_HINT SET_IT_THERE TOO_BROAD OTHER_FORMAT OTHER_FORMAT_UNNAMED TICK_TO_SEND"
    ),
    undelivered_wording: "",
    webhook_wording: "FAILED FAILED_ONE FAILED_MORE STUCK REPLAY WHY ANSWERED REDIRECTED",
}


def _of(module: ModuleType) -> Iterator[tuple[str, str]]:
    captions = set(_CAPTIONS[module].split())
    assert captions <= set(vars(module)), f"{module.__name__} has lost a caption"
    for name, value in vars(module).items():
        full = f"{module.__name__.removeprefix('bot.')}.{name}"
        if not name.isupper() or name.startswith("_") or name in captions:
            continue
        if isinstance(value, str):
            yield full, value
        elif isinstance(value, dict):
            yield from ((f"{full}[{key}]", sentence) for key, sentence in value.items())


SENTENCES: Final[dict[str, str]] = {name: said for module in _CAPTIONS for name, said in _of(module)}
