"""The sentences about faults and warnings themselves: what `issues` fills in.

ISSUES: rule code → what is wrong, what to try, and what to try where something near is known.
"""

from __future__ import annotations

from matcher.words.issue_decisions import DECISIONS
from matcher.words.issue_files import TABLES_AND_FILES
from matcher.words.issue_repairs import REPAIRS
from matcher.words.issue_settings import SETTINGS
from matcher.words.issue_whatifs import WHATIFS
from matcher.words.issue_words import MEANT, IssueWords
from matcher.words.issue_words import issue_words as _w
from matcher.words.mapping import ISSUES as MAPPING

CELLS: dict[str, IssueWords] = {
    "required_blank": _w(
        ("必須の項目が空欄です。", "the cell is blank, but every row needs a value here."),
        (
            "値を入力するか、不要な行であれば行ごと削除してください。",
            "enter a value, or delete the row if it is not needed.",
        ),
    ),
    "id_too_long": _w(
        ("ID が長すぎます（「{value}」）。", "the id is too long ({value})."),
        ("{high}文字以内の ID にしてください。", "use at most {high} characters."),
    ),
    "id_of_lines": _w(
        (
            "ID「{value}」に改行などの見えない文字が入っています。",
            "the id {value} holds a line break or another sign that is not shown.",
        ),
        ("セルの値を入力し直してください。", "type the cell again."),
    ),
    "not_a_number": _w(
        ("「{value}」は数値ではありません{unit}。", "{value} is not a number{unit}."),
        (
            "単位や文字を付けずに数字だけを入力してください{or_blank}。",
            "enter digits only, without a unit or words{or_blank}.",
        ),
    ),
    "not_whole": _w(
        ("「{value}」は整数ではありません{unit}。", "{value} is not a whole number{unit}."),
        ("小数のない数を入力してください{or_blank}。", "enter a number without decimals{or_blank}."),
    ),
    "not_a_flag": _w(
        ("「{value}」は○でも×でもありません。", "{value} is neither yes nor no."),
        ("○ か × を入力してください。", "enter yes or no (○ or ×)."),
    ),
    "not_a_date": _w(
        ("「{value}」は日付として読めません。", "{value} is not a date."),
        ("2026-04-01 の形で入力してください{or_blank}。", "write it like 2026-04-01{or_blank}."),
    ),
    "not_in_list": _w(
        ("「{value}」は選択肢にありません。", "{value} is not one of the words allowed here."),
        ("{allowed} のいずれかを入力してください{or_blank}。", "enter one of {allowed}{or_blank}."),
    ),
    "unknown_prefecture": _w(
        ("「{value}」という都道府県はありません。", "{value} is not a prefecture of Japan."),
        ("「高知県」「高知」「Kochi」のように入力してください。", "write it like Kochi or 高知県."),
        MEANT,
    ),
    "unknown_industry": _w(
        ("「{value}」は日本標準産業分類の大分類にありません。", "{value} is not a major group of the JSIC."),
        (
            "A〜T の記号か、「製造業」のような大分類の名称を入力してください。",
            "enter a letter from A to T, or a label such as Manufacturing.",
        ),
        MEANT,
    ),
    "unknown_municipality": _w(
        ("「{value}」という市区町村コードはありません。", "{value} is not a local government code."),
        (
            "6桁の全国地方公共団体コードを文字列で入力してください（例：392014）{or_blank}。",
            "enter the six-digit code as text, such as 392014{or_blank}.",
        ),
    ),
    "corporate_number_check_digit": _w(
        (
            "法人番号「{value}」の検査用数字（先頭の1桁）が合いません。",
            "the check digit of the corporate number {value} is wrong.",
        ),
        (
            "番号を書類と照らし合わせてください。残りの12桁が正しければ、先頭は {expected} です。",
            "compare it with the documents; if the other 12 digits are right, the first one is {expected}.",
        ),
    ),
    "not_a_corporate_number": _w(
        ("「{value}」は法人番号ではありません。", "{value} is not a corporate number."),
        ("13桁の数字を文字列で入力してください{or_blank}。", "enter its 13 digits as text{or_blank}."),
    ),
    "below_minimum": _w(
        ("{value} は {low} より小さい値です{unit}。", "{value} is below {low}{unit}."),
        ("{low} 以上の値を入力してください{or_blank}。", "enter {low} or more{or_blank}."),
    ),
    "above_maximum": _w(
        ("{value} は {high} より大きい値です{unit}。", "{value} is above {high}{unit}."),
        ("{high} 以下の値を入力してください{or_blank}。", "enter {high} or less{or_blank}."),
    ),
    "not_above": _w(
        ("{value} は {above} より大きくありません{unit}。", "{value} is not above {above}{unit}."),
        ("{above} より大きい値を入力してください{or_blank}。", "enter more than {above}{or_blank}."),
    ),
    "not_below": _w(
        ("{value} は {below} より小さくありません{unit}。", "{value} is not below {below}{unit}."),
        ("{below} より小さい値を入力してください。", "enter less than {below}."),
    ),
    "serial_from_1904": _w(
        (
            "日付が連番「{value}」のまま入っていますが、1904 年から数えるブックのため、どの日か決められません。",
            "the day is a bare number, {value}, and this workbook counts days from 1904, so the day is not certain.",
        ),
        (
            "セルの表示形式を日付にするか、2026-04-01 の形で入力してください。",
            "format the cell as a date, or type it like 2026-04-01.",
        ),
    ),
    "cell_error": _w(
        ("Excel のエラー「{value}」になっています。", "the cell holds the Excel error {value}."),
        ("数式を直すか、値を直接入力してください。", "mend the formula, or type the value itself."),
    ),
    "formula_not_calculated": _w(
        ("数式「{value}」が計算されていません。", "the formula {value} was never calculated."),
        (
            "Excel で開いて保存し直すか、値を直接入力してください。",
            "open and save the file in Excel, or type the value itself.",
        ),
    ),
}

