"""Mentions in text: one stored form, there and back through Markdown, and nothing forged in it."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.lib import markup, mentions
from forum.lib.mention_sources import names_typed, recognized, renamed
from forum.lib.mentions import Named, called_in, folded, shown, stored
from forum.lib.quoting import QUOTED_MAX_CHARS, cut, quotation

ANNA = '<span data-mention="member-7">@Anna Nowak</span>'
CLUB = '<span data-mention="organization-5">@Klub</span>'
URL = "https://forum.example/threads/4/posts/3/"
SLOW_S = 3


def html(source):
    return markup.render(source, "html")


def markdown(source):
    return markup.render(source, "markdown")


# --- One form, in both formats -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stored_html", "as_markdown"),
    [
        (f"<p>Hej {ANNA}, jak?</p>", "Hej @[Anna Nowak](member:7), jak?"),
        (f"<p>{CLUB}</p>", "@[Klub](organization:5)"),
        (
            f"<ul><li><p>{ANNA}{CLUB}</p></li></ul>",
            "- @[Anna Nowak](member:7)@[Klub](organization:5)",
        ),
        (f"<h3>{ANNA}</h3>", "### @[Anna Nowak](member:7)"),
        (f"<p>Do <strong>{ANNA}</strong></p>", "Do **@[Anna Nowak](member:7)**"),
        (f"<blockquote><p>{ANNA}</p></blockquote>", "> @[Anna Nowak](member:7)"),
    ],
)
def test_a_mention_survives_both_ways(stored_html, as_markdown):
    assert html(stored_html) == stored_html
    assert markup.as_markdown(stored_html, "html") == as_markdown
    assert markdown(as_markdown) == stored_html


NAMES = st.text(min_size=1, max_size=30)


@settings(max_examples=300, deadline=None)
@given(NAMES, st.sampled_from(["member-7", "organization-5", "member-999999999"]))
@example("A*n[a] <b> _x_ &amp; \\", "member-7")
@example("](member:8) @[x", "member-7")
@example("www.zly.pl", "member-7")
@example("__0__", "member-7")
@example("</span><script>", "member-7")
@example("\x1f0\x1f", "member-7")
def test_any_name_is_kept_or_made_shorter_and_never_means_anybody_else(name, key):
    written = html(f"<p>a {stored(key, name)} b</p>")
    assert markup.clean_html(written) == written
    assert mentions.keys_in([written]) <= {key}
    again = markdown(markup.as_markdown(written, "html"))
    assert mentions.keys_in([again]) == mentions.keys_in([written])
    assert "<script" not in written + shown(written, {key: Named(name)})


PARTS = st.sampled_from(
    [
        *(ANNA, CLUB, '<span data-mention="member-7">', "</span>", "@[Anna](member:7)", "@[", "]("),
        *('<span data-mention="member-0">x</span>', '<a href="member:7">', "</a>", "<p>", "</p>"),
        *(
            "<b>",
            "</b>",
            "<br>",
            " ",
            "@",
            "x",
            "<blockquote>",
            "</blockquote>",
            "<li>",
            "\x1f0\x1f",
        ),
        *(
            '<a href="https://a.pl">',
            "www.a.pl",
            "&#x1f;",
            "> ",
            "- ",
            "**",
            "\\",
            "<script>",
            "\n",
        ),
        *("<span style='mso-list:Ignore' data-mention='member-7'>", "&lt;", '"'),
    ]
)
ALLOWED = {"span": {"data-mention"}, "a": {"href", "rel"}}


@settings(max_examples=400, deadline=None)
@given(st.lists(PARTS, max_size=20).map("".join), st.sampled_from(markup.FORMATS))
def test_cleaning_what_is_clean_changes_nothing(source, source_format):
    rendered = markup.render(source, source_format)
    assert markup.clean_html(rendered) == rendered
    assert "\x1f" not in rendered
    tags = re.findall(r"<([^/ >]*)([^>]*)>", re.sub(r"</[^>]*>", "", rendered))
    for tag, attributes in tags:
        assert tag in markup.TAGS | {"span"}
        assert set(re.findall(r" ([\w-]+)=", attributes)) <= ALLOWED.get(tag, set())
    # Every span is a mention in its one form.
    assert rendered.count("<span") == len(mentions.STORED.findall(rendered))


# --- Hostile input -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<span data-mention="member-7" onclick="x" class="y">@A</span>', stored("member-7", "A")),
        ('<span data-mention="member-0">@A</span>', "@A"),
        ('<span data-mention="member-07">@A</span>', "@A"),
        ('<span data-mention="staff-7">@A</span>', "@A"),
        ('<span data-mention="member-7 x">@A</span>', "@A"),
        ('<span data-mention="member-9999999999">@A</span>', "@A"),
        ('<span data-mention="member-7"></span>a', "a"),
        ('<span data-mention="member-7"><b>@A</b></span>', "<strong>@A</strong>"),
        ('<b data-mention="member-7">A</b>', "<strong>A</strong>"),
        ('<a href="member:7">A</a>', "A"),
        (
            f'<a href="https://a.pl">{ANNA}</a>',
            f'<a href="https://a.pl" rel="{markup.LINK_REL}">@Anna Nowak</a>',
        ),
        ("&#x1f;0&#x1f;", "0"),
    ],
)
def test_what_is_forged_is_dropped(source, expected):
    assert html(f"<p>{source}</p>") == f"<p>{expected}</p>"


def test_a_link_of_markdown_with_the_mentions_scheme_leads_nowhere():
    assert markdown("[Anna](member:7)") == "<p>Anna</p>"
    assert markdown("@[**Anna**](member:7)") == "<p>@<strong>Anna</strong></p>"
    assert markdown("\\@[Anna](member:7x)") == "<p>@Anna</p>"


@pytest.mark.parametrize(
    "part", ["@[", "@[a](member:1", ANNA, "<blockquote>" + ANNA, "@" * 3 + "a "]
)
def test_a_lot_of_it_takes_no_time(part):
    for source_format in markup.FORMATS:
        source = part * (markup.SOURCE_MAX_CHARS[source_format] // len(part) // 2)
        started = time.process_time()
        rendered = markup.render(source, source_format)
        called_in(rendered)
        renamed(source, source_format, {"member-7": Named("Ewa")})
        names_typed(markup.plain_text(rendered))
        assert time.process_time() - started < SLOW_S


# --- Whom a text means ---------------------------------------------------------------------------
def test_what_is_quoted_calls_nobody():
    quoted = html(
        f"<p>{CLUB}</p><blockquote><p>{ANNA}</p><blockquote><p>{ANNA}</p></blockquote>a</blockquote>{CLUB}"
    )
    assert called_in(quoted) == ["organization-5"]
    assert mentions.keys_in([quoted]) == {"member-7", "organization-5"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Hej @Anna Nowak, jak?", "Hej @[Anna Nowak](member:7), jak?"),
        ("(@Anna Nowak)", "(@[Anna Nowak](member:7))"),
        ("@Anna Nowakowska", "@Anna Nowakowska"),
        ("ja@Anna Nowak", "ja@Anna Nowak"),
        ("@[Anna Nowak](member:8)", "@[Anna Nowak](member:8)"),
        ("[@Anna Nowak](https://a.pl)", "[@Anna Nowak](https://a.pl)"),
    ],
)
def test_a_name_typed_in_full_is_recognized(typed, expected):
    assert recognized(typed, "markdown", {"Anna Nowak": "member-7"}) == expected


def test_a_name_is_recognized_in_html_but_not_in_links_and_mentions():
    source = '<p>@Anna Nowak <a href="https://a.pl">@Anna Nowak</a></p>' + f"<p>{ANNA}</p>"
    found = html(recognized(source, "html", {"Anna Nowak": "member-8"}))
    assert found.count("member-8") == found.count("member-7") == 1


def test_what_may_be_a_name_is_asked_for_word_by_word():
    assert names_typed("Hej @Anna Nowak-Mazur! ja@b.pl") == {
        "Anna",
        "Anna Nowak-Mazur!",
        "Anna Nowak-Mazur",
        "Anna Nowak-Mazur! ja",
    }
    assert len(names_typed("@a b c d e f g h i j k l m n o p " * 500)) < 1_000


# --- The names of today --------------------------------------------------------------------------
def test_the_name_of_today_is_shown_and_markup_in_it_is_text():
    today = {"member-7": Named("<b>Ewa & syn</b>"), "organization-5": Named("Klub 2", "/o/5/")}
    words = shown(f"<p>{ANNA} {CLUB}</p>", today)
    assert "@&lt;b&gt;Ewa &amp; syn&lt;/b&gt;</span>" in words
    assert '<a class="mention" data-mention="organization-5" href="/o/5/">@Klub 2</a>' in words


def test_whoever_is_gone_stays_as_words():
    assert shown(f"<p>{ANNA}</p>", {}) == "<p>@Anna Nowak</p>"
    assert "@Anna Nowak</span>" in shown(f"<p>{ANNA}</p>", None)


def test_a_source_gets_the_names_of_today():
    today = {"member-7": Named("Ewa [x]")}
    assert (
        renamed("a @[Anna Nowak](member:7) @[B](member:8)", "markdown", today)
        == "a @[Ewa \\[x\\]](member:7) @[B](member:8)"
    )
    assert renamed(f"<p>{ANNA}</p>", "html", today) == f"<p>{stored('member-7', 'Ewa [x]')}</p>"


@pytest.mark.parametrize(("name", "typed"), [("Łukasz ŻÓŁĆ", "lukasz zolc"), ("Straße", "strasse")])
def test_letters_are_folded(name, typed):
    assert folded(name) == typed


# --- Quotations ----------------------------------------------------------------------------------
def test_a_quotation_names_its_place_and_leaves_out_what_was_quoted_there():
    quote = quotation(
        "<blockquote><p>stare</p></blockquote><p><strong>nowe</strong></p>", "Anna, wpis 3", URL
    )
    assert quote == (
        f'<blockquote><p><a href="{URL}" rel="{markup.LINK_REL}">Anna, wpis 3</a>:</p>'
        "<p><strong>nowe</strong></p></blockquote>"
    )
    assert markup.render(markup.as_markdown(quote, "html"), "markdown") == quote


def test_a_post_of_nothing_but_a_quote_is_quoted_with_it():
    assert "stare" in quotation("<blockquote><p>stare</p></blockquote>", "A", URL)


def test_a_name_with_markup_in_a_quotation_is_text():
    assert "&lt;b&gt;A&lt;/b&gt;</a>:" in quotation("<p>a</p>", "<b>A</b>", URL)


def test_a_long_post_is_cut_with_its_tags_closed():
    whole = f"<ul><li><p><strong>{'a' * (QUOTED_MAX_CHARS + 1)}</strong></p></li></ul><p>b</p>"
    assert cut(whole, QUOTED_MAX_CHARS) == (
        f"<ul><li><p><strong>{'a' * QUOTED_MAX_CHARS}…</strong></p></li></ul>"
    )
    assert cut("<p>a &amp; b<br>c</p>", 5) == "<p>a &amp; b<br>…</p>"
    assert cut("<p>a &amp; b</p>", 5) == "<p>a &amp; b</p>"
    assert len(markup.plain_text(quotation(whole, "A", URL))) < QUOTED_MAX_CHARS + 20
