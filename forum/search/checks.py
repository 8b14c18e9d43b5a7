"""What a machine lacks for the search to be as good as it can be."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning

from forum.lib.word_forms import has_dictionary


def dictionary(
    app_configs: Sequence[AppConfig] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Whether the dictionary of Polish forms is there; said at every start where it is not."""
    if has_dictionary():
        return []
    return [
        Warning(
            "The dictionary of Polish word forms (morfeusz2) is not installed. The search works by "
            "rules alone and finds fewer inflected words: “psem” does not find “pies”.",
            hint=(
                "It comes ready for x86-64 and macOS, not for Linux on ARM (aarch64). Run the "
                "forum on x86-64, or build it from its sources (https://morfeusz.sgjp.pl), install "
                "its Python package, and run `manage.py reindex --all`."
            ),
            id="forum.W001",
        )
    ]
