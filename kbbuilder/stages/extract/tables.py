"""Questions out of tables: parameters, plans, troubleshooting, error codes, schedules, commands. One a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kbbuilder.language.text import CJK, fold, has_cjk
from kbbuilder.schema import Candidate, ChunkPart, Element, ElementKind, PairKind
from kbbuilder.stages.extract import english
from kbbuilder.stages.extract.cells import (
    EMPTY,
    SAMPLE,
    are_descriptions,
    inline,
    is_counted,
    is_key,
    is_label,
    is_list,
    is_number,
    is_numbering,
    is_usable,
    is_word,
    lamp,
    look_like_values,
    means_little,
    mostly_numbers,
    named,
    names_only,
    only_groups,
    points_away,
    says_nothing,
    shown,
    tells_more,
)
from kbbuilder.stages.extract.section import Section, candidate, span_of
from kbbuilder.stages.extract.wording import Wording


def _columns(words: str) -> frozenset[str]:
    return frozenset(fold(w) for w in words.split(","))


_SYMPTOM = _columns(
    "problem,symptom,symptoms,fault,issue,trouble,what you see,malfunction,故障,故障现象,现象,问题,问题现象,异常现象,症状,故障描述,常见故障,问题描述"
)
_CAUSE = _columns(
    "cause,causes,possible cause,possible causes,probable cause,likely cause,reason,原因,可能原因,故障原因,原因分析,可能的原因"
)
_REMEDY = _columns(
    "remedy,remedies,solution,solutions,fix,what to do,action,actions,corrective action,resolution,do this,解决方法,解决办法,处理方法,处理办法,处理措施,解决方案,排除方法,处理方式,对策,处理,解决措施,建议,建议处理"
)
_CODE = _columns(
    "code,error,error code,fault code,display,message,error message,indicator,indicator light,status light,light,led,signal,lamp,light signal,warning light,icon,symbol,图标,符号,灯色,指示灯颜色,代码,故障代码,错误代码,错误码,故障码,显示,显示代码,提示,报错信息,指示灯,灯光,灯效,指示灯状态,提示音,状态"
)
_MEANING = _columns("meaning,description,what it means,explanation,status,含义,说明,意义,描述,代表含义,表示")
_STATE = _columns("state,status,colour,color,pattern,behaviour,behavior,signal,状态,颜色,灯光状态,闪烁方式,表现")
_CATEGORY = _columns("category,type,group,class,section,area,类别,分类,类型,大类,组别,系列")
_SORT = _columns("type,kind,category,class,status,location,documentation,keyword")
_REMARK = _columns("remark,remarks,note,notes,comment,comments,备注,说明,注释,注")
_QUANTITY = _columns("quantity,qty,qty.,pieces,number of pieces,count,数量,件数,个数")
_INTERVAL = _columns(
    "interval,frequency,how often,when,every,due,cycle,周期,频率,更换周期,清洁周期,维护周期,保养周期,清洗周期,间隔,建议周期,更换时间"
)
_COMMAND = _columns(
    "command,key,keys,shortcut,button,option,keyboard shortcut,hotkey,命令,按键,快捷键,按钮,选项,指令,热键"
)
_FUNCTION = _columns(
    "function,action,description,effect,what it does,purpose,meaning,功能,作用,说明,用途,描述,含义,操作"
)
_PORT = _columns("port,default port,ports,端口,默认端口,端口号")
_ACTION = _columns("action,operation,task,操作,动作,任务")
_SHORTCUT = _columns("default hotkey,hotkey,shortcut,keyboard shortcut,keys,快捷键,默认快捷键,热键,默认热键,键盘快捷键")
_FILE = _columns("file,path,package,program,directory,文件,路径,软件包,程序,目录,文件名")
_NAME = _columns(
    "parameter,item,specification,property,feature,characteristic,name,attribute,setting,value name,quantity,data,参数,项目,规格,名称,属性,指标,参数名称,参数名,项,特性,技术参数,条目,内容项,设置项,配置项"
)
_VALUE = _columns(
    "value,values,data,specification,details,default,default value,rating,数值,参数值,值,规格,内容,取值,默认值,指标值,标准,说明,参数,描述"
)
_TERM = _columns("term,word,abbreviation,acronym,concept,术语,名词,缩写,概念,词语")
_DEFINITION = _columns("definition,meaning,explanation,description,full name,定义,解释,含义,说明,释义,全称")
_NUMBER = _columns("no,no.,#,number,id,index,序号,编号,号,项次")


_BRACKET = re.compile(r"\s*[(（].*?[)）]")
_EXPLAINS = re.compile(r"^[\u4e00-\u9fff]{2,6}(?:描述|说明|功能|作用|用途|含义)$")
"""Such as "配置文件描述"."""


def header_labels(element: Element) -> tuple[str, ...]:
    """A table's column labels: its last header row; () without one."""
    if element.kind is not ElementKind.TABLE or not element.rows or not element.header_rows:
        return ()
    return tuple(cell.strip() for cell in element.rows[element.header_rows - 1])


