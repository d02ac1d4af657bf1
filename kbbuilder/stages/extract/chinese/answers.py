"""What a Chinese text does: tells the reader how, describes a control, says what something is, or needs its own window."""

from __future__ import annotations

import re

from kbbuilder.stages.extract import lexicon_zh as lex
from kbbuilder.stages.extract.chinese.grammar import verb_at

_CONTROLS = (
    r"(?:单选|复选)?(?:选项|复选框|单选框|文本框|列表框|组合框|微调框|框|按钮|图标|命令|字段|菜单|菜单项|菜单条目|设置|功能|列表|滑块|对话框|"
    r"选项卡|标签页|面板|窗口|工具栏|区域|页面|字段|条目|项|箭头|预览|控点)"
)
_THIS_CONTROL = re.compile(rf"(?:(?<!因|彼|在)此|(?<!应)该|这个?|这些|本)(?:一)?{_CONTROLS}(?!目)")
"""A control that only the page shows: "选中此复选框", "该列表"."""
_SWITCHED = re.compile(
    r"^(?:仅|只)?(?:如果|若|当|在)?(?:已|没有|未)?(?:启用|禁用|选中|勾选|取消选中|激活|标记|打开|关闭|设置|清除)"
    r"(?:本|此|该|这个)?(?:设置|选项|功能|项)?(?:后|时|之后|以|可以?|，)|^(?:如果|若)(?:启用|选中|勾选|未选中|不选|没有选)"
    r"|^(?:点击|单击|选择|按下?)[^，。]{1,20}(?:时|只允许|，?(?:将会?|会))"
)
"""A sentence on what a switch does when it is on."""
_OFFERS = re.compile(
    r"^(?:这里|此处|在此|在这里)|^(?:可以?|您可以|用户可以)?(?:允许|指定|规定|定义|确定|决定|显示|列出|包含|提供|返回|调用|切换到|输出|表示|应用(?!程序)|恢复|"
    r"预览|用于|用来|以便|使(?!用)|让)"
)
_OPENS_A_WINDOW = re.compile(
    r"^(?:打开|显示|弹出|调出)[^。，]{0,30}(?:对话框|窗口|菜单|列表|面板|页面|选项卡)(?:。|，?(?:以|您|可|其|从中|用|在))|^[为将把对][^，。]{4,40}(?:指定|保存为|重置为|复制到|导出为|应用|定义|设置为|转换为)[^，。]*。|^(?:指示|可在|在[^，。]{1,20}中(?:保存|显示|插入|打开))"
)
"""What a command of a menu brings up ("打开一个对话框，您可以在其中…")."""
_QUOTED = r"[「“『\"\[【`]"
_ACTS_ON_SCREEN = (
    r"点击|单击|双击|右击|右键|按住|按下|长按|按(?=\s?[A-Z「“`])|拖动|拖曳|键入|勾选|敲入|"
    rf"(?:选择|选取|打开|进入|使用|输入|转到)\s?(?={_QUOTED}|[A-Za-z]|文件|编辑|视图|工具|格式|插入|菜单)|运行|执行|依次"
)
_TELLS = re.compile(
    rf"请(?!参|随时|访问|阅读|注意|记住|查看|求)|(?:^|[。；，\n：]\s*(?:[-*]\s|\d+\.\s)?|(?:然后|再|接着|并|首先|先|可以?|即可|需要?|必须|应该?|中|里|上|处|时)\s?)(?:{_ACTS_ON_SCREEN})"
    r"|(?:可以|能够?)(?:通过|使用|用|按|在[^。，]{1,20}(?:点击|选择|输入|打开|设置|编辑|修改))|可(?:通过|使用|用(?!于|来))|如此编辑|只需|需要(?:先|使用|在|将|把|为|安装|编辑|运行)|(?:必须|应该?|首先|先|然后|接着)(?:将|把|在|从|用|使用|安装|编辑|创建|添加|设置|修改|检查|确认|关闭|打开|断开|取)"
    r"|[，；]\s?(?:然后|再(?!次)|接着)"
    r"|(?:如下|以下|下列|下面)(?:的)?(?:命令|步骤|方法|方式|操作|所示|内容|几?行)|(?:^|[。\n，])\s?(?:将|把|用)[^。]{2,30}，[^。]*(?:再|然后|用|放|装|插|拧|取|按|冲|擦)"
    r"|取出|取下|拧|插入电源|拔|放入|倒入|冲洗|擦"
)
"""A sentence that tells the reader what to do."""
_CODE = "```"
_ON_SCREEN = re.compile(
    r"点击|单击|双击|右击|右键|菜单|对话框|选项卡|工具栏|图标|按钮|复选框|列表框|文本框|鼠标|拖动|选中|勾选|列表中|窗口|光标|「"
)


