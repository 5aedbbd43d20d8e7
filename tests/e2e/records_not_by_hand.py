"""
What is said of records in Slack that nobody comes to by hand alone: something breaks, or the time is another one.

Each sentence with the test that reads it; `test_sentences` holds all others.
"""

from typing import Final

_IN_THEIR_TESTS: Final = {
    "tests/bot/test_record_desk.py": {
        "test_a_key_that_goes_nowhere_leaves_no_record": "record_form_wording.NOBODY_MADE",
        "test_a_key_that_cannot_be_sealed_in_time": "record_form_wording.NOT_SEALED",
        "test_a_record_that_cannot_be_revoked_again_is_said": (
            "record_form_wording.NOBODY_LEFT record_form_wording.NOT_SEALED_LEFT"
        ),
        "test_a_record_that_is_made_too_late_is_ended": "record_form_wording.BUSY",
        "test_where_no_secret_is_typed_into_slack": "record_form_wording.OUTSIDE_ONLY",
    },
    "tests/bot/test_record_doors.py": {
        "test_what_the_master_key_forbids_is_said": (
            "record_form_wording.NO_MASTER record_form_wording.UNOPENED record_form_wording.NOT_ESCROWED"
        ),
    },
    "tests/bot/test_record_locks.py": {
        "test_a_locked_page_is_unlocked_after_a_question": (
            "record_window_wording.UNLOCKED[1] record_window_wording.UNLOCKED[0]"
        ),
        "test_an_older_screen_unlocks_nothing": "record_window_wording.CANNOT_UNLOCK",
    },
    "tests/bot/test_too_much.py": {
        "test_a_record_whose_key_could_not_be_handed_over": (
            "record_form_wording.TOO_OFTEN record_form_wording.TOO_MANY_OPEN"
        ),
    },
    "tests/bot/test_record_trouble.py": {
        "test_a_new_key_that_goes_nowhere_is_said": "record_form_wording.NOBODY_ROTATED",
        "test_a_new_key_that_cannot_be_sealed_in_time": "record_form_wording.NOT_SEALED_ROTATED",
        "test_a_rotation_that_comes_too_late_is_not_said_to_be_undone": "record_form_wording.BUSY_ROTATING",
        "test_what_the_keyring_could_not_overwrite_is_said": (
            "record_form_wording.KEY_LEFT record_window_wording.REVOKED_KEY_LEFT"
        ),
        "test_a_record_that_ended_meanwhile_is_not_rotated_or_revoked": (
            "record_form_wording.CHANGED record_window_wording.ENDED_BEFORE"
        ),
        "test_an_id_of_somebody_elses_is_not_rotated": "record_form_wording.NOT_YOURS",
        "test_a_window_that_comes_twice_makes_one": "record_form_wording.MADE_ALREADY",
        "test_what_goes_wrong_is_said": (
            "record_form_wording.AWAY record_form_wording.RING_AWAY record_form_wording.UNEXPECTED "
            "record_form_wording.SENDER_UNKNOWN record_form_wording.MAY_NOT record_form_wording.TOO_MANY "
            "record_window_wording.AWAY"
        ),
        "test_what_was_said_before_is_not_said_again": "record_window_wording.RENEWED_BEFORE",
        "test_a_window_that_slack_does_not_open_is_said": "record_window_wording.NOT_OPENED",
    },
}

RECORDS_NOT_BY_HAND: Final = {
    sentence: f"{file}::{test}"
    for file, tests in _IN_THEIR_TESTS.items()
    for test, sentences in tests.items()
    for sentence in sentences.split()
}
