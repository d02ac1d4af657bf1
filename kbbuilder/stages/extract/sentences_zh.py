"""Chinese sentence forms: "X 是指…", "额定电压为 220 V", "如果…，请…", "如需…，请…"."""

from __future__ import annotations

import re

from kbbuilder.language.text import CJK, has_cjk
from kbbuilder.schema import PairKind
from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.chinese.answers import is_done_on_screen, names_no_place, needs_its_page
from kbbuilder.stages.extract.chinese.naming import inside, is_place, mentions
from kbbuilder.stages.extract.chinese.tasks import purpose_below
from kbbuilder.stages.extract.statement import Reading, Statement
from kbbuilder.stages.extract.wording import Wording

_DEFINES = re.compile(
    rf"^(?:所谓)?(?P<term>[{CJK}A-Za-z0-9`“”\"「」《》\-+/. ]{{2,24}}?)(?:[（(][^（）()]{{1,40}}[)）])?[，]?"
    r"(?P<verb>是指|指的是|系指|是一[种个款类套项份组段台]|是由|是用[于来]|定义为|又称|也称)"
)
_NO_TERM = re.compile(
    r"[「」“”\"]|^(?:字母|数字|字符|选项|参数|命令|每|任何|所有|各|某|第|\d|这|那|该|此|本|它|其|以下|以上|上述|下面|上面|前者|后者|如果|若|当|因为|由于|但|而|并|且|则|就|您|你|我|他|她|不|也|还|都|另|或|和|在|对|从|把|被|将|"
    r"可|请|只|又|有|没|目前|默认|同时|通常|一般|其中|例如|比如|注意|最后|首先|然后)"
    r"|(?:这|那|它|您|你|我们|就|都|也|主要|不|中|上|时|后|前|的|了|会|能|可以|应该|必须|通常|一般|目前|已经|实际上?|本质上?|其实|之一|原因|目的|结果|也许|可能|大概|只|仅|类型|type)$"
    r"|[的把被将让使，]"
)
_RATES = re.compile(
    r"是一[个种](?:[^，。]{0,6}(?:很|非常|比较|不错|好|更|最|十分|相当|典型|宽泛|通用术语|重要)|(?:术语|概念|问题|方面|方法|过程)[，。]|[^，。]{0,4}(?:必不可少|不可缺少|不可或缺))|因为|所以|最(?:合适|基础|常|好|佳)"
)
"""What a sentence rates or argues it does not define."""
_MEASURED = re.compile(r"(?:大小|数量|次数|个数|长度|时间)$")
_OF_ALL = re.compile(r"^(?P<name>[A-Za-z/ ]+?) ?(?:系统|软件|平台)是一[个种](?:多任务|面向|功能|强大|完整|开放)")
"""What everybody knows ("Linux 系统是一个功能强大的平台")."""
SHOWS_A_CASE = re.compile(
    r"(?:first |second )?(?:语法|参数|示例|例子|举例|用例|样例|返回值|syntax|arguments|parameters|examples?)(?:说明|列表)?$",
    re.I,
)
"""The headings of sections whose sentences hold for one function's arguments or one made-up case."""
_PARTIES = frozenset(("本公司", "我们", "用户", "您", "甲方", "乙方", "双方", "公司"))
_NUMBER = r"[\d一二三四五六七八九十百两]+(?:\.\d+)?"
_VALUE = re.compile(
    rf"(?:^|[，；。：])(?P<name>[{CJK}A-Za-z0-9 ]{{3,18}}?)"
    r"(?:应?为|是|不超过|不得超过|不应超过|不能超过|不低于|不少于|不得少于|至少|最多|最高|最低|约为|可达|达到?|限制为|上限为|上限是)"
    rf"(?:约|大约|最多|至少|不超过)?(?!一[个种类些条项段套])(?=[¥￥$]?\s?{_NUMBER}\s?[{CJK}A-Za-z%℃°Ω])"
)
_VALUE_TAIL = re.compile(
    r"(?:时间|期限|周期|温度|重量|容量|压力|长度|时长|价格|费用|运费|电压|功率|距离|数量|尺寸|宽度|高度|厚度|速度|频率|间隔|比例|流量|电流|范围|能耗|载重|承重|年龄|金额|额度|限额|"
    r"上限|下限|寿命|有效期|保修期|质保期|延迟|超时|分辨率|湿度|海拔|人数|次数|个数|天数|大小|密度|浓度|水压|水温|噪音|押金|税率|利率|手续费)$"
)
_IF = re.compile(
    r"^(?:如果|若出现|如出现|若是?|如遇|如|假如|一旦|当|倘若)(?P<clause>[^，。；：！？]{3,40}?)(?:时|的时候|的话|的)?，(?:则|那么|就)?(?P<then>.{3,}?)$",
    re.S,
)
_TO = re.compile(
    r"^(?:如需|如果?要|如果?(?:您|你)?(?:想要?|希望|需要|打算)|若需|若要|若(?:您|你)?(?:想要?|需要)|需要|要|想要|为了?)"
    r"(?P<verb>[^，。；：！？]{3,24}?)(?:时|的话|的)?，(?:请|您?可以?|先|需要?|应|建议|只需|必须|首先)(?P<then>.{4,})$",
    re.S,
)
_INSTRUCTS = re.compile(
    r"^(?:请|您?(?:可以?|应当?|需要?|必须|须|要)|建议|联系|先|立即|立刻|务必|首先|应当?|需要?|必须|可以?|不要|切勿|禁止|勿|检查|重新|尝试|按|长按|拨打|及时|"
    + "|".join(verb for verb in lex.VERBS if len(verb) == 2)
    + ")"
)
_POINTS_BACK = re.compile(r"(?:这|那|它|该|此|其|上述|以下|如下|前者|后者|本条|本款|本章|本节|下图|上图|下表)")
_TAKE_MORE = frozenset(("配置", "部署", "搭建"))
_INSTRUCTS_BY_MENU = re.compile(r"点击|单击|双击|菜单|按钮|对话框|选项卡")
"""What one sentence seldom tells whole, unless it names the place where it is all done."""
_SENDS_TO_READ = re.compile(
    r"(?:请|先|\s)*(?:阅读|参阅|参考|参见|参看|浏览|访问|查看[^，。]{0,12}(?:指南|帮助|说明|手册))"
)
_POINTS_BACK_AT = re.compile(r"^[^。]{0,30}(?:(?:在|到|入|于|从)(?:此|该|上述)|上述)(?!外|时|后)")
_WISH = re.compile(r"(?:您|你|用户)?(?:需|要|想|希望|打算|可以|能|愿意|喜欢)")
_EVENT = re.compile(
    r"出现|遇到.{2,}(?:错误|故障|异常|失败)|忘记|丢失|显示|提示|闪|响|损坏|坏了|漏|停止|停电|误|逾期|过期|到期|受伤|进水|起火|冒烟|耗尽|不足|异味|听到"
)
_DEVICE_EVENT = re.compile(r"听到|指示灯|提示音|蜂鸣|电量|漏[水电气]|渗水|异味|异响|冒烟|起火|进水|卡纸|断电|停电")
"""What only happens to a device, so that any owner of one knows what is meant."""


