"""The forum's application, and beside it the same middleware behind Django's own handler."""

from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler

from forum_site import asgi

FRAMEWORK = "/bare/django/"  # answered as Django does it, which is what we are compared with

as_django_does = asgi.Turns(ASGIHandler(), at_once=settings.MAX_CONCURRENT_REQUESTS)


async def application(scope: asgi.Scope, receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == FRAMEWORK:
        await as_django_does(scope, receive, send)
    else:
        await asgi.application(scope, receive, send)
