"""A program: reads a PDF from its input and writes whether the first pages have text.

Started by forum/lib/pdf_text.py as a process of its own, so it imports nothing of ours.
"""

import io
import resource
import sys

from pypdf import PdfReader
from pypdf.errors import PyPdfError

PAGES = 3  # a cover may be a picture
LETTERS_MIN = 20
MEMORY_MAX_BYTES = 1024**3
CPU_MAX_SECONDS = 10  # should whoever started it be gone
BROKEN = (PyPdfError, ValueError, LookupError, TypeError, AttributeError, OSError)


def read(content: bytes) -> str:
    """One word: text, none, broken or unknown."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return "unknown"
        pages = [reader.pages[index] for index in range(min(PAGES, len(reader.pages)))]
    except BROKEN:
        return "broken"
    if not pages:
        return "broken"
    letters = sum(char.isalnum() for page in pages for char in page.extract_text())
    return "text" if letters >= LETTERS_MIN else "none"


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX_SECONDS, CPU_MAX_SECONDS))
    sys.stdout.write(read(sys.stdin.buffer.read()))
