"""Every action of the duty as tests/accounts/test_rights.py tries it with each role."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse

from forum.duty.models import Offer
from tests.duty.world import asked, look_after, willing

World = Any  # of tests/accounts/test_rights.py


def _get(world: World, name: str, *args: object) -> HttpResponseBase:
    return world.client.get(reverse(f"duty:{name}", args=args))


def _post(world: World, name: str, *args: object, **form: object) -> HttpResponseBase:
    return world.client.post(reverse(f"duty:{name}", args=args), form)


def _promise(world: World) -> HttpResponseBase:
    return _get(world, "promise")


def _waiting(world: World) -> HttpResponseBase:
    return _get(world, "organization", world.organization.pk)


def _enter(world: World) -> HttpResponseBase:
    return _post(world, "enter", world.organization.pk, every_weeks="4")


def _leave(world: World) -> HttpResponseBase:
    willing(world.organization, world.head)
    return _post(world, "leave", world.organization.pk)


def _pass_on(world: World) -> HttpResponseBase:
    willing(world.organization, world.head)
    asked(world.other, days=20)
    look_after()
    offer = Offer.objects.get(organization=world.organization)
    return _post(world, "pass_on", offer.pk)


def _desk(world: World) -> HttpResponseBase:
    return _get(world, "desk")


TRIES: dict[str, Callable[[World], HttpResponseBase]] = {
    "read how the promise is kept": _promise,
    "see what waits for the organization": _waiting,
    "enter the organization for duty": _enter,
    "take the organization off the roster": _leave,
    "pass a question on": _pass_on,
    "see what is left to the adviser": _desk,
}
