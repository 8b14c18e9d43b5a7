"""Pictures made anew: turned upright, not larger than a page shows, without anything hidden."""

import io
import struct
import threading
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from forum.lib.answers import Refusal

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
EXTENSIONS = frozenset({"jpg", "png", "apng", "gif", "webp", "bmp"})
EXTENSION, CONTENT_TYPE = "webp", "image/webp"
SIDE_MAX = 1_600  # pixels
PIXELS_MAX = 40_000_000
QUALITY = 82
DRAWING_COLOURS = 4_096  # a screenshot or a drawing has fewer, and stays sharp without loss
AT_ONCE = 2  # pictures being decoded in this process: each may take 160 MB

Image.MAX_IMAGE_PIXELS = PIXELS_MAX
# What Pillow raises for files that are broken or lie about themselves, depending on the format.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    AttributeError,
    struct.error,
    MemoryError,
)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
DAMAGED = Refusal(_("this picture is damaged and cannot be opened."))
TOO_LARGE = Refusal(
    _("this picture has too many pixels. Make it smaller: 6000 by 6000 is the most that fits.")
)

_decoding = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture as it is kept. Units: pixels."""

    content: bytes = field(repr=False)
    width: int
    height: int


def drawn_anew(content: bytes) -> Raster | Refusal:
    """The picture as WebP; of an animation its first frame. Raises: nothing for bad input."""
    try:
        with _decoding, Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                return TOO_LARGE
            return _encoded(_upright(image))
    except BOMBS:
        return TOO_LARGE
    except BROKEN:
        return DAMAGED


def _upright(image: Image.Image) -> Image.Image:
    image.draft("RGB", (SIDE_MAX, SIDE_MAX))  # a large photograph is decoded at a part of its size
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.has_transparency_data
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    return plain


def _encoded(image: Image.Image) -> Raster:
    # A new image: nothing of what the old one carried beside its pixels goes along.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    is_drawing = bare.getcolors(DRAWING_COLOURS) is not None
    file = io.BytesIO()
    bare.save(file, "WEBP", lossless=is_drawing, quality=QUALITY, method=4)
    return Raster(file.getvalue(), bare.width, bare.height)
