"""Logos: drawn anew, small, square, without anything hidden in them."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.logos import SIDE_PX, NotALogo, shrink
from tests.accounts.profiles import sent


def picture(form="PNG", size=(600, 300), **options):
    written = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, form, **options)
    return written.getvalue()


def with_exif():
    exif = Image.Exif()
    exif[0x010E] = "tajny opis"
    exif[0x0112] = 6  # lies on its side
    return picture("JPEG", exif=exif)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_becomes_a_small_square(form):
    with Image.open(BytesIO(shrink(picture(form)))) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (SIDE_PX, SIDE_PX))
        assert drawn.getpixel((128, 5))[3] == 0  # a wide picture leaves room above
        assert drawn.getpixel((128, 128))[3] == 255


def test_a_logo_keeps_no_hidden_words_and_stands_upright():
    assert b"tajny opis" in with_exif()
    small = shrink(with_exif())
    assert b"tajny opis" not in small
    with Image.open(BytesIO(small)) as drawn:
        assert not drawn.getexif()
        assert drawn.getpixel((5, 128))[3] == 0  # wide before, high now


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        picture()[:200],
        picture("BMP"),
        picture("PNG", (6000, 5000)),
        b"x" * (5 * 1024 * 1024 + 1),
    ],
    ids=["empty", "cut gif", "svg", "pdf", "cut png", "bmp", "bomb", "large"],
)
def test_what_is_no_logo_is_refused(data):
    with pytest.raises(NotALogo):
        shrink(data)


@pytest.mark.django_db
def test_a_logo_is_sent_shown_and_removed(client, alice, fundacja):
    client.force_login(alice)
    file = SimpleUploadedFile("logo.png", picture(), "image/png")
    assert sent(client, fundacja, logo=file).status_code == 303
    fundacja.refresh_from_db()
    address = reverse("organizations:logo", args=[fundacja.pk, fundacja.logo_digest])
    assert address in client.get(fundacja.get_absolute_url()).content.decode()
    shown = client.get(address)
    assert shown["Content-Type"] == "image/webp"
    assert "immutable" in shown["Cache-Control"]
    assert shown.content == bytes(fundacja.logo.webp)
    assert client.get(address.replace(fundacja.logo_digest, "0" * 32)).status_code == 404
    assert sent(client, fundacja, removes_logo="on").status_code == 303
    fundacja.refresh_from_db()
    assert fundacja.logo_digest == ""
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_file_that_is_no_picture_is_said(client, alice, fundacja):
    client.force_login(alice)
    file = SimpleUploadedFile("logo.png", b"%PDF-1.7", "image/png")
    response = sent(client, fundacja, logo=file)
    assert list(response.context["form"].errors) == ["logo"]
