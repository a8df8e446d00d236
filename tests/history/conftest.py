"""Every test of the history begins with an empty one: emptying the tables after another test leaves entries of its own."""

import pytest

from rapporto.store.history.models import Entry


@pytest.fixture(autouse=True)
def nothing_happened(request: pytest.FixtureRequest) -> None:
    """No entry of another test."""
    if request.node.get_closest_marker("django_db") is not None:
        Entry.objects.all().delete()
