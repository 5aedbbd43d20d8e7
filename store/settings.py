"""
Settings that both programs share, and how every program reads its own.

A program reads its environment once, at its start, and reports everything that is wrong at once, by name, without
ever showing a value: half of them are secrets.
"""

import os
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

S = TypeVar("S", bound="StoreSettings")

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingsError(Exception):
    """What is wrong with the settings: one sentence for each, naming the setting."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _SecretFiles(PydanticBaseSettingsSource):
    """`NAME_FILE` names a file that holds the secret `NAME`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{field_name.upper()}_FILE")
        is_secret = "SecretStr" in str(field.annotation)
        if not path or not is_secret:
            return None, field_name, False
        try:
            return Path(path).read_text().strip(), field_name, False
        except (OSError, UnicodeDecodeError):
            raise SettingsError([f"{field_name.upper()}_FILE: the file it names cannot be read"]) from None

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self._fields()}
        return {name: value for name, value in found.items() if value is not None}

    def _fields(self) -> list[tuple[str, FieldInfo]]:
        return list(self.settings_cls.model_fields.items())


class StoreSettings(BaseSettings):
    """What the store needs, whichever program opens it."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore")

    public_url: str
    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///data/sendsecret.db")
    keyring_dir: Path = Path("keyring")
    keyring_url: SecretStr | None = None
    redelivery_seconds: int = Field(default=60, ge=0, le=600)
    retention_months: int = Field(default=13, ge=0, le=1200)
    log_level: str = "INFO"
    log_format: str = "text"
    metrics_host: str = "127.0.0.1"
    test_clock_file: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, url: str) -> str:
        parts = urlsplit(url)
        # Without https a browser has no WebCrypto: the page could open nothing.
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
            raise ValueError("must be an https:// address (http:// only for localhost)")
        if not parts.hostname or parts.query or parts.fragment or parts.username or parts.path.strip("/"):
            raise ValueError("must be scheme and host only, like https://drops.example.com")
        if not parts.netloc.isascii() or "+" in parts.netloc:
            # It names the log, whose checkpoints take no other characters.
            raise ValueError("must have its host in ASCII (an international name in its xn-- form)")
        try:
            parts.port  # noqa: B018 - reading it judges it
        except ValueError:
            raise ValueError("has a port that is none") from None
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, url: SecretStr) -> SecretStr:
        text = url.get_secret_value()
        if not text.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        try:
            make_url(text)
        except (ArgumentError, ValueError):
            # Without the cause: its message repeats a part of the value, and there is a password in it.
            raise ValueError("is not an address of a database") from None
        return url

    @field_validator("keyring_url")
    @classmethod
    def _check_keyring_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        if not url.get_secret_value().startswith("postgresql+asyncpg://"):
            raise ValueError("must begin with postgresql+asyncpg://")
        return cls._check_database_url(url)

    @field_validator("retention_months")
    @classmethod
    def _check_retention(cls, months: int) -> int:
        # With one month a drop of its last day would be anonymous on the next but one, and still be asked about.
        if months == 1:
            raise ValueError("must be 2 or more, or 0 to keep names until `sendsecret forget` erases them")
        return months

    @field_validator("log_level")
    @classmethod
    def _check_log_level(cls, level: str) -> str:
        if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return level.upper()

    @field_validator("log_format")
    @classmethod
    def _check_log_format(cls, name: str) -> str:
        if name not in {"text", "json"}:
            raise ValueError("must be text or json")
        return name

    @model_validator(mode="after")
    def _check_two_databases(self) -> "StoreSettings":
        if self.keyring_url == self.database_url:
            raise ValueError(
                "KEYRING_URL names the database in DATABASE_URL, whose backups and WAL keys must not be in"
            )
        return self

    @model_validator(mode="after")
    def _check_test_clock(self) -> "StoreSettings":
        if self.test_clock_file is not None and not self.is_local:
            raise ValueError("TEST_CLOCK_FILE is for tests; it is refused unless PUBLIC_URL is on localhost")
        return self

    @property
    def is_local(self) -> bool:
        """Whether links open on this computer only."""
        return urlsplit(self.public_url).hostname in LOCAL_HOSTS


def read_settings(kind: type[S]) -> S:
    """Read a program's settings from its environment.  Raises SettingsError with every problem."""
    try:
        return kind()
    except ValidationError as error:
        raise SettingsError([_sentence(problem) for problem in error.errors(include_input=False)]) from None


def _sentence(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"]).upper()
    if problem["type"] == "missing":
        return f"{name}: is not set"
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message


def secret(text: SecretStr | None) -> str:
    """A secret setting's text, empty where it is not set."""
    return text.get_secret_value() if text else ""
