"""What the log may say: kinds, numbers and places in the code, and nothing about people.

Addresses and tokens are known by their shape. Names and texts have none, so what could carry them
is not written at all: rows are written as kind and number, errors without words that may quote
what somebody typed, addresses of pages by the name of their view.
Source: docs/decisions/0044-operation.md.
"""

import logging
import os
import re
import smtplib
from typing import Any

from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.exceptions import TemplateDoesNotExist, TemplateSyntaxError
from redis.exceptions import RedisError

SHAPES = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), "[address]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:])"), "[address]"),
    # At least twenty characters of a signed word: small, large and a figure; or of hexadecimals.
    (re.compile(r"(?=[\w:=-]*[a-z])(?=[\w:=-]*[A-Z])(?=[\w:=-]*\d)[\w:=-]{20,}"), "[token]"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{24,}\b"), "[token]"),
    (re.compile(r"(?<!\d)(?!\d{4}-\d\d-\d\d)(?:\+?\d[ -]?){9,}(?!\d)"), "[number]"),
    (re.compile(r"\?[^\s\"']*=[^\s\"']*"), "?[query]"),
    (re.compile(r"\b(\w+://)[^\s/@]+@"), r"\1"),
)
# Their words are about our code and our services, and quote nothing that was typed.
SPEAKING = (
    AttributeError,
    FieldError,
    ImportError,
    ImproperlyConfigured,
    NameError,
    NotImplementedError,
    RecursionError,
    RedisError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TimeoutError,
    TypeError,
)
# Messages of Django that end with the path somebody asked for; its view is written instead.
ABOUT_A_REQUEST = ("django.request", "django.security.csrf")
SILENT = "(its words are not logged)"


def message(record: logging.LogRecord) -> str:
    """What the record says, without personal data."""
    if record.name in ABOUT_A_REQUEST and isinstance(getattr(record, "request", None), HttpRequest):
        return shapes(str(record.msg).partition(":")[0].replace("%s", "").strip())
    arguments: Any = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(_argument(each) for each in arguments)
    elif isinstance(arguments, dict):
        arguments = {name: _argument(each) for name, each in arguments.items()}
    said = str(record.msg) if not isinstance(record.msg, BaseException) else error(record.msg)
    return shapes(said % arguments if arguments else said)


def _argument(value: object) -> object:
    if isinstance(value, BaseException):
        return error(value)
    if isinstance(value, Model):
        return f"{value._meta.label} {value.pk}"
    if isinstance(value, QuerySet):
        return value.model._meta.label
    if isinstance(value, HttpRequest):
        return "a request"
    return value


def error(value: BaseException) -> str:
    """The kind of an error, with its words where they cannot be about a person."""
    kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    return f"{kind}: {shapes(_words(value))}"


def _words(value: BaseException) -> str:
    if isinstance(value, smtplib.SMTPResponseException):
        return f"code {value.smtp_code}"
    if isinstance(value, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _reply in value.recipients.values()})
        return "codes " + ", ".join(map(str, codes))
    if isinstance(value, DatabaseError) or hasattr(value, "sqlstate"):
        return _of_the_database(value)
    if isinstance(value, SPEAKING):
        return str(value)
    if isinstance(value, OSError) and value.errno:
        return os.strerror(value.errno)
    return SILENT


def _of_the_database(value: BaseException) -> str:
    """PostgreSQL says in fields what was violated, SQLite in words without values."""
    told = getattr(value.__cause__ or value, "diag", None)
    if told is not None and told.sqlstate:
        fields = ("sqlstate", "table_name", "column_name", "constraint_name")
        return ", ".join(f"{n} {getattr(told, n)}" for n in fields if getattr(told, n))
    if str(value).startswith(("UNIQUE constraint", "FOREIGN KEY", "CHECK", "NOT NULL", "no such")):
        return str(value)
    return "database is locked" if "locked" in str(value) else SILENT


def shapes(text: str) -> str:
    """The text without what is known by its shape: addresses, tokens, long numbers, queries."""
    for pattern, instead in SHAPES:
        text = pattern.sub(instead, text)
    return text
