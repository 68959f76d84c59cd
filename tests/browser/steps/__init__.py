"""The journey's steps, one module for each part of the story; every step types and presses like a person."""
