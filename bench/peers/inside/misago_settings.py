"""Misago as its own development project sets it up, with what production needs instead."""

from devproject.settings import *  # noqa: F403  # part of the package
from misago.conf import defaults

from bench.peers.inside import given

DEBUG = False
SECRET_KEY = given.SECRET_KEY
ALLOWED_HOSTS = ["localhost"]
DATABASES = {"default": given.database()}
SESSION_COOKIE_AGE = given.KEPT_S
STATIC_ROOT = str(given.DIRECTORY / "static")
MEDIA_ROOT = str(given.DIRECTORY / "media")
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("debug_toolbar")]  # noqa: F405
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": given.REDIS}
}
CELERY_BROKER_URL = given.REDIS
# One post in three seconds: the members of the load program write more often.
MISAGO_POSTING_MIDDLEWARES = [
    name
    for name in defaults.MISAGO_POSTING_MIDDLEWARES
    if not name.endswith("FloodProtectionMiddleware")
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR"}},
}
