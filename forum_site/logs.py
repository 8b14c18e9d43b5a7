"""Where the log goes and how it is written; read by the settings, so it needs none of them."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

FORMS = {"json": "forum_site.log_forms.JsonLines", "line": "forum_site.log_forms.Lines"}


def configuration(*, form: str, level: str, is_redacted: bool) -> dict[str, Any]:
    """The value of LOGGING. Raises: ImproperlyConfigured for a form that there is not."""
    if form not in FORMS:
        raise ImproperlyConfigured(f"LOG_FORMAT must be json or line, not {form!r}")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": {"()": FORMS[form], "is_redacted": is_redacted}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "loggers": {
            # Django's own handler would write every line twice.
            "django": {"handlers": [], "propagate": True},
            # Statements with their values are for nobody's log.
            "django.db.backends": {"level": "INFO"},
        },
        "root": {"handlers": ["console"], "level": level},
    }
