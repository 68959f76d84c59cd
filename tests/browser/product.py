"""The running product, as the browser tests know it."""

from tests.product import Product

__all__ = ["Product"]
