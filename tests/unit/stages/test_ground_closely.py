"""A closer look at the questions that a model wrote."""

from __future__ import annotations

import pytest

from kbbuilder.schema import (
    Candidate,
    Chunk,
    ChunkKind,
    ChunkPart,
    DocumentContext,
    Element,
    ElementKind,
    Grounded,
    Language,
    PairKind,
    Span,
    Verdict,
)
from kbbuilder.stages.ground import read_closely

FILLER = {
    "zh": "更换滤芯前先关闭水阀，放掉管里的余水，再用扳手拧下外壳。整个过程大约十分钟，地面要铺上毛巾。",
    "en": "Close the valve and drain the pipe before you open the housing with the wrench. Put a towel on the floor.",
}


def looked_at(
    question: str,
    answer: str,
    *,
    path: tuple[str, ...] = ("白鹭 W2 净水器", "滤芯维护"),
    kind: PairKind = PairKind.TOPIC,
    language: Language = "zh",
    score: float = 0.7,
) -> Grounded:
    text = f"{answer}\n\n{FILLER[language]}"
    parts = (
        ChunkPart(element=Element(kind=ElementKind.PARAGRAPH, text=answer), start=0, end=len(answer)),
        ChunkPart(
            element=Element(kind=ElementKind.PARAGRAPH, text=FILLER[language]), start=len(answer) + 2, end=len(text)
        ),
    )
    chunk = Chunk(
        id="c", ordinal=0, kind=ChunkKind.SECTION, text=text, heading_path=path, parts=parts, language=language
    )
    candidate = Candidate(
        question=question, answer=answer, kind=kind, language=language,
        evidence=(Span(start=0, end=len(answer), quote=answer),), score=score,
    )  # fmt: skip
    context = DocumentContext(name="w2.docx", title=path[0], language=language, subject=path[0])
    pair = Grounded(candidate=candidate, verdict=Verdict.SUPPORTED, reasons=(), detail="")
    (looked,) = read_closely([pair], chunk, context)
    return looked


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("白鹭 W2 净水器的滤芯多久换一次？", "滤芯每六个月更换一次，水质差的地区每三个月一次。"),
        ("白鹭 W2 净水器的指示灯变红怎么办？", "指示灯变红时请更换滤芯，然后长按复位键三秒。"),
        ("什么是复合滤芯？", "复合滤芯是把前置滤网和活性炭做在一起的滤芯。"),
        ("活性炭滤芯和反渗透滤芯有什么区别？", "活性炭滤芯去除异味，而反渗透滤芯去除重金属。"),
        ("默认的冲洗模式是什么？", "默认的冲洗模式是自动冲洗，开机后运行一分钟。"),
        ("如何查看 `w2ctl` 的版本？", "运行 `w2ctl --version` 即可看到版本号和编译日期。"),
        ("白鹭 W2 净水器如何检测漏水？", "白鹭 W2 净水器用底部的传感器检测漏水，并发出警报。"),
        ("指示灯变红代表什么？", "指示灯变红代表滤芯的寿命已到，需要更换。"),
        ("滤芯可以重复使用吗？", "虽然滤芯可以冲洗，但是不能重复使用，最多用六个月。"),
        ("`w2ctl` 是什么工具？", "`w2ctl` - 用于查看净水器的状态、复位滤芯计时的命令行程序。"),
        ("FilterWatch 如何检测漏水？", "FilterWatch 用底部的传感器检测漏水，并发出警报。"),
        ("为什么要放掉管里的余水？", "由于管里的余水会弄湿地面，更换滤芯前要先放掉管里的余水。"),
        ("白鹭 W2 净水器是什么？", "白鹭 W2 净水器是一台厨房用的净水器，装在水槽下面。"),
        ("如果净水器长时间不使用，需要做什么？", "如果净水器长时间不使用，请关闭水阀并取出滤芯。"),
        ("哪里可以找到白鹭 W2 的手册？", "本手册的最新版本可在官网 https://example.com/w2 下载。"),
    ],
)
def test_a_question_that_its_answer_speaks_of_stands(question: str, answer: str) -> None:
    assert looked_at(question, answer).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("白鹭 W2 净水器的滤芯维护是什么？", "外壳用软布擦拭，不要使用酒精。", "not_answered"),
        ("白鹭 W2 净水器的保修期是多久？", "外壳用软布擦拭，每周一次，不要使用酒精。", "not_answered"),
        ("复合滤芯是什么？", "请把复合滤芯放在阴凉处，避免阳光直射。", "not_answered"),
        ("冲洗模式和静音模式的区别是什么？", "冲洗模式和静音模式都可以在面板上打开，不会影响出水。", "not_answered"),
        ("如何运行 `w2ctl reset`？", "运行 `w2ctl --version` 即可看到版本号和编译日期。", "oddly_worded"),
        ("自动冲洗在面板上显示为蓝色是什么？", "自动冲洗在面板上显示为蓝色，静音模式为绿色。", "not_answered"),
        ("白鹭 W2 的滤芯格式是什么？", "一种新的滤芯格式，将寿命从三个月延长到半年。", "not_answered"),
        ("滤芯有哪些认证？", "大部分滤芯有权威机构的认证，可以放心使用。", "not_answered"),
        ("如何在面板上复位它们？", "在面板上长按复位键三秒即可复位指示灯。", "oddly_worded"),
        ("如何打印？", "在面板上按打印键，选择滤芯报告。", "not_standalone"),
        ("第二种方法的问题是什么？", "第二种方法的问题是滤芯容易堵塞，需要提前更换。", "oddly_worded"),
        ("滤芯的更换周期是多久？", "按照这个说明，滤芯的更换周期是六个月。", "cut_off"),
        ("哪些滤芯支持热水？", "W2 的滤芯不支持热水。", "not_answered"),
        ("滤芯装在哪里？如何更换？", "滤芯装在机器背面，拧下外壳即可更换。", "oddly_worded"),
        ("更多的滤芯信息请参见哪里？", "更多的滤芯信息请参见官网 https://example.com/w2 。", "oddly_worded"),
        ("如何为 FilterWat更换滤芯？", "打开 FilterWatch 应用，按提示更换滤芯。", "oddly_worded"),
        ("如何在面板上把模式设置为？", "在面板上长按模式键三秒，即可把模式设置为静音。", "oddly_worded"),
        ("水阀会在什么位置上关闭？", "水阀会在关闭的位置上。", "answer_is_question"),
        ("如何复位滤芯指示灯？", "它会在滤芯指示灯复位之后自动关闭，无需其他操作。", "cut_off"),
        ("如何查看滤芯的寿命？", "在终端执行以下命令（省略参数）查看滤芯的寿命。", "cut_off"),
        ("净水器的滤芯装在哪里？", "净水器的滤芯装在机器背面的盖板里，如图所示。", "cut_off"),
        ("滤芯的密封圈经过了全面的改进，有哪些好处？", "滤芯的密封圈经过了全面的改进，更耐高温。", "oddly_worded"),
        ("对净水器内部结构感兴趣的用户应访问哪里？", "对净水器内部结构感兴趣的用户应访问官网。", "oddly_worded"),
        ("白鹭 W2 是一个什么机器？", "白鹭 W2 是一个净水的机器，还有其他用途。", "oddly_worded"),
        ("安装净水器的扳手、毛巾等？", "安装净水器要准备扳手、毛巾和水桶。", "oddly_worded"),
        ("如何调整滤芯的使用寿命？", "滤芯的使用寿命为六个月，水质差的地区为三个月。", "not_answered"),
        ("更换滤芯时可能遇到什么问题？", "更换滤芯时可能遇到的问题将在故障排除章节中介绍。", "pointer_only"),
        ("白鹭 W2 会监视哪些日志文件？", "白鹭 W2 每小时监视日志文件，然后把结果发给管理员。", "not_answered"),
        ("为什么滤芯的安装相当复杂？", "由于滤芯的安装相当复杂，如果碰到问题就请打客服电话。", "not_answered"),
        ("净水器面板上的 k 键用于什么？", "按下 k 键即可结束正在运行的冲洗。", "not_standalone"),
        ("如何使净水器的水泵静音？", "使净水器的水泵静音会有一点复杂。", "not_answered"),
        ("净水器的水泵如何启动？", "净水器的水泵在通电以后自动启动，无人值守。", "not_answered"),
        ("请解释一下净水器滤芯的用法？", "净水器的滤芯先泡水十分钟，再装进外壳。", "oddly_worded"),
        ("净水器的静态配置需要哪些信息？", "例 8.2. 净水器的静态配置，地址为 192.168.0.3。", "not_answered"),
        ("如何保存滤芯的更换记录？", "更换滤芯之前，请确保保存滤芯的更换记录。", "not_answered"),
        ("收到滤芯以后应该怎么做？", "当你收到滤芯以后（没错，真正的滤芯！）", "cut_off"),
        ("净水器的报警系统如何处理？", "，你需要阅读报警系统的说明，以便处理这些报警。", "cut_off"),
        ("滤芯外壳和滤网的清洗方法是否相同？", "注意，尽管滤芯外壳和滤网的清洗方法也十分相似。", "cut_off"),
        ("净水器的冲洗目标是什么？", "也就是说，净水器的冲洗目标是让管道里没有余水。", "cut_off"),
        ("每次更换都以关闭水阀为前提如何？", "每次更换都以关闭水阀为前提，拧下外壳前请再检查。", "oddly_worded"),
        ("如何更换滤芯时，应该注意什么？", "更换滤芯时，应该注意先关闭水阀，再拧下外壳。", "oddly_worded"),
        ("滤芯和滤网哪些相同, 外壳也？", "滤芯和滤网的清洗方法相同，外壳也用软布擦拭。", "oddly_worded"),
        (
            "FilterWatch 如何更换滤芯外壳？",
            "要更换滤芯外壳，必须首先使用 FilterWatch 停止冲洗，再拧下外壳。",
            "oddly_worded",
        ),
        ("净水器停止冲洗的命令是什么？", "在净水器的冲洗页面上可以停止冲洗，也可以按面板。", "not_answered"),
        ("`w2ctl` 是什么工具？", "在维护净水器时最重要的工具是 `w2ctl`，请先安装。", "not_answered"),
        ("净水器漏水时应该怎么做？", "净水器漏水时，我会建议你重新阅读前面提到的说明。", "cut_off"),
        ("净水器的滤芯外壳上刻着什么标记？", "净水器的滤芯外壳上刻着的标记是生产批次，扫码可查。", "oddly_worded"),
        ("示例里的净水器安装了哪些滤芯？", "示例里的净水器安装了前置滤网、活性炭和反渗透膜。", "oddly_worded"),
        ("白鹭 W2 净水器如何更换滤芯外壳？", "先关闭水阀，再用扳手拧下滤芯外壳，换上新的外壳。", "oddly_worded"),
        ("为什么净水器的滤芯结构比较复杂？", "由于滤芯结构比较复杂，更换时请参考包装上的图示。", "not_answered"),
        ("滤芯是可以重复使用的吗（是/否）吗？", "滤芯可以重复使用三次，每次用清水冲洗。", "oddly_worded"),
        ("白鹭 W2 净水器是什么？", "白鹭 W2 净水器由滤芯、水泵和面板三个部分组成。", "not_answered"),
    ],
)
def test_a_question_that_went_astray_is_flagged(question: str, answer: str, reason: str) -> None:
    looked = looked_at(question, answer)
    assert (looked.verdict, looked.reasons) == (Verdict.FLAGGED, (reason,))


