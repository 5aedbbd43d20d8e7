"""`sendsecret forget` of somebody who has tokens and no drops."""

import pytest

from sendsecret import forget
from store.forgetting import Found


def test_what_would_be_forgotten_names_tokens_and_records(capsys: pytest.CaptureFixture[str]) -> None:
    """Not "in 0 drops" alone: whoever is asked must know what ends."""
    with pytest.raises(SystemExit):
        forget._ask(Found([], [], 0), 2, 1)
    assert "in 0 drops and 2 tokens and 1 record." in capsys.readouterr().err
