"""Logos: a picture as it was sent becomes a small square without anything hidden in it."""

import warnings
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

SIDE_PX = 256
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000  # four bytes each, while it is drawn anew
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITY = 86


class NotALogo(ValueError):
    """What was sent cannot be a logo; the text is the sentence that the member reads."""


def shrink(data: bytes) -> bytes:
    """The picture as WebP in a square, on nothing where it does not fill it. Raises: NotALogo.

    It is drawn anew: places, cameras and hidden files stay behind. Units: bytes.
    """
    if len(data) > MAX_BYTES:
        raise NotALogo(_("The picture is larger than 5 MB. Send a smaller one."))
    try:
        with warnings.catch_warnings():
            # Pillow warns of huge pictures; here their size alone decides.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _drawn(data)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, NotALogo):
            raise
        raise NotALogo(
            _("This is not a picture we can read. Send a PNG, JPEG, WebP or GIF.")
        ) from error


def _drawn(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        width, height = picture.size  # read from the header, before anything is unpacked
        if width * height > MAX_PIXELS:
            raise _too_large()
        picture.draft("RGB", (SIDE_PX, SIDE_PX))  # a JPEG is unpacked no larger than needed
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (SIDE_PX, SIDE_PX), (0, 0, 0, 0))
    square.paste(upright, ((SIDE_PX - upright.width) // 2, (SIDE_PX - upright.height) // 2))
    written = BytesIO()
    square.save(written, "WEBP", quality=QUALITY)
    return written.getvalue()


def _too_large() -> NotALogo:
    return NotALogo(_("The picture has too many pixels. Send a smaller one."))
