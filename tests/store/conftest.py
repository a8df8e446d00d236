"""What the tests of the store share."""

from tests.store.register import register

__all__ = ["register"]
