"""Sentences that several rules and actions say."""

from django.utils.translation import gettext_lazy as _

GONE = _("What this is about is not there any more.")
ADMINISTRATORS_ONLY = _("Elected moderators are entered by those who work for the forum.")
