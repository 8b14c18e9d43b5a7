"""Everything the forum keeps about a member, as a file they take with them."""

import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal_data import Holding, Text, holdings, traces

STYLE = "css/export.css"


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of rows: in words for the page, and as values for a program."""

    holding: Holding
    rows: list[list[tuple[Text, str]]]
    values: list[dict[str, Any]]


def archive(member: User) -> bytes:
    """A ZIP with dane.html to read and dane.json for programs, in the active language."""
    sections = [_section(holding, member) for holding in holdings()]
    page = render_to_string(
        "accounts/export.html",
        {
            "member": member,
            "sections": sections,
            "traces": traces(),
            "made_at": timezone.now(),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        },
    )
    style = finders.find(STYLE)
    assert isinstance(style, str), f"{STYLE} is one of our own files"
    memory = BytesIO()
    with ZipFile(memory, "w", ZIP_DEFLATED) as packed:
        packed.writestr("dane.html", page)
        packed.writestr("dane.json", _for_programs(sections))
        packed.writestr("dane.css", Path(style).read_bytes())
    return memory.getvalue()


def _section(holding: Holding, member: User) -> Section:
    found = list(holding.rows(member))
    return Section(
        holding,
        [[(what, _in_words(row, name)) for name, what in holding.fields.items()] for row in found],
        [{name: _value(row, name) for name in holding.fields} for row in found],
    )


def _for_programs(sections: list[Section]) -> str:
    kept = {
        section.holding.model._meta.label: {
            "title": section.holding.title,
            "fields": dict(section.holding.fields),
            "not_given_out": dict(section.holding.secret),
            "rows": section.values,
        }
        for section in sections
    }
    return json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _value(row: models.Model, name: str) -> Any:
    """A row that another one refers to is given by its number and its name."""
    value = getattr(row, name)
    if isinstance(value, models.Model):
        return {"id": value.pk, "name": str(value)}
    return value


def _in_words(row: models.Model, name: str) -> str:
    label = getattr(row, f"get_{name}_display", None)
    value = label() if label is not None else getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return "" if value is None else str(value)
