"""Bad drops: every opening step failing, with what an opener must answer, "header" (step 1) or "damaged"."""

from tests.vectors import by_the_letter as v1
from tests.vectors.drop_cases_v1 import Drop, Json, octets

DROP = Drop("bad")
KEYS = DROP.keys()
HEADER = DROP.header()
TEXT = v1.text_payload("never shown")
SEALED = v1.envelope(KEYS, DROP.nonce, HEADER.encode(), v1.padded(TEXT))


def bad(name: str, step: int, envelope: bytes, header: str = HEADER, drop: Drop = DROP) -> Json:
    return {
        "name": name,
        **drop.link(),
        "passphrase": drop.canonical.hex() if drop.canonical is not None else None,
        "header": header,
        "envelope": envelope.hex(),
        "expect": "header" if step == 1 else "damaged",
        "step": step,
    }


def headers() -> list[Json]:
    other = Drop("another")
    member = HEADER.replace
    too_large = DROP.header("\u00e9" * ((4096 - len(DROP.header("").encode())) // 2 + 1))
    wrong = {
        "empty": "",
        "not JSON": "hello",
        "an array": f"[{HEADER}]",
        "a string": '"v"',
        "nothing but nesting": "[" * 4000,
        "single quotes": HEADER.replace('"', "'"),
        "comma at the end": HEADER[:-1] + ",}",
        "two objects": HEADER + HEADER,
        "text after the object": HEADER + "x",
        "byte order mark": "\ufeff" + HEADER,
        "no-break space around": "\u00a0" + HEADER,
        "raw line break in a string": DROP.header("a\nb").replace("\\n", "\n"),
        "4097 bytes or more, fewer characters": too_large,
        "a member missing": member('"sender":"Maya Okafor",', ""),
        "a member too many": member('"v":1', '"v":1,"note":""'),
        "prototype member": member('"v":1', '"v":1,"__proto__":{}'),
        "member in capitals": member('"v":1', '"V":1'),
        "a member twice": member('"v":1', '"v":1,"v":1'),
        "a member twice, another value": member('"mode":"n"', '"mode":"p","mode":"n"'),
        "a member twice, once escaped": member('"v":1', '"v":1,"\\u0076":1'),
        "version 2": member('"v":1', '"v":2'),
        "version as text": member('"v":1', '"v":"1"'),
        "version true": member('"v":1', '"v":true'),
        "version 1.0": member('"v":1', '"v":1.0'),
        "version 1e0": member('"v":1', '"v":1e0'),
        "id of another drop": member(v1.b64(DROP.id), v1.b64(other.id)),
        "id as standard base64 with padding": member(v1.b64(DROP.id), v1.b64(DROP.id) + "=="),
        "id with unused bits": member(v1.b64(DROP.id), v1.b64(DROP.id)[:-1] + _next(v1.b64(DROP.id)[-1])),
        "id as a number": member(f'"{v1.b64(DROP.id)}"', "1"),
        "mode of another link": member('"mode":"n"', '"mode":"p"'),
        "mode unknown": member('"mode":"n"', '"mode":"N"'),
        "form unknown": member('"form":"free"', '"form":"pin"'),
        "form null": member('"form":"free"', '"form":null'),
        "kind unknown": member('"kind":"text"', '"kind":"html"'),
        "kind as a list": member('"kind":"text"', '"kind":["text"]'),
        "time as a float": member("1795000000", "1795000000.5"),
        "time as a whole float": member("1795000000", "1795000000.0"),
        "time with an exponent": member("1795000000", "1795e6"),
        "time negative": member("1795000000", "-1"),
        "time minus zero": member("1795000000", "-0"),
        "time with a zero in front": member("1795000000", "01795000000"),
        "time over 2^53 - 1": member("1795086400", "9007199254740992"),
        "time of a thousand digits": member("1795086400", "9" * 1000),
        "time as text": member("1795086400", '"1795086400"'),
        "time true": member("1795086400", "true"),
        "time NaN": member("1795086400", "NaN"),
        "sender null": member('"Maya Okafor"', "null"),
        "sender a number": member('"Maya Okafor"', "7"),
        "label an object": member('"Stripe restricted key"', "{}"),
        "label with half a character, escaped": member("Stripe", "\\ud83d"),
        "sender with half a character, escaped": member("Maya", "\\ude00"),
        "label with half a character, raw": member("Stripe", "\ud83d"),
    }
    assert all(header != HEADER for header in wrong.values())
    # Encoders write U+FFFD for half a character: bound like this, only the check itself can refuse.
    return [
        bad(
            f"header: {name}",
            1,
            v1.envelope(KEYS, DROP.nonce, header.replace("\ud83d", "\ufffd").encode(), v1.padded(TEXT)),
            header,
        )
        for name, header in wrong.items()
    ]


def _next(character: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[alphabet.index(character) + 1]


def _flipped(at: int) -> bytes:
    return SEALED[:at] + bytes([SEALED[at] ^ 1]) + SEALED[at + 1 :]


def shapes() -> list[Json]:
    right = Drop("wrong passphrase", "p", "digits", "12345678", b"12345678")
    wrong = Drop("wrong passphrase", "p", "digits", "12345679", b"12345679")
    for_right = v1.envelope(right.keys(), right.nonce, right.header().encode(), v1.padded(TEXT))
    unpadded = v1.envelope(KEYS, DROP.nonce, HEADER.encode(), len(TEXT).to_bytes(4, "big") + TEXT)
    return [
        bad("no bytes", 2, b""),
        bad("version byte 0", 2, b"\x00" + SEALED[1:]),
        bad("version byte 2", 2, b"\x02" + SEALED[1:]),
        bad("version byte alone", 2, b"\x01"),
        bad("nothing encrypted", 2, SEALED[:61]),
        bad("last byte cut", 2, SEALED[:-1]),
        bad("first byte cut", 2, SEALED[1:]),
        bad("one byte more", 2, SEALED + b"\x00"),
        bad("not padded", 2, unpadded),
        bad(
            "padded to 512",
            2,
            v1.envelope(KEYS, DROP.nonce, HEADER.encode(), v1.padded(TEXT).ljust(512, b"\0")),
        ),
        bad("first bit of the commitment", 3, _flipped(13)),
        bad("last bit of the commitment", 3, _flipped(44)),
        bad("commitment of zeros", 3, SEALED[:13] + bytes(32) + SEALED[45:]),
        bad("commitment of other keys", 3, SEALED[:13] + octets("commit", 32) + SEALED[45:]),
        bad("wrong passphrase", 3, for_right, wrong.header(), wrong),
        bad("nonce changed", 4, _flipped(1)),
        bad("first ciphertext byte changed", 4, _flipped(45)),
        bad("last ciphertext byte changed", 4, _flipped(len(SEALED) - 17)),
        bad("tag changed", 4, _flipped(len(SEALED) - 1)),
        bad("tag of zeros", 4, SEALED[:-16] + bytes(16)),
        bad("label changed", 4, SEALED, DROP.header("Stripe live key")),
        bad("expiry changed", 4, SEALED, HEADER.replace("1795086400", "1795086401")),
        bad("header with a space more", 4, SEALED, HEADER + " "),
        bad("header escaped otherwise", 4, SEALED, HEADER.replace("Maya", "\\u004daya")),
        bad("form changed", 4, SEALED, HEADER.replace('"free"', '"digits"')),
        bad("header and version byte wrong: the header is first", 1, b"\x00" + SEALED[1:], "{}"),
        bad(
            "commitment and ciphertext wrong: the commitment is first",
            3,
            SEALED[:13] + bytes(32) + bytes(272),
        ),
    ]


def paddings() -> list[Json]:
    framed = len(TEXT).to_bytes(4, "big") + TEXT
    wrong = {
        "one byte after the payload": (framed + b"\x01").ljust(256, b"\0"),
        "last byte": framed.ljust(255, b"\0") + b"\x80",
        "size 1024 for a payload that fits 256": framed.ljust(1024, b"\0"),
        "size 4096 for a payload that fits 256": framed.ljust(4096, b"\0"),
        "size 8192 for a payload that fits 4096": bytes([0, 0, 15, 0]) + framed[4:].ljust(8188, b"\0"),
        "length beyond the end": bytes([0, 0, 0, 253]) + framed[4:].ljust(252, b"\0"),
        "length of four gigabytes": b"\xff\xff\xff\xff" + framed[4:].ljust(252, b"\0"),
        "length with the sign bit": b"\x80\x00\x00\x00" + framed[4:].ljust(252, b"\0"),
        "length in the other byte order": framed[3::-1] + framed[4:].ljust(252, b"\0"),
    }
    return [
        bad(f"padding: {name}", 5, v1.envelope(KEYS, DROP.nonce, HEADER.encode(), plain))
        for name, plain in wrong.items()
    ]


def heads() -> list[Json]:
    wrong = {
        "no payload": b"",
        "no end of head": b'{"text":"a"}',
        "no head": b"\x00",
        "not JSON": b"hello\x00",
        "an array": b'["text"]\x00',
        "no member": b"{}\x00",
        "unknown member": b'{"html":"a"}\x00',
        "two members": b'{"text":"a","file":{"name":"a","type":"b"}}\x00',
        "a member twice": b'{"text":"a","text":"b"}\x00',
        "a member twice, once escaped": b'{"text":"a","t\\u0065xt":"b"}\x00',
        "text with a body": b'{"text":"a"}\x00b',
        "text with a body of one zero": b'{"text":"a"}\x00\x00',
        "text a number": b'{"text":1}\x00',
        "text null": b'{"text":null}\x00',
        "text with half a character, escaped": b'{"text":"\\ud83d"}\x00',
        "text with half a character, raw": b'{"text":"\xed\xa0\xbd"}\x00',
        "text not UTF-8": b'{"text":"\xff"}\x00',
        "text in an overlong form": b'{"text":"\xc0\x80"}\x00',
        "byte order mark": b'\xef\xbb\xbf{"text":"a"}\x00',
        "raw line break in a string": b'{"text":"a\nb"}\x00',
        "file as text": b'{"file":"a"}\x00',
        "file null": b'{"file":null}\x00',
        "file without a type": b'{"file":{"name":"a"}}\x00',
        "file with a size": b'{"file":{"name":"a","type":"b","size":0}}\x00',
        "file name twice": b'{"file":{"name":"a","name":"b","type":"c"}}\x00',
        "file name a number": b'{"file":{"name":1,"type":"b"}}\x00',
        "file name with half a character": b'{"file":{"name":"\\udc00","type":"b"}}\x00',
        "file type null": b'{"file":{"name":"a","type":null}}\x00',
        "nothing but nesting": b"[" * 3000 + b"\x00",
    }
    return [
        bad(f"head: {name}", 6, v1.envelope(KEYS, DROP.nonce, HEADER.encode(), v1.padded(payload)))
        for name, payload in wrong.items()
    ]


def bad_drops() -> list[Json]:
    return [*headers(), *shapes(), *paddings(), *heads()]
