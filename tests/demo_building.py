"""Building the demo county inside a test."""

from io import StringIO

from django.core.management import call_command


def build(**options: object) -> str:
    """What the command printed."""
    output = StringIO()
    call_command("demo", anyway=True, stdout=output, **options)
    return output.getvalue()
