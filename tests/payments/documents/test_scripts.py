"""Names on papers in whatever script people write theirs, with no empty box among them."""

import re

import pytest
import typst

from payments import documents
from payments.documents import Paper, digest, pdf_bytes, typesetting
from tests.payments.documents import contents

NAMES = {
    "Arabic": "ليلى الأحمد",
    "Hebrew": "נועה לוי",
    "Devanagari": "अनन्या शर्मा",
    "Thai": "สมชาย ใจดี",
    "Japanese": "山田 太郎 さくら",
    "Korean": "김민준",
    "simplified Chinese": "王小明 刘洋",
    "traditional Chinese": "陳怡君 龍",
    "Bengali": "অনন্যা সেন",
    "Tamil": "கவிதா ராஜன்",
    "Cyrillic": "Зоя Щукина",
    "Greek": "Ελένη Παππά",
    "Vietnamese": "Nguyễn Thị Hường",
    "Polish": "Łukasz Żółć",
}
BOX = re.compile(r'the text `"(.+?)"` could not be displayed')


def paper_for(name: str) -> Paper:
    content = contents.statement([contents.line()])
    return documents.statement_paper({**content, "agent": {**content["agent"], "name": name}})


def boxes(paper: Paper, fonts: typst.Fonts) -> set[str]:
    """What the fonts have no picture for: the standard for readable PDF refuses to leave a box in its place."""
    layout, words = typesetting.LAYOUT.read_bytes(), {"paper": paper.as_json()}
    try:
        typst.compile(layout, sys_inputs=words, font_paths=fonts, format="pdf", pdf_standards="ua-1")
    except typst.TypstError as refused:
        return set(BOX.findall(refused.diagnostic))
    return set()


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_in_any_script_is_written_without_an_empty_box(name: str) -> None:
    assert boxes(paper_for(name), typesetting._fonts()) == set()


def test_a_letter_that_no_font_has_is_found_to_be_missing() -> None:
    bare = typst.Fonts(include_system_fonts=False)
    assert boxes(paper_for(NAMES["Thai"]), bare) >= set("สมชาย")
    assert boxes(paper_for("\N{OLD NORTH ARABIAN LETTER HEH}"), typesetting._fonts())


def test_papers_in_scripts_that_were_written_before_keep_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [
        documents.statement_paper(contents.statement([contents.line(), contents.line(-1200, why="Fault shown")])),
        documents.invoice_paper(contents.invoice()),
        documents.credit_note_paper(contents.credit_note()),
        documents.receipt_paper(contents.receipt()),
        *(paper_for(NAMES[script]) for script in ("Hebrew", "Cyrillic", "Greek", "Vietnamese", "Polish")),
    ]
    now = [digest(pdf_bytes(one)) for one in papers]
    before = typesetting.LAYOUT.read_bytes().replace(b"font: faces", b'font: "Libertinus Serif"')
    monkeypatch.setattr(typesetting, "_layout", lambda: before)
    monkeypatch.setattr(typesetting, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    assert [digest(pdf_bytes(one)) for one in papers] == now
