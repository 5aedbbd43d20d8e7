"""The step that chooses a template holds all that there may be, each with its word."""

from bot import template_step, template_wording, templates
from bot.template import Template
from bot.template_file import MOST_TEMPLATES
from tests.bot.test_template_form import element


def test_every_template_and_its_word_are_in_the_step() -> None:
    """As many as there can be; where there is no room for both, the label is cut and not the word."""
    longest = [f"t{n:02}{'x' * 37}" for n in range(MOST_TEMPLATES)]
    named = templates.parse("\n".join(f"{name}: {{label: {'L' * 80}}}" for name in longest).encode(), 86400)
    every = {**templates.read(None, 86400), **named, "anything": Template("anything", "A label to fill in")}
    options = element(template_step.view(every), "template")["options"]
    assert len(options) == len(every) <= 100
    assert {option["value"] for option in options} == every.keys()
    texts = {option["value"]: option["text"]["text"] for option in options}
    assert texts["stripe"] == "Stripe restricted key (stripe)"
    assert texts["anything"] == template_wording.ANYTHING
    for name in longest:
        assert texts[name] == f"{'L' * 31}… ({name})"
    assert {option["value"]: option["description"]["text"] for option in options if "description" in option} == {
        "stripe": "payments",
        "aws": "cloud",
        "github": "code",
        "datadog": "monitoring",
        "database": "database",
    }
    tagged = template_step.view({**every, "many": Template("many", tags=tuple("x" * 30 for _ in range(10)))})
    assert max(len(one.get("description", {}).get("text", "")) for one in element(tagged, "template")["options"]) == 75
    bare = template_step.view({"anything": Template("anything")})
    assert element(bare, "template")["options"] == [options[-1]]
