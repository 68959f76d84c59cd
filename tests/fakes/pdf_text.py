"""Reads the words of a PDF that our typesetter made, page by page, so that tests can see what a reader sees.

It knows only what those files use: flate streams, object streams, fonts with two-byte codes and a ToUnicode map.
"""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"/Length\s+(\d+).*?stream\r?\n", re.DOTALL)
_PLAIN = rb"\\.|[^\\()]"
_DEEP = rb"\((?:" + _PLAIN + rb"|\((?:" + _PLAIN + rb"|\((?:" + _PLAIN + rb")*\))*\))*\)"  # brackets in pairs stay bare
_TEXT = _DEEP + rb"|<[0-9A-Fa-f\s]*>"
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\[((?:" + _TEXT + rb"|[^\[\]()])*)\]\s*TJ|(" + _TEXT + rb")\s*Tj", re.DOTALL)
_STRING = re.compile(_TEXT, re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(content: bytes) -> list[str]:
    """The words of each page, in the order they were set; pieces of text follow each other without a blank."""
    objects = _objects(content)
    return ["".join(_page_text(page, objects)) for page in objects.values() if _is_page(page)]


def _is_page(body: bytes) -> bool:
    return re.search(rb"/Type\s*/Page\b(?!s)", body) is not None


def _objects(content: bytes) -> dict[int, bytes]:
    found = {int(number): body for number, body in _OBJECT.findall(content)}
    for body in list(found.values()):
        if re.search(rb"/Type\s*/ObjStm", body):
            found |= _packed(body)
    return found


def _packed(body: bytes) -> dict[int, bytes]:
    plain, first = _inflated(body), int(re.search(rb"/First\s+(\d+)", body)[1])  # type: ignore[index]
    head = [int(part) for part in plain[:first].split()]
    starts = [*head[1::2], len(plain) - first]
    return {number: plain[first + starts[place] : first + starts[place + 1]] for place, number in enumerate(head[::2])}


def _inflated(body: bytes) -> bytes:
    head = _STREAM.search(body)
    if head is None:
        return b""
    raw = body[head.end() : head.end() + int(head[1])]
    return zlib.decompress(raw) if b"FlateDecode" in body else raw


def _page_text(page: bytes, objects: dict[int, bytes]) -> list[str]:
    maps = _maps(page, objects)
    contents = re.search(rb"/Contents\s+(\d+) 0 R", page)
    words: list[str] = []
    present: dict[int, str] = {}
    for font, many, one in _SHOWN.findall(_inflated(objects[int(contents[1])]) if contents else b""):
        if font:
            present = maps.get(font, {})
            continue
        for text in _STRING.findall(many or one):
            codes = _bytes_of(text)
            words += [present.get(int.from_bytes(codes[n : n + 2]), "") for n in range(0, len(codes), 2)]
    return words


def _bytes_of(text: bytes) -> bytes:
    if text.startswith(b"<"):
        return bytes.fromhex(text[1:-1].decode())
    return re.sub(rb"\\(\d{1,3}|.)", _unescaped, text[1:-1], flags=re.DOTALL)


def _unescaped(found: "re.Match[bytes]") -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else _ESCAPES.get(sign, sign)


def _maps(page: bytes, objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """Font name on the page to code to text."""
    reference = re.search(rb"/Resources\s+(\d+) 0 R", page)
    resources = objects[int(reference[1])] if reference else page
    fonts = re.search(rb"/Font\s*(?:<<(.*?)>>|(\d+) 0 R)", resources, re.DOTALL)
    listed = b"" if fonts is None else fonts[1] or objects[int(fonts[2])]
    return {name: _map(objects[int(number)], objects) for name, number in re.findall(rb"/(\w+)\s+(\d+) 0 R", listed)}


def _map(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    reference = re.search(rb"/ToUnicode\s+(\d+) 0 R", font)
    table = _inflated(objects[int(reference[1])]) if reference else b""
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", table)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
