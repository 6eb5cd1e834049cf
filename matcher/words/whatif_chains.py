"""Who moves, chain by chain, and which change is behind it; rows and settings that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matcher.domain.problem import Problem
from matcher.domain.tables import TABLES, column_of
from matcher.whatif.chains import Cause, Chain, Difference, Move, Origin
from matcher.whatif.comparing import Comparison
from matcher.words.blocks import Block, Line
from matcher.words.catalog import Lang, shown
from matcher.words.facts import Facts, facts_of
from matcher.words.headings import cell_text, column_heading, sheet_name
from matcher.words.plan import number_text
from matcher.words.plan_data import table_of

TEXTS: Final = table_of(
    {
        "moved": ("{company}：{before}から{after}へ（{points}）", "{company}: from {before} to {after} ({points})"),
        "entered": ("{company}：{after}が新たに担当（{points}）", "{company}: served by {after} now ({points})"),
        "left": (
            "{company}：{before}の担当がなくなる（{points}）",
            "{company}: no longer served by {before} ({points})",
        ),
        "moved_short": ("交代", "moved"),
        "entered_short": ("新規", "entered"),
        "left_short": ("終了", "left"),
        "points": ("{points}点", "{points:point|points}"),
        "both_points": ("{before}→{after}点、差{change}", "{before} → {after:point|points}, {change}"),
        "chain": (
            "つながった{n}件の変更（合わせて{points}点）",
            "{n:move|moves} that hang together ({points:point|points} in all)",
        ),
        "shared": (
            "つながった{n}件の変更（合わせて{points}点）。支援数が上限いっぱいのため、外れた分だけ新しく入ります",
            "{n:move|moves} that hang together ({points:point|points} in all): the plan serves as many as it "
            "may, so one enters for one that leaves",
        ),
        "same_points": (
            "変わらない{n}件の組合せの点の差：合わせて{points}点",
            "The {n:match|matches} that stay {n:=changes|change} by {points:point|points} in all",
        ),
        "these": ("きっかけ：{what}", "Because of {what}"),
        "these_and_more": (
            "関わる変更：{what}（ほかの変更も影響しえます）",
            "Touched by {what} (other changes may play a part)",
        ),
        "settings": ("きっかけ：設定の変更", "Because of changed settings"),
        "elsewhere": (
            "きっかけ：ここに出てこない行の変更、または設定との組合せ（一つには決められません）",
            "Because of changes to rows of others, or with settings; no single one can be named",
        ),
        "none": (
            "データも設定も同じです（プログラムの版の違いなど）",
            "Data and settings are the same (other versions of the program, for example)",
        ),
        "unproved": (
            "最良と証明されていない計画どうしの違いなので、どこまで解けたかの違いも含みえます",
            "A plan is not proved to be the best, so moves may also come from how far it was solved",
        ),
        "unproved_touched": (
            "関わる変更：{what}（最良と証明されていない計画なので、どこまで解けたかの違いも含みえます）",
            "Touched by {what} (a plan is not proved to be the best: moves may also come from how far it was solved)",
        ),
        "change": ("変更{n} {what}", "change {n}, {what}"),
        "change_in": ("変更{n}（{whatif}） {what}", "change {n} of {whatif}, {what}"),
        "reason": ("{what}「{reason}」", "{what} ({reason})"),
        "row": ("{table} {key}の{fields}", "{table} {key}: {fields}"),
        "row_before": ("{table} {key}（前だけにある）", "{table} {key} (only before)"),
        "row_after": ("{table} {key}（後だけにある）", "{table} {key} (only after)"),
        "rows_of": ("{table} {n}行", "{n:row|rows} of {table}"),
        "keys": ("設定 {keys}", "settings {keys}"),
        "nothing": ("変わる行はありません", "no row differs"),
        "n_rows": ("データの違い：{n}行", "Rows of the data that differ: {n}"),
        "more": ("ほか{n}件", "and {n} more"),
        "policy": ("方針の違い：{keys}", "Settings that differ: {keys}"),
        "same": ("組合せは変わりません。", "No match changes."),
    }
)

N_ROWS_SHOWN = 6
N_ORIGINS_SHOWN = 3
N_MOVES_SHOWN = 60


@dataclass(frozen=True)
class Names:
    """Directors and companies of two problems, the later one's name first."""

    before: Facts
    after: Facts

    def director(self, director_id: str | None, lang: Lang) -> str:
        """Name and id; empty for nobody."""
        if director_id is None:
            return ""
        facts = self.after if director_id in self.after.directors else self.before
        return facts.labelled_director(director_id, lang)

    def company(self, company_id: str, lang: Lang) -> str:
        """Name and id."""
        facts = self.after if company_id in self.after.companies else self.before
        return facts.labelled_company(company_id, lang)

    def director_name(self, director_id: str | None) -> str:
        """The name; empty for nobody."""
        facts = self.after if director_id in self.after.directors else self.before
        return "" if director_id is None else facts.director_name(director_id)

    def company_name(self, company_id: str) -> str:
        """The name."""
        facts = self.after if company_id in self.after.companies else self.before
        return facts.company_name(company_id)


def names_of(before: Problem, after: Problem) -> Names:
    """The names of both sides."""
    return Names(facts_of(before), facts_of(after))


def signed(value: float | None) -> str:
    """A difference with its sign, ±0 for none, a dash where it is not known."""
    if value is None:
        return "–"
    return "±0" if value == 0 else f"{'+' if value > 0 else '−'}{number_text(abs(value))}"


