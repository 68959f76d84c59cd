"""The languages that a program serves. Demand, targets and cover are told apart by them; "" is any language of the program."""

from django.utils.translation import gettext as _

from gigcx.kernel.errors import Invalid
from recruiting.models import Program
from recruiting.queries import language_name
from scheduling.models import CapacityRequest, Shift
from vetting.queries.eligibility import Work

ANY = ""


def languages_of(program: Program) -> list[str]:
    """This function will return the tags of the languages that the program serves, in its own order."""
    return [one["tag"] for one in program.languages if "tag" in one]


def languages_asked(program: Program, language: str) -> list[str]:
    """This function will return the tags that demand in a language asks for: it alone, or all that the program serves."""
    return [language] if language else languages_of(program)


def language_words(language: str) -> str:
    """This function will name the language of demand in the reader's language."""
    return language_name(language) if language else _("Any language")


def with_language(name: str, language: str) -> str:
    """This function will put the language of work behind a name, where the work is in one."""
    return f"{name} · {language_name(language)}" if language else name


def language_choices(program: Program) -> list[tuple[str, str]]:
    """This function will return what demand may be in, with its name: any language, or one that the program serves."""
    return [(one, language_words(one)) for one in (ANY, *languages_of(program))]


def work_of(asked: CapacityRequest | Shift) -> Work:
    """This function will return what a request's or shift's work asks for besides its program, for eligibility."""
    return Work(asked.language, asked.channel)


def language_in(program: Program, text: str) -> str:
    """This function will read a tag as the program writes it; nothing is any language.

    What was asked for in a language stays to be planned and run after the program has dropped it.

    Raises:
        Invalid: the program does not serve it; names the languages it does.
    """
    wanted, served = text.strip().casefold(), languages_of(program)
    found = next((one for one in (ANY, *served) if one.casefold() == wanted), None) or _asked_before(program, text)
    if found is None:
        words = _("%(program)s does not serve customers in %(language)s. Choose one of %(served)s, or leave it empty.")
        known = {"program": program.name, "language": text.strip()[:20], "served": ", ".join(served) or "–"}
        raise Invalid(words % known, field="language")
    return found


def _asked_before(program: Program, text: str) -> str | None:
    rows = CapacityRequest.objects.for_brand(program.brand_id).filter(program=program, language=text.strip()[:20])
    return rows.order_by().values_list("language", flat=True).first() if text.strip() else ANY


def refuse_foreign_channel(program: Program, channel: str) -> None:
    """This function will refuse a channel that the program does not work on.

    Raises:
        Invalid: naming the field.
    """
    if channel not in program.channels:
        raise Invalid(_("%(program)s does not work on that channel.") % {"program": program.name}, field="channel")
