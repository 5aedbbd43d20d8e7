"""Ctrl-C, told: click would say "Aborted!", nothing of a key that is lost, and end with the code of what is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from sendsecret.operating import refuse


@contextmanager
def stopped(sentence: str, code: int) -> Iterator[None]:
    """Say the sentence and end with the code where somebody presses Ctrl-C in between."""
    try:
        yield
    except KeyboardInterrupt:
        refuse(sentence, code)
