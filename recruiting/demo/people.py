"""The people of the demo world: names, places and what they speak, drawn with the world's dice."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Region:
    """Where people come from: country, zones, languages with the level most have, and names."""

    country: str
    zones: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    first_names: str
    last_names: str


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person."""

    name: str
    email: str
    country: str
    timezone: str
    languages: dict[str, str]


REGIONS: Final = (
    Region(
        "US",
        ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
        (("en", "C2"), ("es", "B1")),
        "Maya Jordan Keisha Logan Priya Marcus Elena Tyler Renee Andre Sofia Caleb Tanya Wesley",
        "Carter Nguyen Brooks Ramirez Patel Whitaker Owens Delgado Flynn Barnes Kowalski Hughes",
    ),
    Region(
        "CA",
        ("America/Toronto", "America/Halifax", "America/Vancouver"),
        (("en", "C2"), ("fr", "B2")),
        "Chloé Liam Anaïs Noah Fatima Ethan Margaux Owen Leila Lucas",
        "Tremblay Singh Gagnon MacLeod Bouchard Chen Fraser Lavoie",
    ),
    Region(
        "DE",
        ("Europe/Berlin",),
        (("de", "C2"), ("en", "B2")),
        "Jonas Lena Mehmet Anneke Felix Greta Yusuf Katharina Till Sabine Björn Ayşe",
        "Krüger Yılmaz Schäfer Lindner Brandt Özdemir Vogel Hartmann Böhm Seidel",
    ),
    Region(
        "AT",
        ("Europe/Vienna",),
        (("de", "C2"), ("en", "B2")),
        "Valentina Lukas Magdalena Florian Amina Stefan",
        "Gruber Pichler Moser Hofer Šimić",
    ),
    Region(
        "CH",
        ("Europe/Zurich",),
        (("de", "C2"), ("en", "B2"), ("fr", "B1")),
        "Nadia Reto Seraina Luca Ursina",
        "Keller Brunner Caflisch Baumann",
    ),
    Region(
        "PH",
        ("Asia/Manila",),
        (("en", "C1"), ("fil", "C2")),
        "Jasmine Paolo Kristine Miguel Angelica Ramon Liza Joshua Carmela Nestor",
        "Santos Reyes Dela-Cruz Bautista Villanueva Mendoza Aquino Ocampo",
    ),
    Region(
        "ZA",
        ("Africa/Johannesburg",),
        (("en", "C2"), ("af", "B2"), ("zu", "B2")),
        "Thandi Sipho Anika Lerato Pieter Nomsa Kabelo Zanele Riaan",
        "Mokoena Naidoo van-Wyk Dlamini Botha Khumalo Pillay",
    ),
    Region(
        "PT",
        ("Europe/Lisbon",),
        (("pt", "C2"), ("en", "C1"), ("es", "B1")),
        "Inês João Beatriz Tiago Matilde Rui Leonor Diogo",
        "Ferreira Carvalho Nogueira Teixeira Pinto Moreira",
    ),
    Region(
        "PL",
        ("Europe/Warsaw",),
        (("pl", "C2"), ("en", "B2"), ("de", "B1")),
        "Agnieszka Paweł Zofia Krzysztof Kasia Michał",
        "Wójcik Kamińska Zieliński Nowak Szymański",
    ),
    Region(
        "EG",
        ("Africa/Cairo",),
        (("ar", "C2"), ("en", "B2"), ("de", "B1")),
        "ليلى عمر Nour Karim Salma Youssef مريم",
        "حسن Farouk Mansour عبد-الله Saleh",
    ),
)
_WEIGHTS: Final = (31, 12, 21, 6, 4, 10, 7, 3, 4, 2)
_NATIVE: Final = ("C1", "C2")


def people(count: int, rng: random.Random, start: int = 1) -> Iterator[Person]:
    """This function will draw `count` people with distinct addresses, numbered from `start`."""
    for number in range(start, start + count):
        region = rng.choices(REGIONS, weights=_WEIGHTS)[0]
        yield _person(region, rng, number)


def _person(region: Region, rng: random.Random, number: int) -> Person:
    first = rng.choice(region.first_names.split())
    last = rng.choice(region.last_names.split()).replace("-", " ")
    spoken = dict(region.languages[: 1 + (rng.random() < 0.85) + (rng.random() < 0.35)])
    if "en" in spoken and spoken["en"] not in _NATIVE and rng.random() < 0.3:
        spoken["en"] = rng.choice(("B1", "C1"))
    zone = rng.choice(region.zones)
    return Person(f"{first} {last}", f"agent{number:04d}@demo.example", region.country, zone, spoken)
