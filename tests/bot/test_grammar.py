"""What a command line means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import (
    Choose,
    Code,
    Dispute,
    Evidence,
    Help,
    Incident,
    Mixed,
    NoAddressee,
    NotOne,
    OpenForm,
    Request,
    TooLong,
    TooMany,
    Typed,
    read,
)

DANA = "<@U0DANA>"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Choose()),
        ("   ", Choose()),
        ("Templates", Choose()),
        ("help", Help()),
        ("HELP me", Help()),
        (DANA, OpenForm(("U0DANA",))),
        ("<@U0DANA|dana> <@W0SAM>", OpenForm(("U0DANA", "W0SAM"))),
        (f"{DANA}, {DANA}", OpenForm(("U0DANA",))),
        (f"{DANA} sk_live_1", OpenForm(("U0DANA",), "sk_live_1")),
        (f"{DANA}   a b  c", OpenForm(("U0DANA",), "a b  c")),
        (f"{DANA} a &amp;lt; &lt;b&gt;", OpenForm(("U0DANA",), "a &lt; <b>")),
        (f"{DANA} key <https://x.example|x.example>", OpenForm(("U0DANA",), "", was_rewritten=True)),
        (f"{DANA} key for <@U0SAM>", OpenForm(("U0DANA",), "", was_rewritten=True)),
        (f"{DANA} " + "x" * 3000, OpenForm(("U0DANA",), "x" * 3000)),
        (f"{DANA} " + "x" * 3001, TooLong(("U0DANA",))),
        (f"{DANA} <https://db.example|db.example> " + "x" * 3001, TooLong(("U0DANA",))),
        (f"{DANA} " + "<https://a.example|a.example> " * 150, OpenForm(("U0DANA",), was_rewritten=True)),
        (f"here {DANA} " + "x" * 3001, TooLong(("U0DANA",), here=True)),
        ("".join(f"<@U0P{n}>" for n in range(11)), TooMany()),
        ("sk_live_1", NoAddressee()),
        ("@dana sk_live_1", NoAddressee()),
        ("<#C0GENERAL|general> sk_live_1", NoAddressee()),
        ("<!subteam^S0TEAM> sk_live_1", NoAddressee()),
        ("request <@U0DANA> key", Request("<@U0DANA> key")),
        ("REQUEST", Request("")),
        ("requests", NoAddressee()),
        ("here", OpenForm(here=True)),
        (f"HERE {DANA}", OpenForm(("U0DANA",), here=True)),
        (f"here {DANA} sk_live_1", OpenForm(("U0DANA",), "sk_live_1", here=True)),
        ("here sk_live_1", OpenForm((), "sk_live_1", here=True)),
        (f"here {DANA} <@U0SAM>", TooMany(here=True)),
        ("hereafter", NoAddressee()),
        ("incident", Incident("")),
        ("Incident  <@U0DANA|dana> ", Incident("<@U0DANA|dana>")),
        ("incidents", NoAddressee()),
        ("dispute", Dispute("")),
        ("dispute AbC-_1", Dispute("AbC-_1")),
        ("evidence", Evidence("")),
        ("EVIDENCE  Last quarter, guest ", Evidence("Last quarter, guest")),
        ("evidences", NoAddressee()),
        ("dana@example.com sk_live_1", OpenForm((), "sk_live_1", addresses=("dana@example.com",))),
        (
            "<mailto:dana@example.com|dana@example.com> sk_live_1",
            OpenForm((), "sk_live_1", addresses=("dana@example.com",)),
        ),
        (f"{DANA} <mailto:sam@example.com|sam@example.com>", Mixed()),
        (f"{DANA} sam@example.com, noor@mail.example.org", Mixed()),
        ("<mailto:dana@example.com|dana@example.com>, <@U0SAM> sk_live_1", Mixed()),
        ("here dana@example.com", Mixed()),
        (
            "<mailto:dana@example.com|dana@example.com>, sam@mail.example.org\nnoor@example.com",
            OpenForm((), addresses=("dana@example.com", "sam@mail.example.org", "noor@example.com")),
        ),
        ("<mailto:r&amp;d@example.com|r&amp;d@example.com>", OpenForm((), addresses=("r&d@example.com",))),
        ("<mailto:dana@example.com?subject=x|dana@example.com>", OpenForm((), addresses=("dana@example.com",))),
        (
            "<mailto:dana@example.com|dana@example.com> <https://example.com/k>",
            OpenForm((), was_rewritten=True, addresses=("dana@example.com",)),
        ),
        (
            "dana@example.com maya@example.com:hunter2",
            OpenForm((), "maya@example.com:hunter2", addresses=("dana@example.com",)),
        ),
        ("a@example.com; b@example.com", OpenForm((), addresses=("a@example.com", "b@example.com"))),
        ("a@example.com;b@example.com;", OpenForm((), addresses=("a@example.com", "b@example.com"))),
        ("a@example.com, ", OpenForm((), addresses=("a@example.com",))),
        (
            "<mailto:a@example.com|a@example.com>; <mailto:b@example.com|b@example.com> key",
            OpenForm((), "key", addresses=("a@example.com", "b@example.com")),
        ),
        ("Dana@example.com dana@Example.com", OpenForm((), addresses=("Dana@example.com",))),
        (f"{DANA}; <@U0SAM>; ", OpenForm(("U0DANA", "U0SAM"))),
        (f"{DANA}; key", OpenForm(("U0DANA",), "; key")),
        (f"{DANA}; sam@example.com;noor@example.com", Mixed()),
        (f"sam@example.com; {DANA}", Mixed()),
        (" ".join(f"d{n}@example.com" for n in range(11)), TooMany()),
        (";".join(f"d{n}@example.com" for n in range(11)), TooMany()),
        ("<mailto:|x>", NoAddressee()),
        (f"{DANA} <mailto:sam@example.com|sam@example.com>:pw", OpenForm(("U0DANA",), "", was_rewritten=True)),
        ("postgres://app:pw@db.example.com/prod", NoAddressee()),
        ("maya@example.com:hunter2", NoAddressee()),
    ],
)
def test_first_match_wins(text: str, meant: object) -> None:
    """Each line has one meaning."""
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"{DANA} stripe", OpenForm(("U0DANA",), template="stripe")),
        (f"{DANA}, <@U0SAM>  stripe rk_live_1  x", OpenForm(("U0DANA", "U0SAM"), "rk_live_1  x", template="stripe")),
        (f"{DANA} stripe stripe", OpenForm(("U0DANA",), "stripe", template="stripe")),
        (f"{DANA} stripe\nrk_live_1", OpenForm(("U0DANA",), "rk_live_1", template="stripe")),
        (f"{DANA} stripe <https://x.example>", OpenForm(("U0DANA",), was_rewritten=True, template="stripe")),
        (f"{DANA} stripe " + "x" * 3001, TooLong(("U0DANA",), template="stripe")),
        (f"here {DANA} stripe", OpenForm(("U0DANA",), here=True, template="stripe")),
        ("dana@example.com stripe", OpenForm((), addresses=("dana@example.com",), template="stripe")),
        (f"{DANA} Stripe", OpenForm(("U0DANA",), "Stripe")),
        (f"{DANA} stripe, please", OpenForm(("U0DANA",), "stripe, please")),
        (f"{DANA} stripe_key", OpenForm(("U0DANA",), "stripe_key")),
        (f"{DANA} a stripe", OpenForm(("U0DANA",), "a stripe")),
        (" stripe ", OpenForm(template="stripe")),
        ("anything", OpenForm(template="anything")),
        ("here stripe", OpenForm(here=True, template="stripe")),
        ("Stripe", NoAddressee()),
        ("stripe rk_live_1", NoAddressee()),
        ("rk_live_1 stripe", NoAddressee()),
    ],
)
def test_a_template_is_chosen_by_its_exact_word_behind_the_people(text: str, meant: object) -> None:
    """Anything else is the secret, to the letter."""
    assert read(text, {"stripe": 1, "anything": 2}) == meant


@pytest.mark.parametrize(
    "secret",
    [
        "postgres://app:pw@db.example.com/prod",
        "maya@example.com:hunter2",
        "maya@example.com hunter2",
        "hunter2 maya@example.com",
        "https://u:p@git.example.com/x.git",
        "root:pw@10.0.0.1",
        "p@ssw0rd.1",
        ", sam@example.com;x",
    ],
)
def test_a_secret_with_an_at_sign_is_a_secret(secret: str) -> None:
    """After a mention it is taken exactly, unless there is nothing but addresses."""
    assert read(f"{DANA} {secret}") == OpenForm(("U0DANA",), secret)


@given(st.text(max_size=200))
def test_no_line_is_an_error_and_no_meaning_shows_a_secret(text: str) -> None:
    """Whatever is typed means something, and what it means can be logged by accident without harm."""
    meant = read(f"{DANA} {text}")
    if isinstance(meant, OpenForm) and len(meant.secret) > 12:
        assert meant.secret not in repr(meant)


@given(st.text(st.characters(exclude_characters="<>&", exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_secret_that_slack_leaves_alone_is_taken_as_it_is(text: str) -> None:
    """Apart from the white space around it, which Slack's composer drops as well; commas alone separate nobody."""
    meant = read(f"{DANA} {text}")
    words = text.replace(",", " ").replace(";", " ").split()
    if not words:
        assert meant == OpenForm(("U0DANA",))
    elif all("@" in word for word in words) and not isinstance(meant, OpenForm):
        assert meant == Mixed()
    else:
        assert meant == OpenForm(("U0DANA",), text.strip())


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("code", Code()),
        ("Code <@U0DANA0001|dana>", Code("U0DANA0001")),
        ("code <@U0DANA0001> rk_live_9zQ4", Code("U0DANA0001", was_not_taken=True)),
        ("code rk_live_9zQ4", Code(was_not_taken=True)),
        ("code <@U0DANA0001> <@U0SAM00001>", NotOne()),
        ("code <mailto:dana@example.com|dana@example.com>", NotOne()),
    ],
)
def test_a_record_is_for_one_person(line: str, wanted: Typed) -> None:
    """And nothing that stands behind the name is kept."""
    assert read(line) == wanted
    assert "rk_live" not in repr(read(line))
