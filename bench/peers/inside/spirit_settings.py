"""Spirit as its own project template sets it up for production, on the database that was given."""

from spirit_project.settings.prod import *  # noqa: F403  # what `spirit startproject` wrote

from bench.peers.inside import given

SECRET_KEY = given.SECRET_KEY
ALLOWED_HOSTS = ["localhost"]
DATABASES = {"default": given.database()}
SESSION_COOKIE_AGE = given.KEPT_S
ST_SITE_URL = "http://localhost/"
ST_RATELIMIT_ENABLE = False  # one post in ten seconds
LOGGING = {"version": 1, "disable_existing_loggers": False}
