"""The forum's settings with one address more: a view that does nothing, to compare with."""

from forum_site.settings import *  # noqa: F403  # everything as it is served

ROOT_URLCONF = "bench.bare_urls"
ASGI_APPLICATION = "bench.bare_asgi.application"