def body_rows(part: ChunkPart) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """The data rows of a table part with the offsets of their Markdown line in the chunk's text.

    Relies on `schema.table_markdown`: line 0 is the header, line 1 the rule, then a line a row.
    """
    element = part.element
    if element.rows is None:
        return
    offset = part.start
    lines = element.text.split("\n")
    first = 1 if element.header_rows else 0
    for index, line in enumerate(lines):
        row = index - 2 + first
        if index >= 2 and row >= max(element.header_rows, 0) and row < len(element.rows):
            yield element.rows[row], offset, offset + len(line)
        offset += len(line) + 1


def header_span(part: ChunkPart) -> tuple[int, int]:
    """Where the header line of a table part stands."""
    return part.start, part.start + len(part.element.text.split("\n", 1)[0])


def table_pairs(section: Section, wording: Wording) -> list[Candidate]:
    """One candidate a row of every table whose columns are understood. Cost: O(cells)."""
    found: list[Candidate] = []
    for part in section.body:
        if part.element.kind is ElementKind.TABLE:
            found += _pairs_of(section, part, wording)
    return found


def _pairs_of(section: Section, part: ChunkPart, wording: Wording) -> list[Candidate]:
    rows = list(body_rows(part))
    labels = header_labels(part.element)
    width = len(part.element.rows[0]) if part.element.rows else 0
    if not rows or width < 2:
        return []
    if (labels and fold(labels[0]) in _NUMBER) or is_numbering([r[0] for r, _, _ in rows]):
        rows = [(row[1:], start, end) for row, start, end in rows]
        labels = labels[1:]
        width -= 1
        if width < 2:
            return []
    if (
        len(labels) > 2
        and fold(labels[0]) in _CATEGORY
        and only_groups([r[0] for r, _, _ in rows], [r[1] for r, _, _ in rows])
    ):
        # "Category | Item | …": the rows are about the items.
        rows = [((row[1], *row[2:], row[0]), start, end) for row, start, end in rows]
        labels = (labels[1], *labels[2:], labels[0])
    keys = [fold(label) for label in labels]
    if len(keys) > 2 and keys[0] in _CODE and keys[1] in _STATE:
        # "Red light | flashing | …": lamp and state together are what a customer sees.
        rows = [((lamp(row[0], row[1]), *row[2:]), start, end) for row, start, end in rows]
        labels, keys, width = (labels[0], *labels[2:]), [keys[0], *keys[2:]], width - 1
    reading = _reading(keys, labels, rows, width)
    if reading is None:
        return []
    found: list[Candidate] = []
    seen: set[str] = set()
    for row, start, end in _joined(rows, reading.kind):
        for asked in reading.ask(row, wording, section):
            answer = _row_answer(row, labels, reading.kind, asked.columns)
            if not answer or fold(asked.question) in seen:
                continue
            seen.add(fold(asked.question))
            spans = [span_of(section.chunk, start, end)]
            if labels and len(row) > 2:
                spans.insert(0, span_of(section.chunk, *header_span(part)))
            found.append(candidate(section, asked.question, spans, reading.kind, reading.score, answer=answer))
    return found


class _Asked(NamedTuple):
    """A question a row answers, and which of its cells do (None: all)."""

    question: str
    columns: tuple[int, ...] | None = None


