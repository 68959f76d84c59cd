"""Forms of the shared pages."""
