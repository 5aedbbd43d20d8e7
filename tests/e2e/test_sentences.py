"""
Every sentence with which the bot refuses or answers, read by somebody through the real programs, in both Slack modes.

A sentence that no walk leads to fails, unless it stands in one of two lists: other tests that read it, and why.
"""

import re
from pathlib import Path

import pytest

from store.words import Outcome
from tests.e2e.reading import like
from tests.e2e.records_not_by_hand import RECORDS_NOT_BY_HAND
from tests.e2e.sentences import SENTENCES
from tests.e2e.walks_for_records import WALKS
from tests.e2e.workplace import Workplace, alternately

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOT = Path(__file__).parents[2]
ELSEWHERE = {
    f"button_wording.TOO_LATE[{outcome}]": "tests/e2e/test_endings.py::test_everybody_reads_how_it_ended"
    for outcome in Outcome
}
"""Through the real programs too."""

NOT_BY_HAND = {
    # A file of templates that was changed since.
    **{
        f"button_wording.{sentence}[{why}]": (
            "tests/bot/test_starting_again.py::test_a_press_is_not_forgotten_with_its_template"
        )
        for sentence in ("CANNOT_START", "LOST_AND")
        for why in ("template_gone", "needs_dm")
    },
    # The keyring is away, or Slack is, at the moment of a look.
    "home_wording.STORE_AWAY": "tests/bot/test_home.py::test_a_store_that_is_away_is_said",
    "home_wording.NOT_KNOWN": "tests/bot/test_home.py::test_whoever_slack_does_not_name_is_shown_nothing",
    "home_wording.LOG_FAILED": "tests/bot/test_filled_later.py::test_what_cannot_be_made_is_said",
    "home_wording.LOG_NOT_OPENED": "tests/bot/test_home.py::test_an_access_log_that_slack_does_not_open_is_said",
    # A file of webhooks, and an endpoint that takes nothing.
    "webhook_wording.REPLAYED": (
        "tests/bot/test_home_webhooks.py::test_an_office_is_shown_what_was_given_up_and_replays_it"
    ),
    "webhook_wording.NOTHING_TO_REPLAY": "tests/bot/test_home_webhooks.py::test_a_press_that_comes_too_late",
    "webhook_wording.TELL_FAILING": "tests/bot/test_webhook_alarm.py::test_once_each_whichever_bot_looks",
    "webhook_wording.TELL_GIVEN_UP": "tests/bot/test_webhook_alarm.py::test_the_whole_bot_says_it",
    "webhook_wording.TELL_OVER": "tests/bot/test_webhook_alarm.py::test_the_whole_bot_says_it",
    "webhook_wording.TELL_FORGOTTEN": "tests/bot/test_webhook_alarm.py::test_what_was_forgotten_was_not_taken",
    "webhook_wording.NO_SUCH_WEBHOOK": "tests/bot/test_home_webhooks.py::test_a_press_that_comes_too_late",
    "webhook_wording.MAY_NOT_REPLAY": "tests/bot/test_home_webhooks.py::test_nobody_else_is_shown_it_or_can_replay_it",
    "webhook_wording.NOT_REPLAYED": "tests/bot/test_home_webhooks.py::test_a_store_that_is_away_is_said",
    # The programs refuse to send where Slack itself is real and links are not; the sandbox is not Slack itself.
    "command_wording.OPENS_HERE_ONLY": (
        "tests/bot/test_endings.py::test_nothing_is_sent_while_links_open_on_this_computer_only"
    ),
    # Another policy.
    "command_wording.NOT_HERE": "tests/bot/test_policy.py::test_a_link_for_a_conversation_is_refused",
    "form_wording.OUTSIDE_ONLY": "tests/bot/test_policy.py::test_a_form_that_was_opened_before_is_refused",
    # A Slack that does not answer, and a reader who is faster; no template that comes with the program goes without.
    "undelivered_wording.OPENING_BARE": "tests/bot/test_without_passphrase.py::test_a_link_that_arrived_all_the_same",
    "undelivered_wording.OPENED_BARE": "tests/bot/test_without_passphrase.py::test_a_link_that_arrived_all_the_same",
    # Other templates than those that come with the program.
    "command_wording.NEEDS_DM": "tests/bot/test_template_form.py::test_what_needs_a_press_goes_by_dm_only",
    "template_wording.NEEDS_DM": "tests/bot/test_template_form.py::test_a_form_of_before_goes_no_other_way",
    "template_wording.PASSPHRASE_NEEDED": "tests/bot/test_template_form.py::test_rules_of_ones_own",
    "template_wording.GONE": "tests/bot/test_template_form.py::test_a_template_that_is_gone_is_said",
    "command_wording.NO_ADDRESSES": "tests/bot/test_policy_held.py::test_nothing_goes_outside_where_that_is_refused",
    "form_wording.NOT_OUTSIDE": "tests/bot/test_policy_held.py::test_nothing_goes_outside_where_that_is_refused",
    "button_wording.LOST_AND[outside]": (
        "tests/bot/test_policy_held.py::test_nothing_goes_outside_where_that_is_refused"
    ),
    "button_wording.CANNOT_START[outside]": (
        "tests/bot/test_policy_held.py::test_nothing_goes_outside_where_that_is_refused"
    ),
    "command_wording.DM_ONLY": "tests/bot/test_policy_held.py::test_everybody_must_press_where_that_is_required",
    "command_wording.USAGE_DM_ONLY": "tests/bot/test_policy_held.py::test_everybody_must_press_where_that_is_required",
    "form_wording.DM_ONLY": "tests/bot/test_policy_held.py::test_everybody_must_press_where_that_is_required",
    # A choice in a message's menu, which no walk makes.
    "leak_wording.DELETE_YOURS": "tests/bot/test_shortcut.py::test_a_message_of_ones_own_becomes_a_drop",
    "leak_wording.DELETE_THEIRS": "tests/bot/test_shortcut.py::test_somebody_elses_message_is_its_authors_to_delete",
    "leak_wording.YOURS_STANDS": "tests/bot/test_shortcut.py::test_a_message_of_ones_own_becomes_a_drop",
    "leak_wording.THEIRS_STANDS": (
        "tests/bot/test_shortcut.py::test_where_nothing_is_typed_into_slack_it_leads_to_the_page"
    ),
    "leak_wording.LEFT_STANDING": "tests/bot/test_asking_to_delete.py::test_where_no_link_arrives_nobody_is_asked",
    "leak_wording.DELETE_BY_APP": "tests/bot/test_shortcut.py::test_what_an_app_wrote",
    "leak_wording.OWN_MESSAGE": "tests/bot/test_shortcut.py::test_what_an_app_wrote",
    "leak_wording.NOT_ASKED": "tests/bot/test_shortcut.py::test_an_author_who_cannot_be_reached_is_the_senders_to_ask",
    "leak_wording.MAY_NOT_SEND": "tests/bot/test_shortcut.py::test_who_may_not_send_opens_no_form",
    "leak_wording.TRIGGER_MISSED": "tests/bot/test_shortcut.py::test_a_form_that_slack_does_not_open_is_said",
    "leak_wording.FORM_NOT_OPENED": "tests/bot/test_shortcut.py::test_a_form_that_slack_does_not_open_is_said",
    # Another policy, or no mail server.
    "command_wording.USAGE_WITHOUT_MAIL": (
        "tests/bot/test_here_and_now.py::test_the_help_shows_only_what_can_be_done_here"
    ),
    "command_wording.USAGE_OUTSIDE": "tests/bot/test_here_and_now.py::test_the_help_shows_only_what_can_be_done_here",
    "command_wording.USAGE_OUTSIDE_WITHOUT_MAIL": (
        "tests/bot/test_here_and_now.py::test_the_help_shows_only_what_can_be_done_here"
    ),
    "form_wording.IS_STRANGER_OUTSIDE": (
        "tests/bot/test_here_and_now.py::test_a_stranger_is_refused_with_a_way_that_is_open"
    ),
    "mail_form_wording.MAIL_NOT_SET_UP_OUTSIDE": (
        "tests/bot/test_here_and_now.py::test_a_form_that_could_not_be_sent_is_not_opened"
    ),
    "mail_undelivered_wording.NOT_SET_UP_OUTSIDE": (
        "tests/bot/test_here_and_now.py::test_whoever_sealed_outside_slack_reads_what_they_may_do"
    ),
    "mail_undelivered_wording.REFUSED_OUTSIDE": (
        "tests/bot/test_here_and_now.py::test_whoever_sealed_outside_slack_reads_what_they_may_do"
    ),
    "command_wording.TOO_LONG_FOR_ALL": (
        "tests/bot/test_template_anything.py::test_what_no_form_can_hold_is_refused_where_there_is_no_page"
    ),
    "undelivered_wording.NO_SHARED_CHANNEL_OUTSIDE": (
        "tests/bot/test_here_and_now.py::test_whoever_sealed_outside_slack_reads_what_they_may_do"
    ),
    "button_wording.LOST_AND[no_mail]": (
        "tests/bot/test_here_and_now.py::test_a_form_that_could_not_be_sent_is_not_opened"
    ),
    "button_wording.CANNOT_START[no_mail]": (
        "tests/bot/test_here_and_now.py::test_a_form_that_could_not_be_sent_is_not_opened"
    ),
    # Slack does not take a message, and the store goes away or somebody seals in the same moment.
    "request_wording.NOT_REACHED_OPEN": "tests/bot/test_request_trouble.py::test_what_became_of_it_is_said_as_it_is",
    "request_wording.NOT_REACHED_SEALED": "tests/bot/test_request_trouble.py::test_what_became_of_it_is_said_as_it_is",
    "request_wording.NOT_SHOWN_OPEN": "tests/bot/test_request_trouble.py::test_what_became_of_it_is_said_as_it_is",
    "request_wording.NOT_SHOWN_SEALED": "tests/bot/test_request_trouble.py::test_what_became_of_it_is_said_as_it_is",
    # A hundred in ten minutes, or a thousand that nobody opens.
    **{
        f"{module}_wording.{sentence}": "tests/bot/test_too_much.py::test_a_form_a_page_and_a_request"
        for module in ("form", "request")
        for sentence in ("TOO_OFTEN", "TOO_MANY_OPEN")
    },
    # Deadlines that a machine keeps or misses as it can.
    "form_wording.TOO_BUSY": "tests/e2e/test_in_process.py::test_a_form_that_cannot_be_sealed_in_time_is_refused",
    # A button of an older message in the three minutes of a delivery, and a day that no person can choose.
    "button_wording.REMIND_LATER": "tests/bot/test_rotation.py::test_what_is_pressed_by_hand_is_answered",
    "rotation_wording.NO_DAY": "tests/bot/test_rotation.py::test_what_is_pressed_by_hand_is_answered",
    # What nobody foresaw.
    "form_wording.UNEXPECTED": "tests/e2e/test_in_process.py::test_what_nobody_foresaw_is_a_sentence",
    # The command line forgets somebody between a message and a press.
    "button_wording.FORGOTTEN": (
        "tests/bot/test_forgetting.py::test_whoever_presses_after_everything_was_erased_is_told_so"
    ),
    "button_wording.FORGOTTEN_LOG": "tests/bot/test_forgetting.py::test_each_press_is_refused_for_its_own_reason",
    "button_wording.FORGOTTEN_WHO": "tests/bot/test_forgetting.py::test_each_press_is_refused_for_its_own_reason",
    # Everybody here has an administrator.
    "evidence_wording.NOBODY_MAY": "tests/bot/test_evidence_desk.py::test_who_may_is_said",
    # The store goes away between two lines.
    "evidence_wording.STORE_AWAY": "tests/bot/test_evidence_desk.py::test_a_database_that_is_away_is_said",
    # A mail server of another kind than the workplace's, or hours with one that is away.
    "command_wording.NO_MAIL": "tests/bot/test_mail_form.py::test_what_could_reach_no_address_is_not_asked_for",
    "mail_form_wording.MAIL_NOT_SET_UP": (
        "tests/bot/test_mail_form.py::test_a_form_of_before_is_not_mailed_without_a_server"
    ),
    "mail_undelivered_wording.NOT_NOW": (
        "tests/bot/test_mail_trouble.py::test_a_server_that_puts_it_off_for_too_long_is_left"
    ),
    "mail_undelivered_wording.NOT_ENDED": (
        "tests/bot/test_mail_trouble.py::test_a_drop_that_cannot_be_ended_is_not_called_destroyed"
    ),
    "mail_undelivered_wording.BY_FAULT[mail_not_set_up]": (
        "tests/bot/test_mail_trouble.py::test_without_a_mail_server_what_others_sealed_is_refused_in_words"
    ),
    "mail_undelivered_wording.BY_FAULT[mail_unencrypted]": (
        "tests/bot/test_mail_trouble.py::test_a_server_that_cannot_be_used_is_said"
    ),
    "mail_undelivered_wording.BY_FAULT[mail_login]": (
        "tests/bot/test_mail_trouble.py::test_a_server_that_cannot_be_used_is_said"
    ),
    "mail_undelivered_wording.BY_FAULT[mail_untrusted]": (
        "tests/bot/test_mail_trouble.py::test_a_server_with_a_wrong_certificate_is_said"
    ),
    "mail_undelivered_wording.BY_FAULT[mail_away]": (
        "tests/bot/test_mail_trouble.py::test_a_server_that_is_away_is_said"
    ),
    # An answer is lost, and a reader is faster than the second try.
    "mail_undelivered_wording.OPENING": (
        "tests/bot/test_opened_all_the_same.py::test_what_was_opened_is_not_called_destroyed"
    ),
    "mail_undelivered_wording.OPENED": (
        "tests/bot/test_opened_all_the_same.py::test_what_was_opened_is_not_called_destroyed"
    ),
    "undelivered_wording.OPENING": (
        "tests/bot/test_opened_all_the_same.py::test_what_was_opened_is_not_called_destroyed"
    ),
    "undelivered_wording.OPENED": (
        "tests/bot/test_opened_all_the_same.py::test_what_was_opened_is_not_called_destroyed"
    ),
    "button_wording.WHO_PRESSED": (
        "tests/bot/test_buttons.py::test_a_sender_from_outside_whom_slack_does_not_name_is_not_called_a_stranger"
    ),
    # Slack does not say who somebody is, or does not take an answer; the store goes away.
    "token_wording.UNKNOWN": "tests/bot/test_token_desk.py::test_whoever_cannot_be_looked_up_gets_none",
    "token_wording.NOT_SHOWN": "tests/bot/test_token_desk.py::test_a_token_that_nobody_saw_is_ended",
    "token_wording.STORE_AWAY": "tests/bot/test_token_desk.py::test_a_database_that_is_away_is_said",
    "token_wording.WINDOW_UNKNOWN": "tests/bot/test_token_window.py::test_whoever_cannot_be_looked_up_gets_none",
    "token_wording.WINDOW_AWAY": "tests/bot/test_token_window.py::test_a_database_that_is_away_is_said",
    "token_wording.WINDOW_NOT_OPENED": "tests/bot/test_token_window.py::test_a_window_that_slack_does_not_open_is_said",
    # On an older screen, sent twice, or by somebody who is no member any more.
    "token_wording.NO_SCOPE": "tests/bot/test_token_window.py::test_a_form_made_by_hand_is_for_something",
    "token_wording.ENDED_BEFORE": "tests/bot/test_token_window.py::test_what_ended_before_is_said",
    "token_wording.MADE_ALREADY": "tests/bot/test_token_window.py::test_a_form_that_comes_twice_makes_one",
    "token_wording.MAY_NOT_NOW": "tests/bot/test_token_window.py::test_a_guest_makes_none",
    **RECORDS_NOT_BY_HAND,
    # Only a template asks for a press, and none of the workplace's does.
    **{
        f"press_wording.{name}": "tests/bot/test_press_refused.py::test_how_it_stands_is_said"
        for name in ("CLAIMED", "LOCKED", "PAUSED")
    },
    "press_wording.NOT_FOR_YOU": "tests/bot/test_press_to_open.py::test_nobody_else_is_let_in",
    "press_wording.AGAIN": "tests/bot/test_press_to_open.py::test_a_window_that_slack_does_not_open_is_said",
    "undelivered_wording.NOT_ENDED": (
        "tests/bot/test_delivery.py::test_a_drop_that_cannot_be_ended_is_not_called_destroyed"
    ),
    "undelivered_wording.NOT_RECORDED": (
        "tests/bot/test_delivery.py::test_a_link_that_cannot_be_recorded_is_taken_back"
    ),
    # On an older screen, in the same moment as others, or by whoever Slack does not name; the store goes away.
    "incident_wording.NONE_LEFT": ("tests/bot/test_incident.py::test_what_there_was_no_time_for_is_said"),
    "incident_wording.UNFINISHED": ("tests/bot/test_incident.py::test_what_there_was_no_time_for_is_said"),
    "incident_wording.UNFINISHED_CUT": ("tests/bot/test_incident_away.py::test_what_was_revoked_before_the_store_went"),
    "incident_wording.OPENED": ("tests/bot/test_incident.py::test_what_an_act_came_to_is_said"),
    "incident_wording.OVER": ("tests/bot/test_incident.py::test_what_an_act_came_to_is_said"),
    "incident_wording.NOT_MAY": ("tests/bot/test_incident.py::test_what_an_act_came_to_is_said"),
    "incident_wording.TOKENS_ENDED_BEFORE": ("tests/bot/test_incident_tokens.py::test_who_ends_them"),
    "incident_wording.TOKENS_NOT_YOURS": ("tests/bot/test_incident_tokens.py::test_who_ends_them"),
    "incident_wording.NOT_TO_TAKE": ("tests/bot/test_incident_links.py::test_who_takes_the_list_out_of_slack"),
    "incident_wording.NOT_TOLD": (
        "tests/bot/test_incident_links.py::test_an_audit_channel_that_is_away_keeps_no_list_back"
    ),
    "incident_wording.NOTHING": ("tests/bot/test_incident.py::test_nothing_was_handed_over"),
    "incident_wording.STORE_AWAY": ("tests/bot/test_incident.py::test_what_goes_wrong_is_said"),
    "incident_wording.FAILED": ("tests/bot/test_incident.py::test_what_goes_wrong_is_said"),
    "incident_wording.WHO_ASKS": ("tests/bot/test_incident.py::test_whoever_slack_does_not_name_is_told_so"),
    "dispute_wording.STORE_AWAY": ("tests/bot/test_dispute.py::test_what_goes_wrong_is_said"),
    "dispute_wording.FAILED": ("tests/bot/test_dispute.py::test_what_goes_wrong_is_said"),
    "dispute_wording.NONE_SENT": ("tests/bot/test_dispute.py::test_what_goes_wrong_is_said"),
    # Months go by.
    "dispute_wording.ERASED": "tests/bot/test_dispute.py::test_what_is_nobodys_any_more_is_said",
    "dispute_wording.WHO_ASKS": ("tests/bot/test_dispute.py::test_whoever_slack_does_not_name_is_told_so"),
    "undelivered_wording.NOT_RECORDED_LEFT": (
        "tests/e2e/test_in_process.py::test_a_posted_link_that_cannot_be_recorded_is_left_and_said"
    ),
}
"""Not by a person alone: something must break between two lines.  Where a test in this process breaks it."""


@alternately("name", WALKS)
async def test_a_walk_leads_to_its_sentences(at: Workplace, name: str) -> None:
    """Everything that it says it leads to was read by the person whom it is for."""
    walk, names = WALKS[name]
    try:
        read = "\n".join(await walk(at))
    finally:
        at.sandbox.clear_faults()
        at.sandbox.set("response_uses", 5)
    missing = [sentence for sentence in names if not like(SENTENCES[sentence]).search(read)]
    assert not missing, read


async def test_every_sentence_has_a_way() -> None:
    """In one place each, and the tests named for the others exist."""
    led = [name for _, names in WALKS.values() for name in names]
    known = [*led, *ELSEWHERE, *NOT_BY_HAND]
    assert sorted(known) == sorted(SENTENCES)
    for named in {*ELSEWHERE.values(), *NOT_BY_HAND.values()}:
        path, test = named.split("::")
        assert re.search(rf"def {test}\(", (ROOT / path).read_text()), named