def instructs(prose: str, steps: bool = False) -> bool:
    """Whether a section tells its reader what to do, rather than what a control does. Cost: O(characters).

    Args:
        steps: it has an ordered list; then only an opening that describes a control speaks against it.
    """
    opening = _first_sentence(prose)
    if _CODE in prose:
        return not (_OFFERS.match(opening) and "请" not in opening and _SHELL.search(prose) is None)
    if _STATES_EFFECT.match(opening) and "请" not in opening and not _TELLS.search(opening):
        return False
    if steps:
        return "请" in opening or not (_OFFERS.match(opening) or _SWITCHED.match(opening))
    if needs_its_page(prose) and (is_done_on_screen(prose) or "选项" in prose):
        return False
    told = _TELLS.search(opening) is not None
    if _describes(opening, told):
        return False
    return told or len(_TELLS.findall(prose[:600])) >= (2 if is_done_on_screen(prose) else 1)


_SHELL = re.compile(r"^(?:\s*[$#] |sudo |apt)|(?:如下|以下|下列|下面)(?:的)?(?:命令|步骤|操作)", re.M)
_STATES_EFFECT = re.compile(
    r"(?:将|把|向|沿|自动)[^，。]{0,24}(?:文档|对象|单元格|幻灯片|演示文稿|列表|表格|选中|所选|选定|工作表|图像|图层|窗口|行的|列的)[^。]{0,40}。"
)
"""What a command does to the document: "将表格插入到文档中。"."""


def _first_sentence(prose: str) -> str:
    return re.split(r"(?<=[。！])|\n", prose.strip(), maxsplit=1)[0]


def _describes(opening: str, told: bool) -> bool:
    """Whether a first sentence says what a control, key or function does."""
    if "请" in opening:
        return False
    if _THIS_CONTROL.search(opening) or _SWITCHED.match(opening):
        return True
    if _OFFERS.match(opening) or _OPENS_A_WINDOW.match(opening):
        return True
    # "插入整列。", "打开一个对话框，可以在其中…": what the command does. "编辑配置文件：" leads into what is to be done.
    verb = verb_at(opening) or next((v for v in lex.ACTS if opening.startswith(v)), None)
    thing = verb is not None and opening[len(verb) :].startswith(("程序", "的", "后", "时", *lex.NOUN_MAKERS))
    return verb is not None and not thing and not told and opening.endswith("。")


def only_claims(prose: str, verb: str | None = None) -> bool:
    """Whether a section on software says that something can be done, or what a command does, and no act that does it.

    Args:
        verb: that of the task; a single sentence that begins with it says what the command of that name does.
    """
    if _ACT.search(prose) is None:
        return True
    one = re.fullmatch(r"[^。\n]+。?", prose.strip()) is not None
    return (
        one
        and verb is not None
        and prose.startswith(verb)
        and not re.search(r"请|，(?:然后|再|使用|用)|可以?(?:通过|使用|用)", prose)
    )


_ACT = re.compile(
    r"点击|单击|双击|右击|右键|选择|选取|菜单|按(?:下|住|照)?\s?(?:[「“`A-Z]|.{1,6}键)|输入|键入|拖|打开|运行|执行|`|勾选|选中|快捷键|命令|请|[^，。]栏|面板|对话框|按钮|图标|窗口|下载|安装|首先|步骤|「"
)


def turns_to_another(sentence: str) -> bool:
    """Whether a sentence behind an instruction tells of another task or of a control that only the page shows."""
    return _ANOTHER_TASK.match(sentence) is not None or needs_its_page(sentence)


_ANOTHER_TASK = re.compile(
    r"(?:如果|若|如)?(?:您|你)?(?:想要?|希望|需要?|要)(?!注意|求)[^，。]{2,30}，(?:请|您?可以?|只需|应)"
)


