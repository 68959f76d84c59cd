"""Course pages: Markdown with a few named blocks, turned into safe HTML, with problems by line. Pure.

Blocks open with `:::name` and close with `:::` on a line of its own; a block round other blocks takes one colon more.

    :::check refund-window        a question of the page, by its key
    :::callout tip Title          note, tip, warning or rule
    :::steps                      a numbered list as large steps
    :::compare Cold | Warm        two replies side by side, divided by a line of ***
    :::reveal What would you say  hidden until opened
"""

from training.pages.reading import reading_seconds
from training.pages.rendering import CALLOUTS, DIRECTIVES, LABELS, Part, Problem, Rendered, render

__all__ = ["CALLOUTS", "DIRECTIVES", "LABELS", "Part", "Problem", "Rendered", "reading_seconds", "render"]
