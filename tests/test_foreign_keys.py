"""Foreign keys and many-to-many fields point only to lower floors, as imports do."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from accounts.models import User
from forum.categories.models import Category
from forum.discussions.models import Post
from forum.jobs.models import Job
from tests.floors import floors, room_of


def test_relations_point_only_downwards():
    assert _upward(_our_models()) == []


def test_an_upward_relation_would_be_found():
    upward = _upward([User], {User: [_relation(User, Post)]})
    assert upward == ["accounts.User.sample → forum.discussions"]


def test_a_relation_between_rooms_on_one_floor_would_be_found():
    upward = _upward([Job], {Job: [_relation(Job, Category)]})
    assert upward == ["forum.jobs.Job.sample → forum.categories"]


def _our_models() -> list[type[models.Model]]:
    heights = floors()
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if room_of(model.__module__) in heights]


def _upward(
    judged: Iterable[type[models.Model]],
    relations: dict[type[models.Model], list[models.ForeignKey]] | None = None,
) -> list[str]:
    heights = floors()
    wrong = []
    for model in judged:
        own = room_of(model.__module__)
        for field in (relations or {}).get(model) or _relations(model):
            other = room_of(field.related_model.__module__)
            if other in heights and other != own and heights[other] >= heights[own]:
                wrong.append(f"{own}.{model.__name__}.{field.name} → {other}")
    return wrong


def _relations(model: type[models.Model]) -> list[models.ForeignKey]:
    own = [*model._meta.get_fields(), *model._meta.many_to_many]
    return [field for field in own if field.is_relation and not field.auto_created]


def _relation(model: type[models.Model], target: type[models.Model]) -> models.ForeignKey:
    """A field as it would stand on the model, without changing the model."""
    field = models.ForeignKey(target, models.CASCADE)
    field.name, field.model = "sample", model
    return field
