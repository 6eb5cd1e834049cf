"""An invented programme of any size: its tables, a chunk at a time, and the figures of its policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from matcher.errors import UsageError
from matcher.generating.columns import Rows
from matcher.generating.companies import company_tables
from matcher.generating.directors import director_tables
from matcher.generating.draws import CHUNK
from matcher.generating.people import director_ties, n_people_for, people_tables
from matcher.generating.relations import company_pairs, director_engagements

MOST_COMPANIES: Final = 9_999_999
"""Ids have seven digits. Japan has some 3.4 million small companies."""
MOST_DIRECTORS: Final = 999_999
MOST_SEED: Final = 2**63 - 1

TABLES: Final = (
    "directors",
    "director_skills",
    "director_regions",
    "director_results",
    "companies",
    "company_needs",
    "people",
    "person_skills",
    "ties",
    "pairs",
    "rivals",
    "engagements",
    "ratings",
)
"""The tables that a generated programme has."""

BYTES_PER_COMPANY: Final = {"csv": 306, "parquet": 35}
BYTES_PER_DIRECTOR: Final = {"csv": 1_250, "parquet": 300}
"""What a company and a director take on the disk with all that hangs on them, measured; for estimates."""


@dataclass(frozen=True, slots=True)
class Programme:
    """An invented programme. The same numbers give the same rows on every machine.

    Parameters
    ----------
    n_directors, n_companies : from 1 to MOST_DIRECTORS and MOST_COMPANIES
    seed : from 0; company i follows from the seed and i alone, so a larger programme begins with the same companies

    Raises
    ------
    UsageError : ``generate_too_few`` or ``generate_too_many`` (name, given, most), ``generate_seed``

    Examples
    --------
    >>> programme = Programme(n_directors=3, n_companies=5, seed=1)
    >>> sizes = {}
    >>> for tables in programme.chunks():
    ...     for name, columns in tables.items():
    ...         sizes[name] = sizes.get(name, 0) + len(next(iter(columns.values())))
    >>> sizes["directors"], sizes["companies"], sizes["people"]
    (3, 5, 40)
    """

    n_directors: int
    n_companies: int
    seed: int = 1

    def __post_init__(self) -> None:
        for name, number, most, of_one in (
            ("directors", self.n_directors, MOST_DIRECTORS, BYTES_PER_DIRECTOR),
            ("companies", self.n_companies, MOST_COMPANIES, BYTES_PER_COMPANY),
        ):
            if number < 1:
                raise UsageError("generate_too_few", name=name, given=number, most=most)
            if number > most:
                needed = bytes_text(number * of_one["csv"])
                raise UsageError("generate_too_many", name=name, given=number, most=most, needed=needed)
        if not 0 <= self.seed <= MOST_SEED:
            raise UsageError("generate_seed", given=self.seed, most=MOST_SEED)

    @property
    def n_people(self) -> int:
        """How many project members there are."""
        return n_people_for(self.n_directors)

    def chunks(self) -> Iterator[dict[str, Rows]]:
        """Yield the tables in parts of at most CHUNK directors, people or companies, in this order.

        Yields
        ------
        dict of table → its columns, of one length each; a table comes in as many parts as it takes, and its rows are in
        the order of ids. Memory does not grow with the number of companies.
        """
        for chunk, n_rows in _parts(self.n_directors):
            yield {
                **director_tables(self.seed, chunk, n_rows),
                "ties": director_ties(self.seed, chunk, n_rows, self.n_directors, self.n_people),
                "engagements": director_engagements(self.seed, chunk, n_rows, self.n_directors, self.n_companies),
            }
        for chunk, n_rows in _parts(self.n_people):
            yield people_tables(self.seed, chunk, n_rows, self.n_people)
        for chunk, n_rows in _parts(self.n_companies):
            yield {
                **company_tables(self.seed, chunk, n_rows),
                "pairs": company_pairs(self.seed, chunk, n_rows, self.n_directors),
            }

    def n_bytes(self, form: str) -> int:
        """Return about how many bytes the programme takes on the disk, as csv or parquet."""
        return self.n_companies * BYTES_PER_COMPANY[form] + self.n_directors * BYTES_PER_DIRECTOR[form]

    def most_served(self) -> int:
        """Return how many companies the policy lets be served: two a director, and six in ten of all at most."""
        return max(1, min(2 * self.n_directors, self.n_companies * 6 // 10))


def bytes_text(n_bytes: int) -> str:
    """Return a size as people read it.

    Examples
    --------
    >>> bytes_text(40_000), bytes_text(1_240_000_000), bytes_text(5 * 10**14)
    ('40 kB', '1.2 GB', '500 TB')
    """
    for power, unit in ((12, "TB"), (9, "GB"), (6, "MB")):
        if n_bytes >= 10**power:
            whole, tenth = divmod(n_bytes // 10 ** (power - 1), 10)
            return f"{whole}.{tenth} {unit}" if whole < 10 else f"{whole:,} {unit}"
    return f"{-(-n_bytes // 1000)} kB"


def _parts(n_rows: int) -> Iterator[tuple[int, int]]:
    for chunk in range(-(-n_rows // CHUNK)):
        yield chunk, min(CHUNK, n_rows - chunk * CHUNK)
