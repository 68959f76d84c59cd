"""The icon set: one path each on a 24-unit grid, drawn with a 1.75 stroke and the text's colour."""

from typing import Final

PATHS: Final[dict[str, str]] = {
    "arrow-right": "M4 12h15M13 6l6 6-6 6",
    "arrow-up": "M12 19V6M6 11.500L12 5.500l6 6",
    "arrow-down": "M12 5v13M6 12.500l6 6 6-6",
    "audit": "M6 3.500h8l4 4v13H6zM14 3.500v4h4M9 12h6M9 15.500h6",
    "back": "M15 5l-7 7 7 7",
    "bell": "M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4",
    "bolt": "M13 3L5 13.500h6L10 21l8-10.500h-6z",
    "book": (
        "M12 6.500C10 5 7.500 4.500 4 4.500v14c3.500 0 6 .5 8 2 2-1.500 4.500-2 8-2v-14c-3.500 0-6 .5-8 2zM12 6.500v14"
    ),
    "brand": "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
    "calendar": (
        "M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM4 10.5h16M8.5 3.5v4M15.5 3.5v4"
    ),
    "camera": "M4 8h4l1.500-2.500h5L16 8h4v11H4zM12 16.500a3.300 3.300 0 1 0 0-6.600 3.300 3.300 0 0 0 0 6.600z",
    "certificate": "M12 14.500a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM9 13.800V21l3-1.800 3 1.800v-7.200",
    "chart": "M4 20h16M6.500 16v-4M11 16V7M15.500 16v-6M20 16V4.500",
    "chat": "M4 5.500h16v11H11l-4.500 3.500v-3.500H4z",
    "check": "M5 12.500l4.500 4.500L19 7",
    "chevron-down": "M5 9l7 7 7-7",
    "chevron-right": "M9 5l7 7-7 7",
    "chevron-up": "M5 15l7-7 7 7",
    "clock": "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM12 7.500V12l3 2",
    "close": "M6 6l12 12M18 6L6 18",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "document": "M6 3.500h8l4 4v13H6zM14 3.500v4h4",
    "download": "M12 4v11M6.500 10.500L12 16l5.500-5.500M4.500 20h15",
    "edit": "M4 20h4L19.500 8.500l-4-4L4 16zM13.500 6.500l4 4",
    "expand": "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    "external": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "eye": (
        "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z"
        "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
    ),
    "filter": "M4 6h16M7 12h10M10 18h4",
    "flag": "M5 21V4h13l-3 4.500 3 4.500H5",
    "globe": (
        "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM3.500 12h17M12 3.500c5 5 5 12 0 17"
        "M12 3.500c-5 5-5 12 0 17"
    ),
    "headset": (
        "M4 13v-1a8 8 0 0 1 16 0v1M4 13h2.500v5H5a1 1 0 0 1-1-1zM20 13h-2.500v5H19a1 1 0 0 0 1-1z"
        "M18 18c0 1.800-2 2.500-4.500 2.500"
    ),
    "help": (
        "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17z"
        "M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.4-1 .9-1 1.700M12 16.500h.01"
    ),
    "home": "M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-5v-6h-4v6H5a1 1 0 0 1-1-1z",
    "info": "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM12 11v5M12 8h.01",
    "key": "M8 15.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 11.500h9M18 11.500v3.500M15 11.500v2",
    "learn": "M3 8l9-4 9 4-9 4zM7 10.5V16c1.5 1.4 3 2 5 2s3.500-.6 5-2v-5.500M21 8v6",
    "link": (
        "M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1.500 1.500"
        "M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1.500-1.500"
    ),
    "lock": "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
    "mail": "M3.500 6h17v12h-17zM4 6.500l8 6.500 8-6.500",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "minus": "M5 12h14",
    "moon": "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "pause": "M8 5v14M16 5v14",
    "people": (
        "M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19.500c.7-3 3.200-4.800 6.500-4.800s5.800 1.800 6.500 4.800"
        "M16 11a3 3 0 0 0 .5-5.900M18 14.800c1.900.7 3.100 2.300 3.500 4.700"
    ),
    "person": (
        "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c.8-3.700 3.700-5.800 7.500-5.800s6.700 2.100 7.500 5.800"
    ),
    "phone": "M7.500 3h9v18h-9zM11 18h2",
    "plus": "M12 5v14M5 12h14",
    "queues": "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
    "refresh": "M19.500 12a7.500 7.500 0 1 1-2.200-5.300L20 9.400M20 4.500v4.900h-4.900",
    "score": "M12 4l2.400 5.200 5.600.7-4.200 3.900 1.100 5.600L12 16.600l-4.900 2.800 1.100-5.600L4 9.900l5.600-.7z",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
    "settings": (
        "M4 7h9M19 7h1M4 17h1M11 17h9M16 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z"
        "M8 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z"
    ),
    "shield": "M12 3.500l7.500 2.500v5.500c0 4.500-3 7.500-7.500 9.500-4.500-2-7.500-5-7.500-9.500V6z",
    "sign-out": "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
    "sun": (
        "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400"
        "M18.400 5.600L17 7M7 17l-1.400 1.400"
    ),
    "swap": "M7 4v13M3.500 8L7 4l3.500 4M17 20V7M13.500 16l3.500 4 3.500-4",
    "ticket": "M4 7h16v3.500a1.500 1.500 0 0 0 0 3V17H4v-3.500a1.500 1.500 0 0 0 0-3zM14 7v10",
    "trash": "M4 7h16M9 7V4.500h6V7M6.500 7l1 13h9l1-13",
    "undo": "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
    "upload": "M12 16V5M6.500 10L12 4.500l5.500 5.500M4.500 20h15",
    "wallet": (
        "M4 7h14a2 2 0 0 1 2 2v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1.500 1.500 0 0 1 1.500-1.500H17M16 13.500h.01"
    ),
    "warning": "M12 4l9 16H3zM12 10v4M12 17h.01",
}
"""Name to path. Icons never stand alone: a word goes with them, or an aria-label on the control."""

