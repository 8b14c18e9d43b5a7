"""Pictures in texts: only our own addresses, and of each only what its row says."""

from uuid import UUID

import pytest

from forum.lib import markup, pictures

KEY = UUID("123e4567-e89b-12d3-a456-426614174000")
ADDRESS = f"/attachments/{KEY}/"
OURS = f'<p>a <img src="{ADDRESS}" alt="Plan"> b</p>'


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/x.png",
        "//example.org/x.png",
        "data:image/png;base64,AAAA",
        "/attachments/1/",
        f"{ADDRESS}describe/",
        f"{ADDRESS}?x=1",
        f"https://example.org{ADDRESS}",
        f"{ADDRESS}../../accounts/logout/",
    ],
)
def test_foreign_addresses_are_no_pictures(source: str) -> None:
    assert markup.render(f'<p>a<img src="{source}">b</p>', "html") == "<p>ab</p>"
    assert "<img" not in markup.render(f"a ![b]({source}) c", "markdown")


def test_a_foreign_picture_in_markdown_stays_a_link() -> None:
    html = markup.render("![plakat](https://example.org/x.png)", "markdown")
    assert html == f'<p>!<a href="https://example.org/x.png" rel="{markup.LINK_REL}">plakat</a></p>'


@pytest.mark.parametrize(
    "alt", ["Plan", 'Plan "sali" & [holu] *x* _y_ <z> `w` \\ !', "www.example.org"]
)
def test_a_description_goes_both_ways(alt: str) -> None:
    html = markup.render(pictures.as_markdown(ADDRESS, alt), "markdown")
    assert pictures.named_in(html) == {KEY: alt}
    assert markup.render(markup.as_markdown(html, "html"), "markdown") == html
    assert markup.clean_html(html) == html


def test_a_picture_beside_a_bare_address_does_not_get_into_it() -> None:
    html = markup.render(f'<p>www.example.org<img src="{ADDRESS}" alt="Plan"></p>', "html")
    assert 'href="https://www.example.org"' in html
    assert html.count("<img") == 1


def test_what_is_shown_comes_from_the_row() -> None:
    shown = pictures.shown_with(OURS, {KEY: {"alt": 'Inny "opis"', "width": 4, "height": 3}})
    written = f'src="{ADDRESS}" alt="Inny &quot;opis&quot;" width="4" height="3" loading="lazy"'
    assert shown == f"<p>a <img {written}> b</p>"


def test_an_unknown_picture_is_left_out() -> None:
    assert "<img" not in pictures.shown_with(OURS, {})
