"""Headings as text: their numbering, and the generic ones that mean nothing without the heading above them."""

from __future__ import annotations

import re

from kbbuilder.language.text import fold

_ZH_DIGITS = "一二三四五六七八九十百零〇两0-9０-９"
_NUMBERING = re.compile(
    rf"^\s*(?:第\s*[{_ZH_DIGITS}]+\s*[章节節部分篇条條款讲課课](?:\s*[、.．:：]|\s+|(?=[^\s]))\s*"
    rf"|(?:chapter|section|part|appendix|article|step|附录|附錄)\s+(?:[0-9]+(?:\.[0-9]+)*|[A-Z]|[IVX]+)\s*(?:[.:：、–—-]\s*|\s+|$)"
    rf"|[（(]\s*[{_ZH_DIGITS}]+\s*[)）]\s*"
    rf"|[一二三四五六七八九十]+\s*[、.．]\s*"
    rf"|(?:[0-9]+|[A-Z](?=\.[0-9]))(?:\.[0-9]+)+\.?\s*(?=\S)"
    rf"|[0-9]{{1,3}}[.、．)]\s*(?=\D)"
    rf"|[0-9]{{1,2}}\s+(?=[A-Z\u4e00-\u9fff])"
    rf"|[A-Z][.)]\s+(?=[A-Z])"
    rf"|[IVX]+\.\s+(?=[A-Z]))",
    re.I,
)

_GENERIC = {
    fold(word)
    for word in (
        "overview,introduction,general,general information,general notes,notes,note,example,examples,description,details,summary,about,background,"
        "remarks,see also,further reading,further information,references,more information,other,others,misc,miscellaneous,basics,preface,foreword,"
        "cause,causes,possible cause,possible causes,solution,solutions,remedy,remedies,fix,fixes,workaround,symptom,symptoms,procedure,steps,step,"
        "definitions,glossary,terminology,terms,abbreviations,contact and imprint,agenda,contents,thank you,thanks,today,quick start,getting started,advanced topics,advanced,basics,common,answer,what to do,result,results,resolution,prerequisites,usage,syntax,purpose,scope,tips,warning,warnings,caution,important,"
        "概述,简介,介绍,今天的内容,内容,目录,议程,谢谢,感谢观看,延伸阅读,扩展阅读,高级主题,高级,进阶,基础,基础知识,其他主题,综合,进一步阅读,相关阅读,参考文献,相关链接,相关文档,定义,定义和解释,术语,术语表,名词解释,术语和定义,缩略语,概览,附则,引言,前言,说明,总则,备注,注意,示例,例子,举例,详情,详细说明,小结,总结,背景,参考,参考资料,其他,其它,更多信息,"
        "原因,可能原因,原因分析,解决方法,解决办法,解决方案,处理方法,处理办法,处理步骤,排查步骤,现象,故障现象,问题现象,问题描述,操作步骤,步骤,操作方法,方法,"
        "回答,答案,结果,前提,前提条件,目的,范围,适用范围,提示,警告,重要,用法,语法,補充,补充说明"
    ).split(",")
}

_PARTS = {
    fold(word)
    for word in (
        "cause,causes,possible cause,possible causes,solution,solutions,remedy,remedies,fix,fixes,workaround,symptom,symptoms,procedure,steps,"
        "answer,what to do,result,results,resolution,prerequisites,tips,before you begin,before you start,"
        "原因,可能原因,原因分析,解决方法,解决办法,解决方案,处理方法,处理办法,处理步骤,排查步骤,现象,故障现象,问题现象,问题描述,操作步骤,步骤,操作方法,"
        "回答,答案,结果,前提,前提条件,提示"
    ).split(",")
}


def bare_heading(heading: str) -> str:
    """A heading without its number, trailing colon and anchor mark.

    >>> bare_heading("3.2.1 Cleaning the filter:"), bare_heading("第六条 退款"), bare_heading("（二）售后")
    ('Cleaning the filter', '退款', '售后')
    """
    text = heading.strip().strip("¶#").strip()
    match = _NUMBERING.match(text)
    if match and match.end() < len(text):
        text = text[match.end() :]
    return text.strip(" \t:：.。、-–—")


def is_generic(heading: str) -> bool:
    """Whether a heading names no topic of its own ("Overview", "备注", "Example")."""
    return fold(bare_heading(heading)) in _GENERIC


def is_part_of_parent(heading: str) -> bool:
    """Whether a heading only continues the one above it: the cause, remedy or steps of what that one names."""
    return fold(bare_heading(heading)) in _PARTS
