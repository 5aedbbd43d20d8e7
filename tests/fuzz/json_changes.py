"""Changes to JSON as JSON is built: a member gone, doubled, renamed, of another type or moved."""

import json
import re
from random import Random
from typing import Any, Final

_LITERALS: Final = (
    *("null", "true", "false", "0", "1", "-1", "-0", "1.0", "1e3", "1e999", "9007199254740991", "9007199254740992"),
    *('""', '"\\ud800"', '"\\u0000"', '"\u00e9"', "[]", "{}", '[""]', '{"":0}', "NaN", "Infinity", "[" * 9 + "]" * 9),
)
_MARK: Final = "\ue000"
_MARKED: Final = re.compile('"\ue000([0-9]{1,2})[^"]*"')


def changed(raw: bytes, random: Random) -> bytes:
    """The object in `raw` with one to three changes; `raw` itself where there is none."""
    try:
        value = json.loads(raw)
        for _ in range(random.randint(1, 3)):
            value = _changed(value, random)
    except (ValueError, RecursionError):
        return raw
    text = json.dumps(value, ensure_ascii=False, separators=random.choice([(",", ":"), (", ", ": ")]))
    # A literal that json.dumps would not write.
    text = _MARKED.sub(lambda found: _LITERALS[int(found[1]) % len(_LITERALS)], text)
    # A member that a dict cannot hold twice.
    if random.random() < 0.05 and isinstance(value, dict) and value:
        name = random.choice(list(value))
        text = f"{text[:-1]},{json.dumps(name)}:{random.choice(_LITERALS)}}}"
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for name, one in value.items():
            found += _places(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            found += _places(one, (*path, number))
    return found


def _changed(value: Any, random: Random) -> Any:
    path = random.choice(_places(value))
    if not path:
        return value
    inside = value
    for step in path[:-1]:
        inside = inside[step]
    last = path[-1]
    kind = random.randrange(5)
    if kind == 0:
        del inside[last]
    elif kind == 1 and isinstance(inside, dict):
        inside[_text(str(last), random)] = inside.pop(last)
    elif kind == 2:
        other = value
        for step in random.choice(_places(value)):
            other = other[step]
        inside[last] = json.loads(json.dumps(other))
    elif kind == 3 and isinstance(inside[last], (str, int)) and not isinstance(inside[last], bool):
        one = inside[last]
        inside[last] = _text(one, random) if isinstance(one, str) else one + random.choice((-1, 1, 1000, 60))
    else:
        inside[last] = f"{_MARK}{random.randrange(len(_LITERALS))}"
    return value


def _text(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    put = random.choice(("", "a", "0", "Z", " ", "\u00e9", "\u0661", "=", "\n", "."))
    return text[:at] + put + text[at + random.randrange(2) :]
