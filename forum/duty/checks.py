"""Settings under which the promise could not be kept; the launcher refuses to start with them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from forum.duty.questions import LOOKED_BACK

HOURS_MAX = LOOKED_BACK.days * 24 // 2  # with days off it must still lie within what is looked at


@register()
def hours(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Whether an organization is asked before the adviser, and both before it is forgotten."""
    duty, adviser = settings.UNANSWERED_DUTY_HOURS, settings.UNANSWERED_ADVISER_HOURS
    if not 1 <= duty <= adviser <= HOURS_MAX:
        yield Error(
            "UNANSWERED_DUTY_HOURS must be at least 1, and UNANSWERED_ADVISER_HOURS from that to "
            f"{HOURS_MAX}, not {duty} and {adviser}.",
            id="forum.E030",
        )