def test_english_questions_are_looked_at_alike() -> None:
    path = ("Heron W2 water filter", "Cartridge care")
    fits = looked_at(
        "How often should I replace the cartridge?", "Replace the cartridge every six months.", path=path, language="en"
    )
    assert fits.verdict is Verdict.SUPPORTED
    for question, answer in (
        ("What is the main voltage of the pump?", "The pump runs quietly once the housing is closed."),
        ("What is the purpose of cartridge care?", "Wipe the housing with a soft cloth and no alcohol."),
        ("How do I silence the alarm?", "Wipe the housing with a soft cloth and no alcohol."),
        (
            "What are the supported hoses of the pump?",
            "The pump may work with hoses that are not officially supported.",
        ),
        ("What are the newest features of the pump?", "The newest pump has hundreds of new features and improvements."),
        (
            "What happens when I turn the knob from right to left?",
            "Turning the knob from left to right opens the valve.",
        ),
        ("What are the steps for cleaning the pump?", "The pump is clean when the water comes out without bubbles."),
        ("What is the purpose of the lid on the pump?", "The lid of the pump is grey and stands next to the housing."),
        (
            "What is the process for draining the pump?",
            "Each pump is drained in the factory before its first delivery.",
        ),
        (
            "What are the consequences of a worn hose?",
            "If the hose is worn, mention it when you order a new cartridge.",
        ),
        ("What happens if the hose of the pump bursts?", "If the hose of the pump bursts, you should close the valve."),
        ("What is the link to the spare hoses?", "The spare hoses are listed by the dealer, mail `parts@example.com`."),
        ("How do I get a certificate for the pump?", "Access to the workshop requires a certificate for the pump."),
        ("What is the Heron W2 water filter?", "The Heron W2 water filter consists of three parts under one lid."),
        (
            "What is the order in which hoses are joined?",
            "The colour of the ring depends on the order in which hoses are joined.",
        ),
        ("What is the hose label?", "The hose label is not fixed: it tells of the factory that made the hose."),
    ):
        looked = looked_at(question, answer, path=path, language="en")
        assert (looked.verdict, looked.reasons) == (Verdict.FLAGGED, ("not_answered",))


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        (
            "What should be done if this pump is alone in the house?",
            "If this pump is alone in the house, the second valve must be closed, too.",
            "not_standalone",
        ),
        (
            "Which hoses did the fitter replace?",
            "The fitter replaced both hoses of the pump and the grey lid above.",
            "oddly_worded",
        ),
        (
            "What does the lamp of the pump also shine at night?",
            "The lamp of the pump also shines at night; it can be switched off in the menu.",
            "oddly_worded",
        ),
        (
            "How do I order parts of the pump?",
            "To order such parts of the pump, mail the dealer and name the number on the housing.",
            "cut_off",
        ),
        ("How do users report a leak of the pump?", "Users report a leak of the pump by mail.", "oddly_worded"),
        ("Where can I find more information on the pump?", "See the web page of the pump maker.", "oddly_worded"),
        (
            "How do I tell others that the pump leaks?",
            "To tell that the pump leaks, there are two things that you should do.",
            "cut_off",
        ),
        ("What hoses fit the pump?", "See https://example.com/w2/hoses for more on hoses that fit.", "pointer_only"),
        ("如何更换水泵的滤芯？", "replace filter：更换滤芯，并重新计算滤芯的剩余寿命。", "not_answered"),
        ("如何检查水泵的日志？", "`pumplog` - 水泵的日志检查工具，可以解释找到的错误。", "not_answered"),
        ("如何添加水泵的定时任务？", "只需单击相应的菜单项即可添加水泵的定时任务。", "cut_off"),
        ("How do I add a timer?", "To add a timer, click the corresponding menu item.", "cut_off"),
        ("哪些水泵配件需要定期更换？", "很多水泵配件都需要在一年之内更换(参看第 2.2 节 “水泵配件”)。", "pointer_only"),
        ("水泵能做更多的事情吗（即水泵能做什么）？", "水泵能做更多的事情，并且带有配件。", "oddly_worded"),
        ("有哪些类似但更便宜的水泵？", "类似的水泵有 W1 和 W0。", "not_standalone"),
        ("Which similar pumps are cheaper?", "W1 and W0 cost less than this pump does.", "not_standalone"),
        ("如何使用水泵的定时器？", "在此我们将叙述如何使用水泵的定时器。", "pointer_only"),
        ("如何清洗水泵的滤芯？", "你应按照如第 6.1 节 “清洗” 所述来清洗水泵的滤芯。", "pointer_only"),
        ("如何把水泵连接到路由器？", "把水泵连接到路由器后，可以在手机上查看用水量和剩余天数。", "not_answered"),
        ("如何选择水泵的定时模式？", "使用来选择一个合适的水泵定时模式，然后保存设置。", "cut_off"),
        (
            "What does the pump W2 do as described above?",
            "The pump W2, as described above, lifts water 4 m.",
            "cut_off",
        ),
        ("如何选择滤芯？", "我在此强烈推荐阅读《滤芯选购手册》第 5 章。", "pointer_only"),
        ("How do I choose a hose?", "We strongly recommend reading how to choose a hose in chapter 5.", "pointer_only"),
        (
            "What are the parts of the pump?",
            "A full listing of the parts of the pump W2 3.1 can be found [here](https://example.com/w2).",
            "pointer_only",
        ),
    ],
)
def test_what_no_customer_asks_and_what_tells_nothing_is_flagged(question: str, answer: str, reason: str) -> None:
    looked = looked_at(question, answer, language="en", path=("Heron W2 water filter", "Leaks"))
    assert (looked.verdict, looked.reasons) == (Verdict.FLAGGED, (reason,))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "What is the purpose of the lid on the pump?",
            "The lid of the pump is used to keep dust away from the hoses.",
        ),
        ("What are the steps for draining the pump?", "To drain the pump:\n\n1. Close the valve.\n2. Open the lid."),
        (
            "What does the lamp of the pump show?",
            "The lamp of the pump shows in red that the cartridge is empty and must be replaced.",
        ),
        ("What is the order of the hoses?", "The order of the hoses is red, white and blue, seen from the front."),
        ("What is the spare part for a leak of the pump?", "The O-ring is the spare part for a leak of the pump."),
        ("How do I drain the pump?", "Open the lid and tilt the pump until no water comes out."),
        ("What happens if the hose of the pump bursts?", "If the hose of the pump bursts, the valve closes by itself."),
    ],
)
def test_a_question_for_an_abstract_noun_stands_where_the_answer_gives_it(question: str, answer: str) -> None:
    looked = looked_at(question, answer, language="en", path=("Heron W2 water filter", "Draining"))
    assert looked.verdict is Verdict.SUPPORTED