def _one(question: str | None, columns: tuple[int, ...] | None = None) -> Sequence[_Asked]:
    return (_Asked(question, columns),) if question else ()


_Ask = Callable[[Sequence[str], Wording, Section], Sequence[_Asked]]
_Rows = Sequence[tuple[Sequence[str], int, int]]


class _Reading(NamedTuple):
    """How a table is understood: what to ask of a row, the pairs' kind and score."""

    ask: _Ask
    kind: PairKind
    score: float


def _ask_trouble(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
    return _one(wording.trouble_row(inline(row[0]), section.topic, section.prose) if is_usable(row[0], 80) else None)


def _asker_of_codes(kind: str, curable: bool) -> _Ask:
    def ask(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
        usable = is_usable(row[0], 60) and not re.search(r"[={}]", row[0])  # a part of a line of a log
        return _one(wording.code_row(inline(row[0]), kind, curable, section.topic) if usable else None)

    return ask


def _asker_of_intervals(labels: Sequence[str]) -> _Ask:
    def ask(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
        about = " ".join((*labels, section.heading))
        usable = is_usable(row[0], 50) and not is_number(row[0])
        return _one(wording.interval(inline(row[0]), about, section.topic, section.prose) if usable else None)

    return ask


def _asker_of_effects(kind: str, explains: int) -> _Ask:
    """What a command, button, property or file does.

    Args:
        kind: the first column's label, when it says what the names are.
        explains: the column that answers; statistics and versions beside it do not.
    """

    def ask(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
        if not is_usable(row[0], 60) or is_number(row[0]) or not tells_more(row[0], row[explains], section.heading):
            return ()
        if SAMPLE.match(inline(row[0])) or is_key(row[0]) or names_only(row[explains], kind):
            return ()
        asked = wording.does(named(row[0]), kind, section.heading, row[explains], section.topic)
        return _one(asked, (explains,))

    return ask


_ARROWS = frozenset("up down left right".split())


def _asker_of_shortcuts(column: int, rows: _Rows) -> _Ask:
    used = Counter(row[column].strip() for row, _, _ in rows)

    def ask(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
        if not is_usable(row[0], 50) or row[column].strip().lower() in EMPTY:
            return ()
        if section.chunk.language == "en" and (
            used[row[column].strip()] > 1  # what it does depends on where one is
            or not english.is_telling_shortcut(inline(row[0]), inline(row[column]), section.heading)
        ):
            return ()
        if row[column].count("`") % 2:
            return ()  # the key itself is a back-tick, and a part of it is lost
        if inline(row[column]).lower() in _ARROWS and inline(row[0]).lower().endswith(inline(row[column]).lower()):
            return ()  # "Cursor Down": `Down`
        return _one(wording.shortcut(inline(row[0]), section.topic), (column,))

    return ask


def _ask_term(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
    usable = is_usable(row[0], 40) and not is_number(row[0])
    if re.match(r"[「“\"]", row[1]) and fold(row[0]) not in fold(row[1]):
        return ()  # it explains another name
    return _one(wording.meaning(inline(row[0]), section.topic) if usable else None)


def _compared(labels: Sequence[str]) -> list[str]:
    """The models that a table's columns compare, or []."""
    models = [inline(label) for label in labels[1:]] if len(labels) > 2 else []
    codes = all(
        re.search(r"[A-Za-z].*\d|\d.*[A-Za-z]", m) and len(m) <= 24 and len(re.findall(f"[{CJK}]", m)) <= 4
        for m in models
    )
    told_apart = len(set(models)) == len(models) and not any(is_counted(m) for m in models)
    return models if codes and told_apart else []


def _asker_of_values(labels: Sequence[str]) -> _Ask:
    """What a named value is. Columns headed by model codes ("X200", "X300") are compared in one question."""
    compared = _compared(labels)

    def ask(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
        if not is_usable(row[0], 40) or is_number(row[0]) or not is_word(row[0]):
            return ()
        subject = wording.listed(compared) if compared else section.topic
        if (
            section.chunk.language == "en"
            and not section.context.policy
            and (means_little(row[0]) or (not subject and not labels))
            and not english.is_product(subject)
        ):
            return ()  # "Price: 0" – of what?
        if len(row) > 1 and points_away(row[1]):
            return ()
        return _one(wording.value(inline(row[0]), row[1] if len(row) > 1 else "", subject, section.prose))

    return ask


_MAX_ROW_QUESTIONS = 60
"""A table that would give more asks too finely: its section asks for it as a whole, or a search finds it."""


def _is_whole_table_of_measures(section: Section, labels: Sequence[str], columns: Sequence[int]) -> bool:
    """Whether an English table was not cut, and tells measures of a known product or of what is on offer."""
    known = bool(section.topic) or section.context.policy or english.names_an_offer(labels[0])
    cut = section.chunk.heading_path in section.context.split_sections
    return known and not cut and english.names_measures([labels[i] for i in columns])


def _asker_of_columns(labels: Sequence[str], row_count: int) -> _Ask:
    """What a row says of its entity: in one question up to three columns, else one question a measure."""

    def ask(row: Sequence[str], wording: Wording, section: Section) -> Sequence[_Asked]:
        if not is_usable(row[0], 50) or not is_word(row[0]) or is_list(row[0]):
            return ()
        filled = [i for i in range(1, len(row)) if row[i].strip().lower() not in EMPTY and "://" not in row[i]]
        columns = [i for i in filled if fold(labels[i]) not in _REMARK] or filled
        if not columns or (section.chunk.language == "zh") != any(has_cjk(labels[i]) for i in columns):
            return ()
        if len(columns) == 1 and says_nothing(labels[columns[0]]):
            return ()
        if section.chunk.language == "en" and len(columns) == 1 and fold(labels[columns[0]]) in _SORT:
            return ()  # "What is the type for the package?"
        if re.match(r"(?:with|without|no)\b", row[0], re.I) or len(
            {fold(_BRACKET.sub("", labels[i])) for i in columns}
        ) < len(columns):
            return ()  # "With heating" is no thing to ask about, and of two "RAM" columns nobody knows which
        if section.chunk.language == "en" and not _is_whole_table_of_measures(section, labels, columns):
            return ()
        if not section.topic and means_little(row[0]) and not wording.names_an_offer(labels[0]):
            return ()
        together = len(columns) <= 3 and wording.asks_together([labels[i] for i in columns])
        groups = [columns] if together else [[i] for i in columns if len(columns) <= 3 or re.search(r"\d", row[i])]
        if len(groups) * row_count > _MAX_ROW_QUESTIONS:
            return ()
        entity, headings = inline(row[0]), (*section.parents, section.heading)
        asked = [
            (wording.row(entity, labels[0], [labels[i] for i in g], row[g[0]], section.topic, headings), tuple(g))
            for g in groups
        ]
        # Links and statistics that the question leaves out, the answer leaves out, too; a remark stays.
        left_out = section.chunk.language == "en" and any("://" in cell for cell in row[1:])
        remarks = tuple(i for i in filled if fold(labels[i]) in _REMARK and i not in columns)
        whole = (*groups[0], *remarks) if left_out else None
        return [_Asked(question, group if len(groups) > 1 else whole) for question, group in asked if question]

    return ask


def _reading(keys: Sequence[str], labels: Sequence[str], rows: _Rows, width: int) -> _Reading | None:
    """Which kind of table this is, by its column labels and cells; None when it is not understood."""
    if not keys:
        return (
            _Reading(_asker_of_values(()), PairKind.PARAMETER, 0.6) if width == 2 and look_like_values(rows) else None
        )
    first, rest = keys[0], keys[1:]
    if width == 2 and rest[0] in _QUANTITY:
        return None  # a packing list: its section asks for it as a whole
    if first in _SYMPTOM and any(k in _CAUSE | _REMEDY for k in rest):
        return _Reading(_ask_trouble, PairKind.TROUBLESHOOTING, 0.85)
    if first in _CODE and any(k in _MEANING | _CAUSE | _REMEDY for k in rest):
        return _Reading(_asker_of_codes(labels[0], any(k in _REMEDY for k in rest)), PairKind.TROUBLESHOOTING, 0.85)
    if any(k in _INTERVAL for k in rest) and width <= 4:
        return _Reading(_asker_of_intervals(labels), PairKind.PARAMETER, 0.75)
    shortcuts = [i for i, key in enumerate(keys) if i and key in _SHORTCUT]
    if shortcuts:
        return _Reading(_asker_of_shortcuts(shortcuts[0], rows), PairKind.PARAMETER, 0.55)
    if first in _COMMAND and rest[0] in _FUNCTION:
        return _Reading(_asker_of_effects(labels[0], 1), PairKind.DEFINITION, 0.7)
    if first in _TERM and rest[0] in _DEFINITION and not mostly_numbers([r[1] for r, _, _ in rows]):
        return _Reading(_ask_term, PairKind.DEFINITION, 0.75)
    explains = [i for i, key in enumerate(keys) if i and (key in _FUNCTION | _DEFINITION or _EXPLAINS.search(key))]
    # "old tool | new tool | task": what a far column says, it may say of a nearer one.
    explains = [i for i in explains if i == 1 or keys[i] not in _ACTION]
    if any(key in _PORT for key in keys):
        return None  # ports with a remark, not things that do something
    if explains and not mostly_numbers([r[explains[0]] for r, _, _ in rows]):
        return _Reading(_asker_of_effects(labels[0], explains[0]), PairKind.DEFINITION, 0.6 if width == 2 else 0.5)
    if width == 2 and first in _NAME | _COMMAND | _FILE and are_descriptions([r[1] for r, _, _ in rows]):
        return _Reading(_asker_of_effects(labels[0], 1), PairKind.DEFINITION, 0.6)
    if width == 2 and (first in _NAME or rest[0] in _VALUE) and all(len(r[0]) <= 60 for r, _, _ in rows):
        return _Reading(_asker_of_values(labels), PairKind.PARAMETER, 0.75)
    if width > 2 and _compared(labels):
        return _Reading(_asker_of_values(labels), PairKind.PARAMETER, 0.75)
    columns_told_apart = 2 <= width <= 14 and all(is_label(label) for label in labels) and len(set(keys)) == len(keys)
    if (
        columns_told_apart
        and not is_number(rows[0][0][0])
        and len({row[0] for row, _, _ in rows}) == len(rows)
        and any(mostly_numbers([r[i] for r, _, _ in rows]) for i in range(1, width))
    ):
        return _Reading(_asker_of_columns(labels, len(rows)), PairKind.PARAMETER, 0.65)
    return None


def _joined(rows: Sequence[tuple[Sequence[str], int, int]], kind: PairKind) -> list[tuple[list[str], int, int]]:
    """Rows that go on with the same (or an empty) first cell belong to one symptom or code."""
    joined: list[tuple[list[str], int, int]] = []
    for row, start, end in rows:
        cells = list(row)
        if joined and kind is PairKind.TROUBLESHOOTING and (not cells[0].strip() or cells[0] == joined[-1][0][0]):
            before = joined[-1][0]
            merged = [
                before[0],
                *(a if a == b or not b.strip() else f"{a}\n{b}" for a, b in zip(before[1:], cells[1:], strict=True)),
            ]
            joined[-1] = (merged, joined[-1][1], end)
        else:
            joined.append((cells, start, end))
    return joined


def _row_answer(row: Sequence[str], labels: Sequence[str], kind: PairKind, columns: tuple[int, ...] | None) -> str:
    """The row as "Label: cell" a line for what the row says; a single value stands with its row's name."""
    filled = [
        (labels[i] if i < len(labels) else "", cell.strip())
        for i, cell in enumerate(row)
        if i and cell.strip().lower() not in EMPTY and (columns is None or i in columns)
    ]
    if not filled:
        return ""
    colon = "：" if has_cjk(row[0] + "".join(labels)) else ": "
    if len(filled) == 1:
        value = filled[0][1]
        if kind in (PairKind.DEFINITION, PairKind.TROUBLESHOOTING) or len(value) > 60:
            return value
        # One of several measures names itself, as does one whose label tells its unit; the only one names what it is of.
        label = filled[0][0] if columns is not None or re.search(r"[（(]", filled[0][0]) else inline(row[0])
        return f"{label}{colon}{shown(value)}"
    return "\n".join(
        f"- {label}{colon}{shown(cell, '   ')}" if label else f"- {shown(cell, '   ')}" for label, cell in filled
    )