def read(statement: Statement, wording: Wording, subject: str) -> Reading | None:
    """What the sentence answers, or None."""
    bare = statement.text.rstrip("。！；")
    if not 8 <= len(statement.text) <= 220 or statement.text.endswith("？"):
        return None
    defined = _definition(bare, statement, wording, subject)
    if defined is not None:
        return defined
    condition = _IF.match(bare)
    if condition and not _WISH.match(condition.group("clause")):
        return _condition(condition, statement, wording, subject)
    return _purpose(bare, statement, wording, subject) or _limit(bare, statement, wording, subject)


def _definition(bare: str, statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _DEFINES.match(bare)
    if match is None or _RATES.search(bare) or re.search(r"这些|那些|上述|如下", bare):
        return None
    if match.group("verb") == "是由" and not re.search("组成|构成|产生|而成", bare):
        return None  # "X 是由双引号标注" says how X looks
    explains_a_word = "指" in match.group("verb")
    term = match.group("term").strip(' “”"「」')
    if not (statement.first or explains_a_word) or not 2 <= len(term) <= 16 or term in _PARTIES:
        return None
    if _NO_TERM.search(term) or term.endswith(("还", "也", "都", "就", "仍", "又", "只", "则", "才")):
        return None
    of_a_program = explains_a_word and is_place(subject, "`") and not re.search(r"[A-Za-z]", term)
    if of_a_program and not any(term[:2] in h or term[-2:] in h for h in statement.headings):
        return None  # a word of the page that its section is not about
    if _MEASURED.search(term) or _OF_ALL.search(bare):
        return None
    asked = term
    # "符号" alone may be anything; of a program's manual it is the program's.
    if (not re.search(r"[A-Za-z]", term) and not explains_a_word) or (len(term) <= 3 and subject and has_cjk(term)):
        if not subject and len(term) <= 3:
            return None
        if subject and (len(term) <= 3 or is_place(subject, "`")) and not mentions(term, subject):
            asked = f"{inside(subject)}{re.sub('^一[个种款类]', '', term)}"
    # "X 是指…" stands in glossaries, one sentence a term; "X 是一种…" opens a paragraph about X.
    return Reading(wording.definition(asked, False), PairKind.DEFINITION, 0.7, goes_on=not explains_a_word, about=term)


def _condition(match: re.Match[str], statement: Statement, wording: Wording, subject: str) -> Reading | None:
    clause = match.group("clause")
    of_a_device = (subject and not is_place(subject, "`")) or _DEVICE_EVENT.search(clause)
    if not of_a_device and not statement.policy:
        return None  # a program has many parts, and which one fails here, nothing says
    if is_done_on_screen(clause):
        return None  # what the reader chose in a dialog is no event
    if len(clause) < 5 or clause.startswith(("不", "没", "未", "无")):
        return None  # "如果不使用，…": what, is not said
    if not _stands_alone(clause) or not _instructs(match.group("then")) or not _is_event(clause):
        return None
    if _OF_ITS_PAGE.search(clause) or _ONLY_TELLS.match(match.group("then")):
        return None
    return Reading(wording.if_clause(clause, True, subject), PairKind.CONDITION, 0.6, goes_on=statement.first)


def _purpose(bare: str, statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _TO.match(bare)
    task = match.group("verb").removesuffix("的话").removesuffix("时") if match else ""
    if not _stands_alone(task) or _POINTS_BACK_AT.search(match.group("then") if match else ""):
        return None
    verb = next((verb for verb in lex.VERBS if task.startswith(verb)), "")
    acts_on = task[len(verb) :].strip()
    if (
        len(task) > 22
        or re.search(r"(?<![\w`])(?:xyz|foo|bar|xxx)(?![\w`])", task, re.I)
        or re.search("而非|而不是|取代|代替", task)
        or acts_on.startswith(("从", "在", "以", "为", "的", "是", "能", "后", "前"))
    ):
        return None
    if not subject and re.fullmatch(r"`[^`]+`(?:\(\w+\))?", acts_on):
        return None  # of which language or system?
    if verb in ("防止", "避免") and not re.search(r"[A-Za-z]", task):
        return None  # of which work it is the danger, its section has said before
    if verb in _TAKE_MORE and not _INSTRUCTS_BY_MENU.search(bare):
        return None
    if match and re.fullmatch(
        r"(?:需要)?(?:进行|做|完成)(?:一些)?(?:测试|检查|验证|处理|设置|配置)", match.group("then")
    ):
        return None  # says again that it is to be done
    if match and verb != "安装" and re.search("，必须(?:先)?(?:安装|具有|具备|拥有)", bare):
        return None  # what is needed for it, not how it is done
    if match and _is_only_the_first_step(match.group("then"), statement):
        return None
    if needs_its_page(bare) or _SENDS_TO_READ.match(match.group("then") if match else ""):
        return None
    if (
        match
        and (not subject or is_done_on_screen(bare) or is_place(subject, "`"))
        and names_no_place(match.group("then"))
    ):
        return None
    if not subject and not re.search(r"[A-Za-z]{2}", task) and is_done_on_screen(bare):
        return None  # menus and buttons of which program?
    # "如需更改，…" does not say what; "如需添加用户，…" is asked of a product or not at all.
    if not verb or not acts_on or (not subject and not statement.policy and acts_on in lex.ANYWHERE):
        return None
    asked = purpose_below(task, statement, subject)
    return Reading(asked, PairKind.HOW_TO, 0.6, goes_on=True) if asked else None


def _is_only_the_first_step(then: str, statement: Statement) -> bool:
    """Whether an instruction says what to do first, and neither it nor the sentences behind it what then."""
    behind = statement.prose[statement.prose.find(statement.text) + len(statement.text) :][:200]
    return "首先" in then and re.search("然后|接着|再|最后|之后|接下来", then + behind) is None


def _limit(bare: str, statement: Statement, wording: Wording, subject: str) -> Reading | None:
    match = _VALUE.search(bare)
    name = match.group("name").strip() if match else ""
    if name.startswith(("取值", "数值", "默认")) and is_place(subject, "`"):
        return None  # of which field?
    if len(name) < 3 or not _VALUE_TAIL.search(name) or _NO_TERM.search(name) or _POINTS_BACK.search(name):
        return None
    asked = wording.value(name, "1", subject, statement.prose)
    return Reading(asked, PairKind.PARAMETER, 0.65) if asked else None


_OF_ITS_PAGE = re.compile(
    r"^(?:因|使用|采用|启用|选择|在|我|您?的?一个)|相应|对应|某|任何|某些|相关|有错误|被|问题$|其[他它]"
)
"""A case that its section has told before, or one option of what it describes."""
_ONLY_TELLS = re.compile(r"^(?:您|你)?(?:应当?|可以?|会|将)?(?:看见|看到|知道|注意到|得到|被)")


def _instructs(then: str) -> bool:
    """Whether a consequence tells the reader to act; "布线器将…" and "打印机会…" tell what a thing does."""
    found = _INSTRUCTS.match(then)
    return found is not None and not then[found.end() :].startswith((*lex.NOUN_MAKERS, "会", "将"))


def _is_event(clause: str) -> bool:
    """Whether a condition is something a customer runs into."""
    return any(word in clause for word in lex.FAULT) or _EVENT.search(clause) is not None


def _stands_alone(clause: str) -> bool:
    return not _POINTS_BACK.search(clause) and has_cjk(clause) and not clause.startswith(("何", "下", "此", "上", "前"))
