"""Documents of people who do not exist, drawn."""

import io

from PIL import Image, ImageDraw, ImageFont


def draw_document(name: str, number: str, country: str, expires_on: str) -> bytes:
    """This function will draw an invented identity document as a JPEG."""
    picture = Image.new("RGB", (1000, 640), (226, 233, 240))
    pen = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(44), ImageFont.load_default(26)
    pen.rectangle((0, 0, 1000, 96), fill=(38, 72, 120))
    pen.text((36, 24), f"SPECIMEN · {country}", font=large, fill=(255, 255, 255))
    pen.rectangle((40, 140, 320, 500), fill=(198, 206, 214))
    pen.ellipse((120, 190, 240, 330), fill=(150, 160, 172))
    pen.pieslice((70, 330, 290, 640), 180, 360, fill=(150, 160, 172))
    for row, (label, text) in enumerate((("Name", name), ("Number", number), ("Valid until", expires_on))):
        pen.text((370, 150 + row * 110), label, font=small, fill=(90, 100, 112))
        pen.text((370, 184 + row * 110), text, font=large, fill=(24, 32, 44))
    pen.text((40, 560), f"P<{country}<{name.upper().replace(' ', '<')}<<<<<<<<<<", font=small, fill=(60, 70, 84))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
