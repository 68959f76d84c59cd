"""The shapes of questions, keys and answers.

A question's payload is `{"prompt": text, "options": [{"id", "text"}]}` for choices and `{"prompt": text}` for short text.
Its key is `{"options": [id, ...], "rule": "all_or_nothing" | "partial"}` or `{"answers": [{"text", "match"}]}`. An answer is
`{"options": [id, ...]}` or `{"text": text}`. Options are named by id, never by position.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

SINGLE_CHOICE: Final = "single_choice"
MULTI_CHOICE: Final = "multi_choice"
SHORT_TEXT: Final = "short_text"
KINDS: Final = (SINGLE_CHOICE, MULTI_CHOICE, SHORT_TEXT)
RULES: Final = ("all_or_nothing", "partial")
MATCHES: Final = ("exact", "close")
MAX_PROMPT: Final = 4_000
MAX_OPTION: Final = 500
MAX_TEXT: Final = 500
_OPTION_ID: Final = re.compile(r"^[a-z0-9]{1,32}$")


class ItemProblem(ValueError):
    """A question, key or answer of the wrong shape; `field` names the part at fault."""

    def __init__(self, message: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(message)


def clean_item(kind: str, payload: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """This function will return payload and key in their one canonical shape.

    Raises:
        ItemProblem: unknown kind, empty prompt, fewer than two options, doubled ids or texts, or a key that does not fit.
    """
    if kind not in KINDS:
        raise ItemProblem("There is no such kind of question.", field="kind")
    prompt = _text(payload.get("prompt"), limit=MAX_PROMPT, field="prompt", name="question")
    if kind == SHORT_TEXT:
        return {"prompt": prompt}, {"answers": _answers(key.get("answers"))}
    options = _options(payload.get("options"))
    return {"prompt": prompt, "options": options}, _choice_key(kind, key, {option["id"] for option in options})


def clean_response(kind: str, payload: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Any]:
    """This function will return an answer in its canonical shape; an empty answer is allowed.

    Raises:
        ItemProblem: unknown or doubled option ids, more than one for a single choice, or too long a text.
    """
    if not isinstance(response, Mapping):
        raise ItemProblem("An answer is an object.", field="payload")
    if kind == SHORT_TEXT:
        return {"text": _answer_text(response.get("text", ""))}
    chosen = response.get("options", [])
    if not isinstance(chosen, Sequence) or isinstance(chosen, str) or not all(isinstance(one, str) for one in chosen):
        raise ItemProblem("An answer names options by their ids.", field="options")
    _refuse_wrong_choice(kind, list(chosen), {option["id"] for option in payload["options"]})
    return {"options": sorted(chosen)}


def public_payload(kind: str, payload: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """This function will return what the person taking the test may see: the prompt, and the options in `order`."""
    shown: dict[str, Any] = {"prompt": payload["prompt"]}
    if kind != SHORT_TEXT:
        texts = {option["id"]: option["text"] for option in payload["options"]}
        shown["options"] = [{"id": one, "text": texts[one]} for one in order]
    return shown


def fold(text: str) -> str:
    """This function will return text for comparing: NFKC, one space between words, no case (Unicode 15, section 3.13)."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _refuse_wrong_choice(kind: str, chosen: list[str], known: set[str]) -> None:
    if len(set(chosen)) != len(chosen):
        raise ItemProblem("An option was named twice.", field="options")
    if not set(chosen) <= known:
        raise ItemProblem("This question has no such option.", field="options")
    if kind == SINGLE_CHOICE and len(chosen) > 1:
        raise ItemProblem("Only one option can be chosen here.", field="options")


def _text(value: Any, *, limit: int, field: str, name: str) -> str:
    text = str(value or "").strip()
    if not text:
        raise ItemProblem(f"Write the {name}.", field=field)
    if len(text) > limit:
        raise ItemProblem(f"The {name} is longer than {limit} characters.", field=field)
    return text


def _answer_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ItemProblem("An answer is text.", field="text")
    if len(value) > MAX_TEXT:
        raise ItemProblem(f"An answer has at most {MAX_TEXT} characters.", field="text")
    return value


def _options(raw: Any) -> list[dict[str, str]]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) < 2:
        raise ItemProblem("Give at least two options.", field="options")
    options = [
        {"id": str(one.get("id", "")), "text": _text(one.get("text"), limit=MAX_OPTION, field="options", name="option")}
        for one in raw
    ]
    if not all(_OPTION_ID.match(option["id"]) for option in options):
        raise ItemProblem("An option's id is short and plain.", field="options")
    if len({option["id"] for option in options}) != len(options):
        raise ItemProblem("Two options have one id.", field="options")
    if len({fold(option["text"]) for option in options}) != len(options):
        raise ItemProblem("Two options say the same.", field="options")
    return options


def _choice_key(kind: str, key: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    keyed = sorted(set(key.get("options", [])))
    if not keyed or not set(keyed) <= known:
        raise ItemProblem("Mark the right option.", field="key")
    if kind == SINGLE_CHOICE:
        if len(keyed) != 1:
            raise ItemProblem("Mark exactly one option as right.", field="key")
        return {"options": keyed}
    if len(keyed) == len(known):
        raise ItemProblem("At least one option has to be wrong.", field="key")
    rule = key.get("rule", "partial")
    if rule not in RULES:
        raise ItemProblem("Choose how partial answers count.", field="rule")
    return {"options": keyed, "rule": rule}


def _answers(raw: Any) -> list[dict[str, str]]:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or not raw:
        raise ItemProblem("Give at least one accepted answer.", field="answers")
    answers = [
        {
            "text": _text(one.get("text"), limit=MAX_TEXT, field="answers", name="accepted answer"),
            "match": one.get("match", "exact"),
        }
        for one in raw
    ]
    if any(answer["match"] not in MATCHES for answer in answers):
        raise ItemProblem("Choose how an answer is compared.", field="answers")
    return answers
