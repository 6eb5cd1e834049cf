"""The texts that come with an invented programme: its policy, its scenario file and its README, in both languages."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

POLICY: Final = """\
# 方針 / The programme's policy. Keys that are not written here keep their defaults.

roster: engaged # 登録済みのディレクターだけ / engaged directors only

limits:
{most}  quotas: # 区分ごとの枠 / shares by kind
    - {{ by: kind, value: municipality, {municipalities} }} # 自治体 / municipalities
    - {{ by: kind, value: association, max: {associations} }} # 団体 / associations
{search}
# 続いている担当を残すことの値打ち（点） / what keeping a running engagement is worth, in points
keep_points: 300

conflict_of_interest:
  area: neighbouring # 同じ業種で同じ県か隣の県 / same industry, here or next door

solve:
  time_limit_s: {seconds}
  gap: 0.01 # 1 % 以内で十分 / within 1 % is enough
"""

SEARCH: Final = """
candidates:
  search: bounded # 組合せは1件ずつ採点せず、価格で絞り込む / pairs are ruled out by prices, not scored one by one
"""
"""What the policy of a large programme says of its candidates."""

SCENARIO: Final = """\
title: "架空の事業：ディレクター{n_directors_shown}人と応募{n_companies_shown}件 / \
Invented: {n_directors_shown} directors, {n_companies_shown} applicants"
data: "."
policy: policy.yaml
"""

README: Final = """\
# Invented programme / 架空の事業

**All people, companies, cases and figures here are invented.** Only the names and codes of municipalities and
prefectures are real. Nothing here describes any real person, company or municipality.

**人物・企業・案件・数値はすべて架空です。** 実在するのは市区町村と都道府県の名称・コードだけです。
実在の人物・企業・自治体を表すものではありません。

Made by / 作成したコマンド（matcher {version}）:

    matcher generate --directors {n_directors} --companies {n_companies} --seed {seed} --format {form} --out FOLDER

- {n_directors_shown} directors, {n_companies_shown} applicants, {n_people} project members
- ディレクター {n_directors_shown}人、応募 {n_companies_shown}件、人材 {n_people}人

The same command and version give the same bytes on every machine (Parquet: with the same version of pyarrow). A company
follows from the seed and its number alone, so a larger programme begins with the same companies.

同じコマンドと同じ版からは、どの計算機でも同じファイルができます（Parquet は pyarrow も同じ版の場合）。
企業は種と番号だけで決まるため、件数を増やしても、はじめの企業は変わりません。

## What is assumed / 前提

- Companies stand in municipalities in proportion to people: the 2020 census for prefectures, large cities and Tokyo's
  wards, an estimate for the other municipalities.
- What regions live from, what companies need, what directors can do, and how often a cell is blank are assumptions of
  the generator, no statistics.
- One director in fifty stands out and is wanted by many. Two skills are known by project members only, so whoever must
  have them by a director finds nobody.

- 企業の所在地は人口に比例します（都道府県・政令市・東京23区は2020年国勢調査、ほかの市町村は推計）。
- 地域の産業、必要なスキル、ディレクターの力量、空欄の割合は、生成の前提であり、統計ではありません。
- 50人に1人のディレクターに希望が集中します。2つのスキルは人材だけが持つため、
  必須とした企業に合うディレクターはいません。
"""

HELP: Final = {
    "generate": Sentence(
        ja="架空の事業のデータを、好きな大きさで作ります(試用、練習、性能の測定用)。人物と企業はすべて架空です。",
        en="Make an invented programme of any size, for trying, teaching and measuring. All of it is invented.",
    ),
    "n_directors": Sentence(
        ja="ディレクターの人数(1〜999999)。人材はその5倍です。",
        en="How many directors (1 to 999999); there are five times as many project members",
    ),
    "n_companies": Sentence(ja="応募する企業・自治体の数(1〜9999999)", en="How many companies apply (1 to 9999999)"),
    "generate_seed": Sentence(
        ja="乱数の種(既定は 1)。同じ種と同じ版からは、同じファイルができます。",
        en="The seed (default 1): the same seed and version give the same files",
    ),
    "generate_out": Sentence(ja="書き出し先のフォルダー", en="The folder to write"),
    "generate_format": Sentence(
        ja="表の形式。csv(既定、Excel で開けます)または parquet(大きな事業向け)",
        en="csv (the default, opens in Excel) or parquet (for large programmes)",
    ),
    "generate_force": Sentence(
        ja="書き出し先に以前の架空の事業があっても置き換えます(手を加えたものも消えます)。",
        en="Replace a programme generated earlier, whatever was changed in it since.",
    ),
}

LINES: Final = {
    "generate_size": Sentence(
        ja="約{size}を書き出します(ディレクター {n_directors} 名、応募 {n_companies} 件)。",
        en="About {size} will be written ({n_directors:director|directors}, {n_companies:company|companies}).",
    ),
    "generate_so_far": Sentence(ja="応募 {n}/{of} 件", en="{n} of {of:company|companies}"),
    "generated": Sentence(
        ja="{path} に架空の事業を作りました。次は: matcher check {path}、matcher run {path}",
        en="An invented programme is in {path}. Next: matcher check {path}, matcher run {path}",
    ),
}

ERRORS: Final = {
    "generate_too_few": Sentence(
        "--{name}：{given} は少なすぎます。\n対処：1 以上 {most} 以下の整数を指定してください。",
        "--{name}: {given} is too few.\nTry: a whole number from 1 to {most}.",
    ),
    "generate_too_many": Sentence(
        "--{name}：{given} は多すぎます（CSV で約{needed}になります。ID は7桁です）。\n"
        "対処：1 以上 {most} 以下の整数を指定してください。",
        "--{name}: {given} is too many (it would take about {needed} as CSV; ids have seven digits).\n"
        "Try: a whole number from 1 to {most}.",
    ),
    "generate_seed": Sentence(
        "--seed：{given} は範囲外です。\n対処：0 以上 {most} 以下の整数を指定してください。",
        "--seed: {given} is out of range.\nTry: a whole number from 0 to {most}.",
    ),
    "generate_format": Sentence(
        "--format：「{name}」という形式はありません。\n対処：{known} のいずれかを指定してください。",
        "--format: there is no format {name}.\nTry: one of {known}.",
    ),
    "generate_no_room": Sentence(
        "書き出し先「{path}」の空き容量が足りません（必要なのは約{needed}、空きは{free}）。\n"
        "対処：空き容量を増やすか、--companies を減らすか、--format parquet を指定してください。",
        "There is not enough room for {path} (about {needed} needed, {free} free).\n"
        "Try: free some space, fewer --companies, or --format parquet.",
    ),
    "out_holds_programme": Sentence(
        "書き出し先「{path}」には、以前に作った架空の事業があります。\n"
        "対処：--out で別のフォルダーを指定するか、置き換える場合は --force を付けてください。",
        "The output folder {path} holds a programme that was generated earlier.\n"
        "Try: another folder with --out, or --force to replace it.",
    ),
}
