import pytest

from forum.search import sources
from tests.search.notes import Notes


@pytest.fixture
def notes(monkeypatch):
    """Things to find that are quick to make, and say exactly what a test needs."""
    found = Notes()
    monkeypatch.setitem(sources._sources, Notes.kind, found)
    return found