def needs_its_page(answer: str) -> bool:
    """Whether an instruction is bound to a control that only its page or window shows ("请选择此选项")."""
    return _THIS_CONTROL.search(answer) is not None or _UNNAMED_LIST.search(answer) is not None


_UNNAMED_LIST = re.compile(
    r"此处|(?:从|在)(?:相应的?|下拉|弹出|右侧的?|左侧的?|上方的?|下方的?)?列表(?:框)?[中里]?(?:选择|点击|单击|按|双击)|请选择它|其中一个按钮|这些(?=语言|操作)|(?:点击|单击|双击)列表[中里]|对话框[上下]方|[左右]侧的"
)


def names_no_place(then: str) -> bool:
    """Whether an instruction says what to choose or enter but not where ("请选择「无效果」")."""
    if _WHILE_DRAGGING.match(then):
        return True
    return _CHOOSES.match(then) is not None and _PLACE.search(then) is None


def begins_nowhere(prose: str) -> bool:
    """Whether a section's first instruction is to choose something, and its beginning does not say where."""
    start = re.sub(r"^\s*(?:[-*]\s|\d+\.\s)?(?:要[^，。]{2,40}，)?", "", prose)[:160]
    return names_no_place(start)


_WHILE_DRAGGING = re.compile(
    r"请?\s?在?(?:拖动|点击|绘制|移动|缩放)时?[^，。]{0,6}按|请?\s?(?:在[^，。]{1,16})?(?:释放|松开)鼠标|请?\s?按照?[^，。「]{2,20}的?(?:步骤|方法)(?:执行|操作|进行)"
    r"|(?:请|首先)*(?:必须)?(?:明了|了解|知道|熟悉|掌握|理解|决定|考虑)"
)
"""What goes on with something the page has told before, or is only to be known."""
_CHOOSES = re.compile(
    r"(?:请|您?可以|先|首先|必须|确保|\s)*(?:用[「“][^」”]+[」”]按钮|在提示时|在列表中|在[「“][^」”]+[」”](?:(?:(?:列表|文本|组合)?框|字段|区域|选项)(?:中|内|里|上)?|(?=输入))|在[^，。]{1,10}(?:文本|列表|组合)框(?:中|内)?|从[^，。]{1,10}列表(?:框)?中|为[^，。]{1,12}){0,2}(?:选择|选中|点击|单击|双击|输入|设置|勾选|取消选[择中]|打开|启用|确保|反选)"
)
_PLACE = re.compile(
    r"菜单|(?<!关闭)(?<!关闭该)(?<!关闭此)对话框|工具栏|[」 ]栏|面板|窗口|右键|右击| [-–—] |→|>|快捷键|命令|编辑器|标题|标签|工具箱|状态栏|桌面|网页|页面|`|键"
)


def is_done_on_screen(answer: str) -> bool:
    """Whether an answer works by menus, buttons and the like, and so is true of one program only."""
    return _ON_SCREEN.search(answer) is not None


_SAYS = re.compile(
    r"(?:是|为|指|即|叫做?|表示|意味|包括|包含|分为|由[^。]+(?:组成|构成)|有[以下两三四五几多]|采用|如下|：)"
)


def says_what(text: str, prose: str) -> bool:
    """Whether a section says what the thing its heading names is, rather than what to enter or what a control does."""
    opening = _first_sentence(prose)
    if _THIS_CONTROL.search(opening) or _SWITCHED.match(opening) or _OFFERS.match(opening):
        return False
    if re.match(r"请?(?:输入|选择|键入)|[在为将从对给向]", opening) or (
        verb_at(opening) and not opening.startswith(text)
    ):
        return False
    if "| --- |" in prose or re.search(r"^\s*[-*] ", prose, re.M):
        return True
    return text[-2:] in opening and _SAYS.search(opening) is not None


def defines(text: str, prose: str) -> bool:
    """Whether a section begins with "X 是…" of its heading X."""
    opening = _first_sentence(prose).strip('「“"')
    return (
        re.match(
            rf"{re.escape(text)}[」”\"]?\s?(?:\([^)]*\)|（[^）]*）)?(?:（)?(?:是|指|就是|即|通常是|一般是|主要是|又称)",
            opening,
        )
        is not None
    )
