"""What the levels and presets mean, in plain words: the pages show them beside the choices."""

from django.utils.translation import gettext_lazy as _

from forum.notifications.models import Follow, Preference

PRESETS = {
    Preference.Preset.CONCERNING: _(
        "When somebody mentions, quotes or answers you or your organization, and when something is "
        "written in a thread where you wrote. At once here, and by e-mail if you do not look in."
    ),
    Preference.Preset.LETTER: _(
        "The same, but nothing is sent to you at once: once a week a letter sums it up."
    ),
    Preference.Preset.EVERYTHING: _(
        "Every new thread and every reply that you may read. That can be a lot."
    ),
}
LEVELS = {
    Follow.Level.EVERYTHING: _("You will hear of everything that is written here."),
    Follow.Level.CONCERNING: _(
        "You will hear when somebody mentions, quotes or answers you or your organization, and "
        "when the office answers."
    ),
    Follow.Level.MUTED: _("You will hear of nothing from here."),
}
REASONS = {
    Follow.Why.CHOSE: _("You chose this yourself."),
    Follow.Why.STARTED: _("You follow this thread because you started it."),
    Follow.Why.WROTE: _("You follow this thread because you wrote in it."),
}
DEFAULT_REASON = _("You have not chosen anything here: this is what you hear in general.")
BUTTONS = {
    Follow.Level.EVERYTHING: _("You follow this"),
    Follow.Level.CONCERNING: _("Follow"),
    Follow.Level.MUTED: _("Muted"),
}
