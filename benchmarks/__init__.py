"""One runnable module for each figure the product claims."""
