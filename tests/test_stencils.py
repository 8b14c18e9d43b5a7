"""The tag `stencil` gives what its part gives when it is rendered with the same values."""

from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.template import Context, Template, TemplateSyntaxError
from django.test import override_settings
from django.urls import reverse
from django.utils import translation

from forum.discussions import actions
from forum.discussions.actions.accepting import accept
from forum.discussions.models import Post
from forum.discussions.rendering import fragments_of
from forum_site.templatetags import stencils
from tests.factories import a_reaction, a_reply, a_thread, an_attachment
from tests.settings import TEMPLATES

PARTS = {
    "address.html": "<a href=\"{% url 'discussions:place' thread number %}\">{{ name }}</a>",
    "saved.html": "{% load i18n %}{{ pk }}{% if is_saved %} {% translate 'Saved' %}{% endif %}",
}


@pytest.fixture(autouse=True)
def parts(settings):
    """Templates of our own; what was cut of others before is forgotten."""
    options = {**TEMPLATES[0]["OPTIONS"]}
    options["loaders"] = [
        ("django.template.loaders.locmem.Loader", PARTS),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [{**TEMPLATES[0], "APP_DIRS": False, "OPTIONS": options}]
    stencils._cut.cache_clear()
    yield
    stencils._cut.cache_clear()


def shown(text, **names):
    return Template(text).render(Context(names))


def test_numbers_and_texts_are_put_in():
    tag = "{% stencil 'address.html' thread=thread number=number name=name %}"
    for thread, number, name in ((1, 2, "Anna"), (0, 3_000_000, "</a> & \"Lis\" 'a'"), (7, 7, "")):
        address = reverse("discussions:place", args=[thread, number])
        escaped = shown("{{ name }}", name=name)
        whole = f'<a href="{address}">{escaped}</a>'
        assert shown(tag, thread=thread, number=number, name=name) == whole
    assert stencils._cut.cache_info().misses == 1


def test_what_decides_has_stencils_of_its_own_in_each_language():
    tag = "{% stencil 'saved.html' pk=pk by is_saved=is_saved %}"
    for language, word in (("pl", "Zapisano"), ("en", "Saved")):
        with translation.override(language):
            for pk in (1, 20):
                assert shown(tag, pk=pk, is_saved=True).split() == [str(pk), word]
                assert shown(tag, pk=pk, is_saved=False) == str(pk)


@pytest.mark.parametrize("value", [None, -1, 2.5, True, datetime(2026, 11, 27, tzinfo=UTC)])
def test_what_is_no_number_of_a_row_is_shown_as_its_part_shows_it(value):
    found = shown("{% stencil 'saved.html' pk=pk by is_saved=is_saved %}", pk=value)
    assert found == shown("{{ pk }}", pk=value)
    assert stencils._cut.cache_info().misses == 0


@pytest.mark.parametrize("text", ["saved.html pk=pk", "'saved.html' pk", "'saved.html' by pk"])
def test_a_tag_that_cannot_be_read_is_refused(text):
    with pytest.raises(TemplateSyntaxError, match="stencil: "):
        Template(f"{{% stencil {text} %}}")


def every_sort_of_post(alice, bob, starostwo, carol):
    """Posts that differ in what their fragments show."""
    alice.display_name = "Ala <b>&\"' Nowak"
    alice.save()
    thread = a_thread(bob)
    plain = a_reply(alice, thread)
    a_reply(bob, thread, parent=plain)
    a_reply(carol, thread, voice=starostwo)
    withdrawn, hidden, edited, chosen, reacted, filed = (a_reply(bob, thread) for _ in range(6))
    actions.withdraw(author=bob, post=withdrawn)
    Post.objects.filter(pk=hidden.pk).update(state=Post.State.HIDDEN)
    actions.edit(author=bob, post=edited, body="Jednak środa.", body_format="markdown")
    accept(author=bob, post=chosen, on=True)
    a_reaction(alice, reacted)
    a_reaction(carol, reacted, voice=starostwo)
    an_attachment(bob, filed)
    return list(Post.objects.filter(thread=thread).order_by("number"))


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_sort_of_post_is_what_it_is_without_stencils(
    language, alice, bob, starostwo, carol, monkeypatch
):
    posts = every_sort_of_post(alice, bob, starostwo, carol)
    with translation.override(language):
        found = fragments_of(posts)
        known = stencils._cut.cache_info().misses
        caches["fragments"].clear()
        with override_settings(DEBUG=True):  # there no part is kept
            plain = fragments_of(posts)
    assert known > 6
    assert stencils._cut.cache_info().misses == known
    assert len(set(found)) == len(posts)
    assert [str(each) for each in found] == [str(each) for each in plain]