def comparison_lines(comparison: Comparison, names: Names, lang: Lang, *, of: str = "") -> list[Block]:
    """Who moves, enters and leaves, with causes; then what differs in policy and data.

    Parameters
    ----------
    of : the what-if whose changes need not say where they stand
    """
    out: list[Block] = list(chain_lines(comparison.chains, names, lang, of=of))
    if not out:
        out.append(Line("text", TEXTS["same"].fill(lang)))
    if comparison.same_points:
        out.append(Line("note", same_points_text(comparison, lang)))
    if comparison.policy:
        out.append(Line("note", TEXTS["policy"].fill(lang, keys=comparison.policy)))
    if comparison.n_rows:
        out.append(Line("note", TEXTS["n_rows"].fill(lang, n=number_text(comparison.n_rows))))
        listed = comparison.rows[:N_ROWS_SHOWN]
        out += [Line("item", row_text(row, lang)) for row in listed]
        if comparison.n_rows > len(listed):
            out.append(Line("item", TEXTS["more"].fill(lang, n=number_text(comparison.n_rows - len(listed)))))
    return out


def same_points_text(comparison: Comparison, lang: Lang) -> str:
    """By how much the matches that stay change, which the chains do not hold."""
    return TEXTS["same_points"].fill(lang, n=number_text(comparison.n_same), points=signed(comparison.same_points))


def chain_lines(chains: Sequence[Chain], names: Names, lang: Lang, *, of: str = "") -> list[Line]:
    """Every chain: what it comes from (once, where all come from the same), and its steps."""
    causes = {cause_text(chain.cause, lang, of=of) for chain in chains}
    out = [Line("note", causes.pop())] if len(causes) == 1 else []
    is_told = bool(out)
    left = N_MOVES_SHOWN
    for chain in chains:
        if left <= 0:
            break
        if len(chain.moves) > 1:
            out.append(Line("text", chain_text(chain, lang)))
        out += [Line("item", move_text(move, names, lang)) for move in chain.moves[:left]]
        left -= len(chain.moves)
        if not is_told:
            out.append(Line("note", cause_text(chain.cause, lang, of=of)))
    n_moves = sum(len(chain.moves) for chain in chains)
    if n_moves > N_MOVES_SHOWN:
        out.append(Line("item", TEXTS["more"].fill(lang, n=number_text(n_moves - N_MOVES_SHOWN))))
    return out


def chain_text(chain: Chain, lang: Lang) -> str:
    """A chain as a whole: how many moves, and what they give together."""
    code = "shared" if chain.shares_places else "chain"
    return TEXTS[code].fill(lang, n=len(chain.moves), points=signed(chain.points_change))


def move_text(move: Move, names: Names, lang: Lang) -> str:
    """One step of a chain, with the points it gives."""
    points = (
        TEXTS["both_points"].fill(
            lang,
            before=number_text(move.before_points),
            after=number_text(move.after_points),
            change=signed(move.points_change),
        )
        if move.kind == "moved"
        else TEXTS["points"].fill(lang, points=signed(move.points_change))
    )
    return TEXTS[move.kind].fill(
        lang,
        company=names.company(move.company_id, lang),
        before=names.director(move.before_id, lang),
        after=names.director(move.after_id, lang),
        points=points,
    )


def kind_text(move: Move, lang: Lang) -> str:
    """Moved, entered or left, in one word."""
    return TEXTS[f"{move.kind}_short"].fill(lang)


def cause_text(cause: Cause, lang: Lang, *, of: str = "") -> str:
    """What a chain comes from, as far as it can be told."""
    told = [origin_text(origin, lang, of=of) for origin in cause.origins[:N_ORIGINS_SHOWN]]
    if len(cause.origins) > len(told):
        told.append(TEXTS["more"].fill(lang, n=len(cause.origins) - len(told)))
    code = "unproved_touched" if cause.known == "unproved" and told else cause.known
    return TEXTS[code].fill(lang, what=told)


def origin_text(origin: Origin, lang: Lang, *, of: str = "", with_reason: bool = True) -> str:
    """One change: its number where it has one, what it changes, and why it is made.

    Parameters
    ----------
    of : the what-if that need not be named
    """
    what = _what(origin, lang)
    if origin.number:
        code = "change" if origin.whatif == of else "change_in"
        what = TEXTS[code].fill(lang, n=origin.number, whatif=origin.whatif, what=what)
    return TEXTS["reason"].fill(lang, what=what, reason=origin.reason) if origin.reason and with_reason else what


def _what(origin: Origin, lang: Lang) -> str:
    if origin.settings and not origin.rows:
        return TEXTS["keys"].fill(lang, keys=origin.settings)
    if len(origin.rows) == 1:
        return row_text(origin.rows[0], lang)
    tables: dict[str, int] = {}
    for row in origin.rows:
        tables[row.table] = tables.get(row.table, 0) + 1
    parts = [
        TEXTS["rows_of"].fill(lang, table=sheet_name(table, lang), n=number_text(n)) for table, n in tables.items()
    ]
    return shown(parts, lang) if parts else TEXTS["nothing"].fill(lang)


def row_text(row: Difference, lang: Lang) -> str:
    """One row that differs, tables and columns under the headings of the reader's language."""
    fields = [column_heading(row.table, field, lang) for field in row.fields]
    code = "row" if row.side == "both" else f"row_{row.side}"
    return TEXTS[code].fill(lang, table=sheet_name(row.table, lang), key=" ".join(_key_texts(row, lang)), fields=fields)


def _key_texts(row: Difference, lang: Lang) -> list[str]:
    """What tells a row apart, as its reader would type it; ids stay as they are."""
    texts = []
    for name, value in zip(TABLES[row.table].key, row.key, strict=True):
        kind = column_of(row.table, name).kind
        is_code = kind == "prefecture" and value.isdigit()
        texts.append(cell_text(row.table, name, int(value) if is_code else value, lang))
    return texts