MIRRORED: Final = frozenset({"arrow-right", "back", "chevron-right", "sign-out", "undo", "external"})
"""Icons that point along the line of reading and turn round in right-to-left text."""

OTHER_NAMES: Final[dict[str, str]] = {
    "academic-cap": "learn",
    "adjustments-horizontal": "settings",
    "arrow-down-tray": "download",
    "arrow-left": "back",
    "arrow-path": "refresh",
    "arrow-right-on-rectangle": "sign-out",
    "arrow-up-tray": "upload",
    "arrow-uturn-left": "undo",
    "banknotes": "wallet",
    "bars-3": "menu",
    "book-open": "book",
    "briefcase": "brand",
    "building-office": "brand",
    "building-storefront": "brand",
    "calendar-days": "calendar",
    "certificates": "certificate",
    "chart-bar": "chart",
    "chat-bubble-left-right": "chat",
    "check-badge": "certificate",
    "check-circle": "check",
    "clipboard": "copy",
    "clipboard-document": "copy",
    "cog-6-tooth": "settings",
    "credit-card": "wallet",
    "currency-dollar": "wallet",
    "document-text": "audit",
    "ellipsis-horizontal": "more",
    "envelope": "mail",
    "exclamation-circle": "warning",
    "exclamation-triangle": "warning",
    "eye-open": "eye",
    "funnel": "filter",
    "globe-alt": "globe",
    "identification": "certificate",
    "information-circle": "info",
    "language": "globe",
    "lock-closed": "lock",
    "magnifying-glass": "search",
    "paper-clip": "link",
    "pencil": "edit",
    "pencil-square": "edit",
    "photo": "camera",
    "programs": "flag",
    "question-mark-circle": "help",
    "rectangle-stack": "queues",
    "shield-check": "shield",
    "sparkles": "score",
    "squares-2x2": "queues",
    "star": "score",
    "user": "person",
    "user-circle": "person",
    "user-group": "people",
    "users": "people",
    "x-mark": "close",
}
"""What others call the same picture."""


def path_of(name: str) -> str:
    """This function will return the drawing of that name, ours or under the name others give it.

    Raises:
        KeyError: there is no such icon.
    """
    return PATHS[OTHER_NAMES.get(name, name)]
