"""What members type: titles, posts, reactions, and in whose voice."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.rules import Voices, voices_of
from forum.categories.models import Category
from forum.discussions.actions.drafting import Text
from forum.discussions.asking import AsksOfSlips
from forum.discussions.models import (
    TITLE_MAX_LENGTH,
    Attachment,
    Post,
    Reaction,
    SavedPost,
    Thread,
)
from forum.discussions.template_fields import KeptFields, WithTemplate
from forum.discussions.templates_of_threads import ThreadTemplate
from forum.discussions.voices import voice_in
from forum.lib import markup
from forum.lib.body_field import BodyForm, SourceField
from forum.lib.markup import SOURCE_MAX_CHARS, without_control
from forum.lib.pictures import ALT_MAX_CHARS
from forum.lib.ranges import Ranges
from forum.lib.uploads import CHOOSABLE, size_words

ROOM_FOR_TEXT_BYTES = 1024 * 1024  # of a form that carries files
MAX_INTEGER = 2**31 - 1  # of a column


class VoiceField(forms.ModelChoiceField):
    """In whose name: an organization, or nothing for one's own voice."""

    def __init__(self) -> None:
        super().__init__(
            Organization.objects.none(),
            required=False,
            label=_("Write as"),
            error_messages={
                "invalid_choice": _(
                    "You have no valid mandate to speak for this organization. "
                    "Choose another voice."
                )
            },
        )


def offer_voices(form: forms.Form, user: User, category: Category | None = None) -> None:
    """Offer the voices the member has today; the one used last, in the category, is chosen where
    the form says nothing yet."""
    field = form.fields["voice"]
    assert isinstance(field, VoiceField)
    field.queryset = voices_of(user)
    field.empty_label = _own_voice(user.display_name)
    if not form.is_bound:
        field.initial = voice_in(user, category)


def show_voices(field: forms.Field, voices: Voices) -> None:
    """The same of voices that are known already, on a form that is only shown. Queries: none."""
    assert isinstance(field, VoiceField)
    own = ("", _own_voice(voices.own_name))
    field.choices = [own, *voices.organizations]
    field.initial = voices.chosen


def _own_voice(name: str) -> str:
    return _("%(name)s (own voice)") % {"name": name}


def description_in(text: str) -> str:
    """What was typed as the description of a picture, in one line that fits."""
    return " ".join(without_control(text).split())[:ALT_MAX_CHARS]


class UnsentForm(BodyForm, AsksOfSlips):
    """A text that is kept as a draft until it is sent."""

    # Asks what its page shows as attached, where it is shown; the view knows.
    what_is_attached: Callable[[], Sequence[Attachment]] = staticmethod(tuple)
    choosable = CHOOSABLE
    # The version of the draft on the page; 0 where the server has none of it.
    draft = forms.CharField(required=False, initial=0, widget=forms.HiddenInput)
    about_office = forms.BooleanField(
        label=_("It is about the county office"),
        help_text=_("Then the office's own moderators do not decide about it alone."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Browsers fill hidden fields of a page they show again with what was there before.
        self.fields["draft"].widget.attrs["autocomplete"] = "off"

    @cached_property
    def attached(self) -> Sequence[Attachment]:
        return self.what_is_attached()

    @property
    def file_limit(self) -> int:
        """The size of the largest file. Units: bytes."""
        return settings.ATTACHMENT_MAX_BYTES

    @property
    def file_limit_words(self) -> str:
        return size_words(self.file_limit)

    @property
    def together_limit_words(self) -> str:
        """What a form without JavaScript can carry in all."""
        return size_words(settings.MAX_BODY_BYTES - ROOM_FOR_TEXT_BYTES)

    def words(self) -> str:
        """What a valid form would have readers read."""
        html = markup.render(self.cleaned_data["body"], self.cleaned_data["body_format"])
        return markup.plain_text(html)

    def clean_draft(self) -> int | None:
        version: str = self.cleaned_data["draft"]
        is_number = version.isascii() and version.isdecimal() and len(version) <= 10
        return int(version) if is_number else None


class PostForm(UnsentForm):
    """A post: its text, its voice, and a mark that makes a second sending harmless."""

    voice = VoiceField()
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        user: User,
        category: Category,
        voices: Voices | None = None,
        **kwargs: Any,
    ) -> None:
        """With the voices given the form is only shown, and asks the database nothing."""
        super().__init__(*args, **kwargs)
        if voices is None:
            offer_voices(self, user, category)
        else:
            show_voices(self.fields["voice"], voices)
        self.fields["once"].initial = uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            self.ask_of_slips(self.words(), for_organization=cleaned["voice"] is not None)
        return cleaned


class ReplyForm(PostForm):
    """A reply to the thread, or to one of its posts named by its number."""

    parent = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, category=thread.category, **kwargs)
        self.thread = thread

    def clean_parent(self) -> Post | None:
        number = self.cleaned_data["parent"]
        if number is None:
            return None
        parent = self.thread.posts.filter(number=number).first()
        if parent is None:
            raise forms.ValidationError(_("The post you answer is not in this thread."))
        if parent.is_moved:
            raise forms.ValidationError(
                _("The post you answer has been moved to another thread. Reply to it there.")
            )
        return parent


