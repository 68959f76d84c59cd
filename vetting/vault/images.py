"""What an upload really is: sniffed, decoded, and for pictures encoded anew, so that nothing hidden travels along."""

import io
import re
from dataclasses import dataclass
from typing import Final

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
_KINDS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "application/pdf": "PDF"}
_ACTIVE_PDF: Final = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|RichMedia|XFA)\b")


class Refused(ValueError):
    """An upload that cannot be used, with a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A cleaned upload."""

    content: bytes
    content_type: str


def clean_upload(raw: bytes) -> Picture:
    """This function will check an upload and return what may be kept: pictures encoded anew as JPEG, PDFs as they are.

    Raises:
        Refused: more than 10 MB or 40 megapixels, not a JPEG, PNG or PDF, broken, or a PDF with active content.
    """
    if len(raw) > MAX_BYTES:
        raise Refused(_("The file is larger than 10 MB. Send a smaller picture."))
    kind = _sniffed(raw)
    if kind == "PDF":
        return Picture(_checked_pdf(raw), "application/pdf")
    return Picture(_encoded_anew(raw, kind), "image/jpeg")


def watermarked(content: bytes, *, text: str) -> bytes:
    """This function will return a JPEG with `text` written across it, again and again."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGBA")
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen, size = ImageDraw.Draw(layer), max(14, picture.width // 32)
    font = ImageFont.load_default(size)
    stride = int(pen.textlength(text, font=font)) + 3 * size
    for line, row in enumerate(range(0, picture.height, size * 5)):
        for column in range(-(line % 3) * stride // 3, picture.width, stride):
            pen.text((column, row), text, font=font, fill=(190, 30, 60, 110))
    return _jpeg(Image.alpha_composite(picture, layer))


def _sniffed(raw: bytes) -> str:
    try:
        found = {match.mime_type for match in puremagic.magic_string(raw)}
    except (puremagic.PureError, ValueError):
        found = set()
    kind = next((_KINDS[mime] for mime in _KINDS if mime in found), None)
    if kind is None:
        raise Refused(_("This is not a JPEG, PNG or PDF, whatever its name says. Take a picture and send that."))
    return kind


def _encoded_anew(raw: bytes, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(raw), formats=[kind]) as opened:
            _refuse_size(opened)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as huge:
        raise Refused(_("The picture has more than 40 megapixels. Send a smaller one.")) from huge
    except Refused:
        raise
    except (OSError, SyntaxError, ValueError) as broken:
        raise Refused(_("The picture is broken and cannot be opened. Take it again.")) from broken
    return _jpeg(upright)


def _refuse_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused(_("The picture has more than 40 megapixels. Send a smaller one."))
    if min(picture.size) < 200:
        raise Refused(_("The picture is too small to read. Take it again, closer."))


def _jpeg(picture: Image.Image) -> bytes:
    flat = picture
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        flat = Image.new("RGB", picture.size, "white")
        alpha = picture.convert("RGBA")
        flat.paste(alpha, mask=alpha.getchannel("A"))
    out = io.BytesIO()
    flat.convert("RGB").save(out, "JPEG", quality=88)
    return out.getvalue()


def _checked_pdf(raw: bytes) -> bytes:
    if not raw.startswith(b"%PDF-") or b"%%EOF" not in raw[-2048:]:
        raise Refused(_("The PDF is broken or cut short. Save it again, or send a picture."))
    if _ACTIVE_PDF.search(raw):
        raise Refused(_("The PDF holds scripts or attachments. Print it to a new PDF, or send a picture."))
    return raw