ROWS: dict[str, IssueWords] = {
    "duplicate_id": _w(
        ("ID「{value}」は{first_row}行目にもあります。", "the id {value} is already used in row {first_row}."),
        (
            "どちらかの行に別の ID を付けるか、重複した行を削除してください。",
            "give one of the two rows another id, or delete one.",
        ),
    ),
    "duplicate_row": _w(
        (
            "{fields}の組（{ids}）は{first_row}行目にもあります。",
            "the same {fields} ({ids}) already stand in row {first_row}.",
        ),
        ("どちらか一方の行を削除してください。", "delete one of the two rows."),
    ),
    "duplicate_row_alike": _w(
        (
            "{fields}の組（{ids}）は、{first_row}行目の（{first_ids}）と同じです。"
            "全角と半角、大文字と小文字、空白の違いは区別しません。",
            "the {fields} ({ids}) are the same as in row {first_row} ({first_ids}): "
            "width, case and blanks make no difference.",
        ),
        (
            "どちらか一方の行を削除してください。別のものであれば、違いが分かる名前にしてください。",
            "delete one of the two rows, or, if they are two things, give them names that tell them apart.",
        ),
    ),
    "unknown_id": _w(
        ("「{value}」という ID は{refers}にありません。", "there is no id {value} in {refers}."),
        ("{refers}に行を追加するか、ID を直してください。", "add the row to {refers}, or correct the id."),
        ("「{near}」のことでしたら、ID を直してください。", "if you mean {near}, correct the id."),
    ),
    "end_before_start": _w(
        ("終了日 {value} が開始日 {start} より前です。", "the end {value} is before the start {start}."),
        ("どちらかの日付を直してください。", "correct one of the two dates."),
    ),
    "wish_without_value": _w(
        ("希望の行に「希望の強さ」がありません。", "a wish needs a value, and the cell is blank."),
        ("−1（避けたい）〜1（ぜひ）の値を入力してください。", "enter a number from -1 (rather not) to 1 (very much)."),
    ),
    "pin_and_forbid": _w(
        (
            "{ids} の組合せは{first_row}行目で固定されていますが、この行では除外されています。",
            "the pair {ids} is forbidden here, but pinned in row {first_row}.",
        ),
        ("どちらか一方の行を削除してください。", "delete one of the two rows."),
    ),
    "rival_of_itself": _w(
        ("企業「{value}」が自分自身の競合になっています。", "{value} is listed as a rival of itself."),
        ("競合先の ID を直すか、行を削除してください。", "correct the rival's id, or delete the row."),
    ),
    "tie_to_itself": _w(
        ("「{value}」が自分自身とつながっています。", "{value} is tied to itself."),
        ("つながり先の ID を直すか、行を削除してください。", "correct the other id, or delete the row."),
    ),
    "rating_of_other_table": _w(
        (
            "「{value}」は{owner_name}の評価項目ですが、対象は{subject_name}です。",
            "{value} is a column of {owner_name}, but the subject is one of {subject_name}.",
        ),
        ("評価項目か対象の ID を直してください。", "correct the field, or the subject's id."),
    ),
    "pin_breaks_hard_rule": _w(
        (
            "ディレクター「{director_id}」と企業「{company_id}」の組合せは固定されていますが、必要な条件を満たしません：{failures}。",
            "director {director_id} is pinned to company {company_id}, but "
            "the pair breaks a rule that a pin cannot override: {failures}.",
        ),
        (
            "固定をやめるか、条件に関わる値を直してください。",
            "remove the pin, or correct the values that the rule looks at.",
        ),
    ),
    "fixed_engagement_breaks_hard_rule": _w(
        (
            "ディレクター「{director_id}」は企業「{company_id}」を担当中で、方針により継続が固定されていますが、"
            "必要な条件を満たしません：{failures}。",
            "director {director_id} works with company {company_id} now and the policy keeps every engagement, but "
            "the pair breaks a rule that this cannot override: {failures}.",
        ),
        (
            "条件に関わる値を直すか、この行に終了予定日を入れるか、方針の engagements.fixed をやめてください。",
            "correct the values that the rule looks at, end the engagement in this row, or switch engagements.fixed "
            "off in the policy.",
        ),
    ),
}

