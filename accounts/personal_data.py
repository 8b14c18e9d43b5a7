"""Everything the forum keeps about a member, in one registry.

Each room says in its own apps.py what it keeps. The page that tells members, the export and the
erasure are made of this registry and of nothing else; a test walks every model and fails where a
field that may be about a person is not in it.
Source: docs/decisions/0025-export-and-erasure.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

Text = str | Promise


class Texts(models.TextChoices):
    """What an erased member's own words become; an organization's always stay."""

    KEEP = "keep", _("Leave it readable, without my name")
    WITHDRAW = "withdraw", _("Withdraw it: nobody can read it any more")


@dataclass(frozen=True, slots=True)
class Erasure:
    """One member's wish to be forgotten."""

    member: User
    texts: Texts


def nothing(erasure: Erasure) -> None:
    """What is held before an erasure of rows that nobody else changes."""


def stays(erasure: Erasure) -> None:
    """What happens at an erasure to rows that stay as they are: they now lead to a number only."""


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One kind of rows about a member.

    `member` is the way from a row to the member, as a filter has it; `fields` are given out in the
    export, `secret` ones are not, each with what it is; `impersonal` ones say nothing about a
    person, each with the reason.
    """

    model: type[models.Model]
    member: str
    title: Text
    purpose: Text
    kept: Text  # how long
    erased: Text  # what an erasure does, in words
    erase: Callable[[Erasure], None] = stays
    hold: Callable[[Erasure], None] = nothing  # locks that are taken before the member's row
    rows_of: Callable[[User], models.QuerySet[Any]] | None = None  # where `member` is not all
    fields: Mapping[str, Text]
    secret: Mapping[str, Text] = field(default_factory=dict)
    impersonal: Mapping[str, str] = field(default_factory=dict)

    def rows(self, member: User) -> models.QuerySet[Any]:
        """The rows about the member, the oldest first."""
        related = [name for name in self.fields if self.model._meta.get_field(name).many_to_one]
        by_member = self.model._default_manager.filter(**{self.member: member.pk})
        rows = self.rows_of(member) if self.rows_of else by_member
        return rows.select_related(*related).order_by("pk") if related else rows.order_by("pk")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What else is kept for a while, in rows that no member can be asked of."""

    title: Text
    purpose: Text
    kept: Text
    erased: Text


_holdings: dict[type[models.Model], Holding] = {}  # by room, the last one registered first
_traces: list[Trace] = []
_impersonal: dict[type[models.Model], str] = {}


def register(*holdings: Holding, traces: Sequence[Trace] = ()) -> None:
    """Make known what a room keeps; called from its apps.py."""
    # Rooms are made ready from the highest floor down, and read from the lowest up.
    earlier = dict(_holdings)
    _holdings.clear()
    _holdings.update({holding.model: holding for holding in holdings} | earlier)
    _traces.extend(trace for trace in traces if trace not in _traces)


def register_impersonal(model: type[models.Model], reason: str) -> None:
    """Say that the rows of a model near a member are about no person, and why."""
    _impersonal[model] = reason


def holdings() -> list[Holding]:
    """What is kept: the account first, then room by room from the lowest floor."""
    return list(_holdings.values())


def traces() -> list[Trace]:
    return list(_traces)


def unlisted(given: Sequence[type[models.Model]]) -> list[str]:
    """Fields that may be about a person and are in no holding: "app.Model.field".

    Looked at are the models that lead to a member, over however many foreign keys; of them every
    text, file, address and foreign key to a member. Fields with fixed choices say no more than
    these do, but count as well.
    """
    near = _leading_to_members(given)
    return [
        f"{model._meta.label}.{each.name}"
        for model in given
        if model in near and model not in _impersonal
        for each in _telling_fields(model)
        if each.name not in _named(model)
    ]


def _leading_to_members(given: Sequence[type[models.Model]]) -> set[type[models.Model]]:
    near: set[type[models.Model]] = {User}
    grows = True
    while grows:
        further = {model for model in given if _relations(model) & near} - near
        near |= further
        grows = bool(further)
    return near


def _relations(model: type[models.Model]) -> set[type[models.Model]]:
    own = [*model._meta.fields, *model._meta.many_to_many]
    return {each.related_model for each in own if isinstance(each.related_model, type)}


TELLING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.GenericIPAddressField,
    models.BinaryField,
)


def _telling_fields(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [
        each
        for each in [*model._meta.fields, *model._meta.many_to_many]
        if isinstance(each, TELLING) or each.related_model is User
    ]


def _named(model: type[models.Model]) -> set[str]:
    holding = _holdings.get(model)
    return {*holding.fields, *holding.secret, *holding.impersonal} if holding else set()