class StartForm(PostForm, WithTemplate):
    """A new thread: its title, its opening post, and what its template asks."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX_LENGTH, min_length=5)
    field_order = ["title", "voice", "body"]

    def __init__(self, *args: Any, template: ThreadTemplate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(template)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def words(self) -> str:
        return "\n".join([self.cleaned_data["title"], *self.filled().values(), super().words()])


class EditForm(UnsentForm, WithTemplate):
    """The new text of a post, and of what was filled into the form it opened its thread with."""

    def __init__(
        self, *args: Any, post: Post, template: ThreadTemplate | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        self.ask(template)

    def words(self) -> str:
        return "\n".join([*self.filled().values(), super().words()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            before = "\n".join([*self.post.filled.values(), markup.plain_text(self.post.html)])
            is_organizations = self.post.organization_id is not None
            self.ask_of_slips(self.words(), before=before, for_organization=is_organizations)
        return cleaned


class DraftForm(forms.Form):
    """What the page's script keeps while somebody writes; nothing in it needs to be finished."""

    version = forms.IntegerField(required=False, min_value=0, max_value=MAX_INTEGER)
    title = forms.CharField(required=False, max_length=TITLE_MAX_LENGTH)
    body = SourceField(required=False)
    body_format = forms.CharField(required=False)
    parent = forms.IntegerField(required=False, min_value=1, max_value=MAX_INTEGER)
    voice = forms.CharField(required=False)
    filled = KeptFields(required=False)
    about_office = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_title(self) -> str:
        return without_control(self.cleaned_data["title"])

    def clean_body_format(self) -> str:
        return "html" if self.cleaned_data["body_format"] == "html" else "markdown"

    def clean_voice(self) -> Organization | None:
        """A voice that was lost meanwhile is no reason not to keep the text."""
        pk: str = self.cleaned_data["voice"]
        if not (pk.isascii() and pk.isdecimal() and len(pk) <= 18):
            return None
        return voices_of(self.user).filter(pk=int(pk)).first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        limit = SOURCE_MAX_CHARS["html" if cleaned.get("body_format") == "html" else "markdown"]
        if len(cleaned.get("body", "")) > limit:
            self.add_error("body", _("The text is too long to be kept. Send it in parts."))
        return cleaned

    def text(self) -> Text:
        """The text of a valid form."""
        return Text(
            title=self.cleaned_data["title"],
            body=self.cleaned_data["body"],
            body_format=self.cleaned_data["body_format"],
            parent_number=self.cleaned_data["parent"],
            organization=self.cleaned_data["voice"],
            filled=self.cleaned_data["filled"],
            is_about_office=self.cleaned_data["about_office"],
        )


class ReactionForm(forms.Form):
    """A reaction; without `on` it is given where it was missing, and taken back where it was."""

    kind = forms.ChoiceField(choices=Reaction.Kind.choices)
    voice = VoiceField()
    on = forms.TypedChoiceField(
        choices=[("1", "on"), ("0", "off")],
        coerce=lambda value: value == "1",
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_voices(self, user)


class SwitchForm(forms.Form):
    """Something turned on, or off again; without `on` it is on."""

    on = forms.TypedChoiceField(
        choices=[("1", "on"), ("0", "off")],
        coerce=lambda value: value != "0",
        empty_value="1",
        required=False,
    )

    def clean_on(self) -> bool:
        return self.cleaned_data["on"] is not False


class SaveForm(SwitchForm):
    """A post kept for later, with a note for oneself; without the field the note stays."""

    note = forms.CharField(
        label=_("Note for yourself"),
        max_length=SavedPost._meta.get_field("note").max_length,
        required=False,
    )

    def clean_note(self) -> str | None:
        return self.cleaned_data["note"] if "note" in self.data else None


class ReadForm(forms.Form):
    """Posts of one thread by their numbers, as "1-20 25"; or all of them."""

    numbers = forms.CharField(required=False, max_length=20_000)
    all = forms.BooleanField(required=False)

    def clean_numbers(self) -> Ranges:
        try:
            return Ranges.parse(self.cleaned_data["numbers"])
        except ValueError:
            raise forms.ValidationError(_("These are not numbers of posts.")) from None
