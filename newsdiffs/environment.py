"""Typed reading of settings from environment variables, with errors that say what to do.

A value may also come from a file named by ``<NAME>_FILE``, as container secrets do.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email


def text(name: str, default: str = "") -> str:
    """The variable's value, or the content of the file ``<name>_FILE`` names, or *default*."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise ImproperlyConfigured(
                f"{name}_FILE names {path}, which can't be read: {problem.strerror}."
            ) from problem
    return os.environ.get(name, "").strip() or default


def whole(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """A whole number between *least* and *most*."""
    value = text(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number from {least} to {most}.")
    return int(value)


def seconds(name: str, default: float) -> float:
    """A number of seconds, zero or more, fractions allowed."""
    value = text(name)
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e6:
        raise ImproperlyConfigured(f"{name}={value!r} must be a number of seconds, such as 5 or 0.5.")
    return number


def flag(name: str, default: bool = False) -> bool:
    """A switch: 1/0, true/false, yes/no, on/off."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} must be 1 or 0.")


def listing(name: str) -> list[str]:
    """Values separated by commas; blanks are left out."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    """One of the words *among*."""
    value = text(name).lower() or default
    if value not in among:
        raise ImproperlyConfigured(f"{name}={value!r} must be one of {', '.join(among)}.")
    return value


def address(name: str, example: str) -> str:
    """An address of the web, such as *example*; '' without one."""
    value = text(name)
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise ImproperlyConfigured(f"{name}={value!r} must be an address such as {example}.")
    return value


def emails(name: str) -> list[str]:
    """E-mail addresses separated by commas."""
    found = listing(name)
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise ImproperlyConfigured(
                f"{name}: {address!r} is no e-mail address, such as desk@example.org."
            ) from None
    return found


_MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_server(name: str) -> dict[str, Any]:
    """Django's settings for the mail server at the address that the variable holds; empty without one.

    The address never stands in an error: there may be a password in it.
    """
    value = text(name)
    if not value:
        return {}
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _MAIL_SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(
            f"{name} must be an address such as smtp://user:password@mail.example.org:25 (or smtp+tls://, "
            "smtps://)."
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or _MAIL_SCHEMES[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def kept_secret(path: Path, size: int = 50) -> str:
    """The secret kept in *path* (mode 0600), made of *size* random bytes on first use.

    Those that start at once agree on one: a whole file is put in place only where there is none yet.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(size) + "\n")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"{path} can't be written: {problem.strerror}. Make DATA_DIR a folder this user can write to."
        ) from problem