def test_a_question_may_not_point_at_things_it_does_not_name() -> None:
    looked = looked_at(
        "How do I clean these hoses?", "Clean these hoses with warm water every month.", language="en",
        path=("Heron W2 water filter", "Hoses"),
    )  # fmt: skip
    assert (looked.verdict, looked.reasons) == (Verdict.FLAGGED, ("not_standalone",))


def test_a_row_of_a_table_may_tell_no_more_than_a_name() -> None:
    looked = looked_at(
        "How do I select the first item of a list?", "- Home\n- Select the first item of a list.", language="en",
        path=("Keys",),
    )  # fmt: skip
    assert looked.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(("score", "reasons"), [(0.7, ()), (0.3, ()), (0.2, ("unsure",))])
def test_a_question_over_which_the_model_hesitated_is_flagged(score: float, reasons: tuple[str, ...]) -> None:
    looked = looked_at(
        "白鹭 W2 净水器的滤芯多久换一次？", "滤芯每六个月更换一次，水质差的地区每三个月一次。", score=score
    )
    assert looked.reasons == reasons


def test_what_the_document_itself_asks_is_left_alone() -> None:
    looked = looked_at("复合滤芯是什么？", "请把复合滤芯放在阴凉处。", kind=PairKind.EXPLICIT)
    assert looked.verdict is Verdict.SUPPORTED
