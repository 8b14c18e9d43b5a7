"""Words of the desk's rows."""

from django import template

from forum.moderation.models import Report

register = template.Library()


@register.filter
def report_kind(kind: str | None) -> str:
    """What a kind of report is called, in the reader's language."""
    return str(Report.Kind(kind).label) if kind in Report.Kind.values else ""
