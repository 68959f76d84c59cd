"""Papers as PDF. typst sets them: no network, no system fonts, no date, so that equal papers have equal bytes.

typst's own fonts write Latin, Greek, Cyrillic and Hebrew; names in other scripts are written in Noto, from locked packages.
"""

from functools import cache
from pathlib import Path
from typing import Final

import manimgx_fonts
import manimgx_fonts_cjk
import typst

from payments.documents.papers import Paper

LAYOUT: Final = Path(__file__).with_name("paper.typ")


def pdf_bytes(paper: Paper) -> bytes:
    """This function will set the paper and return a PDF; the same paper gives the same bytes."""
    return typst.compile(_layout(), sys_inputs={"paper": paper.as_json()}, font_paths=_fonts(), format="pdf")


@cache
def _layout() -> bytes:
    return LAYOUT.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Fonts inside packages alone: what is installed on a machine changes no paper."""
    folders = [Path(str(one.__file__)).parent for one in (manimgx_fonts, manimgx_fonts_cjk)]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
