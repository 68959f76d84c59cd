"""The working day in depth."""
