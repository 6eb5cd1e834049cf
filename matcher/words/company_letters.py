"""What a letter to one company may say, by field, and the template that is used where nobody gives one."""

from __future__ import annotations

from typing import Final

from matcher.explain.facts_behind import facts_behind
from matcher.pairing.columns import Columns
from matcher.plan.plan import Plan
from matcher.words.catalog import Lang, Sentence
from matcher.words.explain_company import TEXTS
from matcher.words.explain_facts import fact_lines
from matcher.words.facts import facts_of
from matcher.words.letters import letter_line
from matcher.words.plan import criterion_name

FIELDS: Final = {
    "programme": Sentence("事業の名称", "title of the programme"),
    "company": Sentence("宛先の企業・自治体の名称", "name of the company the letter is to"),
    "company_id": Sentence("その ID", "its id"),
    "is_served": Sentence("担当が決まったかどうか（true / false）", "whether it has a director (true / false)"),
    "director": Sentence("担当ディレクターの氏名（なければ空）", "name of its director, empty without one"),
    "message": Sentence("結果を伝える文", "the sentence that tells the outcome"),
    "reasons": Sentence(
        "選定の理由（項目 criterion と文 lines の一覧。なければ空）",
        "the reasons, each with its criterion and lines; none without a director",
    ),
}
"""Every field a template may use."""

TEMPLATE: Final = Sentence(
    ja="{{ company }} 御中\n\n"
    "{% if programme %}「{{ programme }}」に{% endif %}ご応募いただき、誠にありがとうございます。\n"
    "選考の結果を、次のとおりご連絡いたします。\n\n"
    "{{ message }}\n"
    "{% for reason in reasons %}\n■ {{ reason.criterion }}\n"
    "{% for line in reason.lines %}・{{ line }}\n{% endfor %}{% endfor %}\n"
    "ご不明な点がございましたら、お問い合わせください。\n",
    en="To {{ company }}\n\n"
    "Thank you for applying{% if programme %} to “{{ programme }}”{% endif %}. This is the outcome.\n\n"
    "{{ message }}\n"
    "{% for reason in reasons %}\n{{ reason.criterion }}\n"
    "{% for line in reason.lines %}- {{ line }}\n{% endfor %}{% endfor %}\n"
    "Please ask us if anything is unclear.\n",
)

LINES: Final = {
    "written": Sentence("{n}通の文書を書き出しました：{path}", "{n:letter|letters} written: {path}"),
    "field": Sentence("{name}  {text}", "{name}  {text}"),
    "served": Sentence("決定", "served"),
    "unserved": Sentence("見送り", "not served"),
}


def letters_of(plan: Plan, columns: Columns, lang: Lang) -> dict[str, dict[str, object]]:
    """The fields of every company's letter, by id: of the company itself and its director only."""
    problem, facts = plan.problem, facts_of(plan.problem)
    found: dict[str, dict[str, object]] = {}
    for match in plan.document.assignments:
        director, company = problem.director_idx([match.director_id])[0], problem.company_idx([match.company_id])[0]
        behind = facts_behind(columns, int(director), int(company))
        reasons: list[dict[str, object]] = []
        for name, some in behind.items():
            lines = fact_lines(some, problem, lang, "company") if match.criteria[name] > 0 else []
            reasons += [{"criterion": criterion_name(name, lang), "lines": lines}] if lines else []
        who = facts.director_name(match.director_id)
        message = TEXTS["served_letter" if reasons else "served_letter_bare"].fill(lang, director=who)
        found[match.company_id] = {"is_served": True, "director": who, "message": message, "reasons": reasons}
    for one in plan.document.unserved:
        found[one.company_id] = {
            "is_served": False,
            "director": "",
            "message": letter_line(one, lang),
            "reasons": [],
        }
    title = plan.document.title.split(" / ")
    programme = title[0 if lang == "ja" else -1] if len(title) == 2 else plan.document.title
    return {
        key: {"programme": programme, "company": facts.company_name(key), "company_id": key, **found[key]}
        for key in sorted(found)
    }