WARNINGS: dict[str, IssueWords] = {
    "duplicate_name": _w(
        ("「{value}」という名前は{first_row}行目にもあります。", "the name {value} also stands in row {first_row}."),
        (
            "同じ方（企業）を2回登録していないか確かめてください。別であればそのままで構いません。",
            "check that it is not the same one entered twice; if not, leave it.",
        ),
    ),
    "person_is_director": _w(
        (
            "人材「{value}」と同じ ID のディレクターがいます。つながりでは同じ人とみなします。",
            "a director has the same id {value}; ties take both for the same.",
        ),
        ("別の人であれば、どちらかの ID を変えてください。", "if they are two people, change one of the ids."),
    ),
    "skill_nobody_has": _w(
        (
            "スキル「{value}」を持つディレクターも人材もいません（必要とする企業：{n_companies}社）。",
            "no director and no person has the skill {value} (companies that need it: {n_companies}).",
        ),
        (
            "スキルの書き方を確かめるか、このスキルを持つ人を探してください。",
            "check how it is written, or look for someone who has it.",
        ),
        ("スキル「{near}」のことでしたら、書き方を揃えてください。", "if it is the skill {near}, write both alike."),
    ),
    "skill_perhaps_misspelt": _w(
        (
            "スキル「{value}」は1人にしかなく、必要とする企業もありません。",
            "only one person has the skill {value}, and no company needs it.",
        ),
        (
            "スキル「{near}」のことでしたら、書き方を揃えてください。別のスキルであれば、そのままで構いません。",
            "if it is the skill {near}, write both alike; if it is another skill, leave it.",
        ),
    ),
    "perhaps_list": _w(
        (
            "「{value}」は1つのスキルとして読みました。一部の「{near}」は、ほかの行にあるスキルです。",
            "{value} was read as one skill; a part of it, {near}, is a skill of other rows.",
        ),
        (
            "複数のスキルであれば、「、」で区切るか、行を分けてください。",
            "if they are several, put a comma between them or give each a row.",
        ),
    ),
    "ratings_all_equal": _w(
        (
            "{rated}{n}件すべてが {value} で、差がつきません。",
            "all {n} values{rated} are {value}, so this rating decides nothing.",
        ),
        (
            "評価を見直すか、この評価を使う項目の重みを下げてください。",
            "rate again, or lower the weight of the criterion that uses it.",
        ),
    ),
    "rater_all_equal": _w(
        (
            "評価者「{value}」は、{n}件の対象すべてに同じ評価を付けています。",
            "{value} gave all {n} subjects the same rating.",
        ),
        (
            "意図した評価かどうか、評価者に確かめてください。",
            "ask the rater whether the ratings are meant that way.",
        ),
    ),
    "company_nobody_can_serve": _w(
        ("企業「{value}」を担当できるディレクターがいません。", "no director can serve company {value}."),
        ("条件（{failed}）を見直してください。", "look at what rules them out: {failed}."),
        (
            "最も近いのはディレクター「{near}」です。次の点を見直してください：{failures}。",
            "director {near} comes nearest; look at: {failures}.",
        ),
    ),
    "director_nobody_needs": _w(
        ("ディレクター「{value}」が担当できる企業がありません。", "director {value} can serve no company."),
        ("候補から外れる主な理由（{failed}）を確かめてください。", "look at what rules most pairs out: {failed}."),
    ),
    "engagement_breaks_rule": _w(
        (
            "ディレクター「{director_id}」は企業「{value}」を担当中ですが、"
            "必要な条件を満たさないため、継続の候補になりません：{failures}。",
            "director {director_id} works with company {value} now, but "
            "the pair breaks a rule, so it cannot be kept: {failures}.",
        ),
        (
            "担当を続ける場合は、条件に関わる値を直してください。続けない場合は、この行を削除してください。",
            "if they go on, correct the values that the rule looks at; if not, delete this row.",
        ),
    ),
    "engagement_over": _w(
        (
            "終了予定日 {value} が支援の開始日（{start}）より前のため、終わった担当として扱います。",
            "the engagement ends on {value}, before the start {start}, so it is treated as over.",
        ),
        (
            "続いている担当であれば、終了予定日を直すか空欄にしてください。終わっていれば、そのままで構いません。",
            "if it goes on, correct the day or leave it blank; if it is over, leave it.",
        ),
    ),
    "start_far": _w(
        (
            "開始日 {value} は、ほかの日付の中心（{usual}年）から{n_years}年を超えて離れています。",
            "the start {value} is more than {n_years:year|years} from the middle of the other dates ({usual}).",
        ),
        ("年の書き間違いでないか確かめてください。", "check that the year is not mistyped."),
    ),
    "forbid_only_marks": _w(
        (
            "扱いが「{value}」のため、この行では組合せは除外されません。割り当てた場合は、計画に印が付きます。",
            "this row says {value}, so it does not forbid the pair: the two can be matched, and the plan marks it.",
        ),
        (
            "割り当ててはならない場合は、扱いを「禁止」にするか空欄にしてください。",
            "if the two must not be matched, write forbid or leave the cell blank.",
        ),
    ),
    "quota_nobody": _w(
        (
            "枠の対象（{by}：{value}）に当てはまる企業がありません。",
            "no company has {by} = {value}, which the quota is about.",
        ),
        ("枠の値の書き方を確かめるか、枠を削除してください。", "check how the value is written, or delete the quota."),
    ),
    "quota_short": _w(
        (
            "枠は{min}社以上ですが、当てはまる企業は{n_companies}社です（{by}：{value}）。",
            "the quota asks for at least {min}, but only {n_companies:company has|companies have} {by} = {value}.",
        ),
        ("min を小さくしてください。", "lower its min."),
    ),
}

ISSUES: dict[str, IssueWords] = {
    **CELLS,
    **ROWS,
    **TABLES_AND_FILES,
    **SETTINGS,
    **WHATIFS,
    **WARNINGS,
    **DECISIONS,
    **REPAIRS,
    **MAPPING,
}
