"""What the pages say."""

from __future__ import annotations

from ui.labels.text import Text

FRAME: dict[str, Text] = {
    "app.title": Text("kbbuilder", "kbbuilder"),
    "nav.documents": Text("文档", "Documents"),
    "nav.review": Text("审核", "Review"),
    "nav.ask": Text("提问", "Ask"),
    "header.pending": Text("待审核 {n}", "{n} pending"),
    "header.conflicts": Text("冲突 {n}", "{n} in conflict"),
    "header.collection": Text("知识库", "Knowledge base"),
    "header.collection.new": Text("新建知识库", "New knowledge base"),
    "header.collection.name": Text("知识库名称", "Its name"),
    "header.reviewer": Text("您的姓名", "Your name"),
    "header.reviewer.help": Text("审核记录中显示的姓名", "The name that stands in the history of what you review"),
    "header.language": Text("界面语言", "Language"),
    "language.own.zh": Text("中文", "中文"),
    "language.own.en": Text("English", "English"),
    "language.zh": Text("中文", "Chinese"),
    "language.en": Text("英文", "English"),
    "pager": Text("第几页（共 {pages} 页）", "Page (of {pages})"),
}

DOCUMENTS: dict[str, Text] = {
    "documents.upload": Text("上传文档", "Upload documents"),
    "documents.upload.help": Text(
        "可一次选择多个文件。同名文件视为新版本；内容未变的文件不会重复处理。",
        "Several at a time. A file of the same name is a new edition; one that has not changed is not worked on again.",
    ),
    "documents.upload.drop": Text("将文件拖到此处", "Drop files here"),
    "documents.upload.browse": Text("选择文件", "Choose files"),
    "documents.upload.types": Text(
        "支持 PDF、Word（DOCX）、PPT（PPTX）、Excel（XLSX）、CSV、HTML、Markdown、TXT、EPUB，单个文件不超过 200 MB",
        "PDF, DOCX, PPTX, XLSX, CSV, HTML, Markdown, text and EPUB, up to 200 MB each",
    ),
    "documents.received.more": Text("另有 {n} 个文件", "and {n} more files"),
    "upload.UPLOADED": Text("已接收，正在处理", "taken in, being worked on"),
    "upload.PARSED": Text("已接收，正在处理", "taken in, being worked on"),
    "upload.QUEUED": Text("已接收，正在处理", "taken in, being worked on"),
    "upload.UNCHANGED": Text("内容未变，无需重新处理", "unchanged: it is in the knowledge base already"),
    "upload.SKIPPED": Text("已跳过", "skipped"),
    "documents.empty": Text("知识库还没有文档", "This knowledge base has no documents yet"),
    "documents.empty.next": Text(
        "上传产品手册、政策、FAQ 或表格，系统会提取问答并附上原文，等待您审核。",
        "Upload manuals, policies, FAQs or tables: questions and answers are drawn from them, each with its source, "
        "for you to review.",
    ),
    "documents.filter": Text("显示", "Show"),
    "documents.filter.all": Text("全部 {n}", "All {n}"),
    "documents.filter.working": Text("处理中 {n}", "In progress {n}"),
    "documents.filter.failed": Text("失败 {n}", "Failed {n}"),
    "documents.search": Text("按文件名查找", "Find by name"),
    "documents.none_found": Text("没有符合条件的文档", "No document matches"),
    "documents.head.name": Text("文档", "Document"),
    "documents.head.state": Text("状态", "State"),
    "documents.head.entries": Text("条目", "Entries"),
    "documents.head.coverage": Text("覆盖率", "Coverage"),
    "documents.edition": Text("第 {n} 版", "Edition {n}"),
    "documents.pages": Text("{n} 页", "{n} pages"),
    "documents.pages.one": Text("{n} 页", "{n} page"),
    "documents.entries": Text("{n} 个条目", "{n} entries"),
    "documents.entries.one": Text("{n} 个条目", "{n} entry"),
    "documents.reason": Text("详细信息：{reason}", "In detail: {reason}"),
    "documents.retry": Text("重试", "Try again"),
    "documents.cancel": Text("取消处理", "Cancel"),
    "documents.review": Text("审核这份文档的条目", "Review its entries"),
    "state.uploaded": Text("排队中", "Waiting its turn"),
    "state.parsed": Text("已解析", "Read"),
    "state.chunked": Text("已切分", "Divided into sections"),
    "state.extracted": Text("已提取", "Questions found"),
    "state.merged": Text("已合并", "Merged into the library"),
    "state.done": Text("已完成", "Done"),
    "state.failed": Text("失败", "Failed"),
    "state.retry": Text("稍后重试", "Will be tried again"),
    "state.cancelled": Text("已取消", "Cancelled"),
    "state.superseded": Text("已被新版本取代", "Replaced by a newer edition"),
    "stage.parse": Text("正在解析", "Reading"),
    "stage.chunk": Text("正在切分", "Dividing into sections"),
    "stage.extract": Text("正在提取问答", "Finding questions"),
    "stage.ground": Text("正在核对原文", "Checking against the source"),
    "stage.expand": Text("正在生成相似问", "Adding similar questions"),
    "stage.dedup": Text("正在去重", "Finding duplicates"),
    "stage.merge": Text("正在入库", "Merging into the library"),
    "stage.index": Text("正在建立索引", "Indexing"),
    "ledger.title": Text("处理明细", "What became of it"),
    "ledger.chunks": Text("原文段落", "Sections of the source"),
    "ledger.candidates": Text("提取到的问答", "Questions found"),
    "ledger.kept": Text("入库待审核", "Kept as entries"),
    "ledger.merged": Text("并入已有条目", "Merged into an entry"),
    "ledger.dropped": Text("舍弃：{why}", "Dropped: {why}"),
    "ledger.failed": Text("处理失败", "Failed"),
    "ledger.pending": Text("尚未处理", "Not decided yet"),
    "coverage.title": Text("原文覆盖", "Coverage of the source"),
    "coverage.summary": Text(
        "{percent} 的正文有条目引用；{total} 节中有 {n} 节没有条目",
        "{percent} of the text is quoted by an entry; {n} of {total} sections have none",
    ),
    "coverage.only_bare": Text("只看没有条目的章节（{n}）", "Only sections without an entry ({n})"),
    "coverage.untitled": Text("（无标题）", "(no heading)"),
    "chunk.pending": Text("尚未处理", "not worked on yet"),
    "chunk.gave_pairs": Text("提取到问答", "gave questions"),
    "chunk.explicit_faq": Text("原文即为问答", "is an FAQ itself"),
    "chunk.nothing_to_ask": Text("没有可提问的内容", "nothing to ask about"),
    "chunk.skipped": Text("已跳过", "skipped"),
    "chunk.failed": Text("处理失败", "failed"),
}

REVIEW: dict[str, Text] = {
    "status.pending": Text("待审核", "Pending"),
    "status.approved": Text("已通过", "Approved"),
    "status.rejected": Text("已驳回", "Rejected"),
    "status.stale": Text("待更新", "Outdated"),
    "status.all": Text("全部", "All"),
    "status.conflicts": Text("冲突", "Conflicts"),
    "review.filter.view": Text("显示", "Show"),
    "review.filter.text": Text("查找问题或答案", "Find in questions and answers"),
    "review.filter.document": Text("文档", "Document"),
    "review.filter.document.any": Text("全部文档", "All documents"),
    "review.filter.more": Text("筛选", "Filters"),
    "review.filter.any": Text("不限", "Any"),
    "review.filter.flag": Text("提示", "Flag"),
    "review.filter.kind": Text("类型", "Kind"),
    "review.filter.language": Text("语言", "Language"),
    "review.total": Text("{n} 条", "{n} entries"),
    "review.total.one": Text("{n} 条", "{n} entry"),
    "review.page": Text("第 {n} 页", "Page {n}"),
    "review.page.previous": Text("上一页", "Previous page"),
    "review.page.next": Text("下一页", "Next page"),
    "review.unsaved": Text("未保存", "unsaved"),
    "review.contested": Text("冲突", "conflict"),
    "review.edited": Text("人工改过", "Edited by a person"),
    "review.no_source": Text(
        "此条目由人工录入或导入，没有原文出处。", "Written by hand or imported: there is no source document."
    ),
    "review.no_source.short": Text("人工录入", "Written by hand"),
    "review.empty.library": Text("还没有可审核的条目", "There is nothing to review yet"),
    "review.empty.library.next": Text(
        "先上传文档，系统会从中提取问答。", "Upload documents first: questions are drawn from them."
    ),
    "review.empty.library.go": Text("去上传文档", "Upload documents"),
    "review.empty.filter": Text("没有符合筛选条件的条目", "No entry matches the filters"),
    "review.empty.filter.clear": Text("清除筛选", "Clear the filters"),
    "review.empty.done": Text("这里的条目都处理完了", "Nothing is waiting here"),
    "review.empty.done.next": Text(
        "试着提个问题，看看知识库如何回答。", "Ask a question and see how the knowledge base answers."
    ),
    "review.empty.done.go": Text("去提问", "Ask a question"),
    "review.approve_next": Text("通过并看下一条", "Approve & next"),
    "review.approve_next.help": Text("先保存改动，再通过", "Saves your changes first"),
    "review.approve": Text("通过", "Approve"),
    "review.reject": Text("驳回", "Reject"),
    "review.reopen": Text("退回待审核", "Back to pending"),
    "review.save": Text("保存", "Save"),
    "review.save.help": Text("保存改动，不改变状态", "Keeps the status as it is"),
    "review.discard": Text("放弃改动", "Discard"),
    "review.up": Text("上一条", "Entry above"),
    "review.down": Text("下一条", "Entry below"),
    "review.undo": Text("撤销", "Undo"),
    "review.undo.help": Text("撤销：{what}", "Undoes: {what}"),
    "review.undo.none": Text("还没有可撤销的操作", "Nothing to undo yet"),
    "review.undo.what": Text("{action}「{question}」", "{action} “{question}”"),
    "review.undo.entry": Text("撤销此条目的最近一次改动", "Undo this entry's latest change"),
    "review.undo.done": Text("已撤销：{question}", "Undone: {question}"),
    "review.approve.done": Text("已通过：{question}", "Approved: {question}"),
    "review.reject.done": Text("已驳回：{question}", "Rejected: {question}"),
    "review.reopen.done": Text("已退回待审核：{question}", "Back to pending: {question}"),
    "review.save.done": Text("已保存", "Saved"),
    "review.save.nothing": Text("没有改动", "Nothing has changed"),
    "review.refreshed": Text(
        "此条目刚被他人更新，已显示最新内容", "Somebody has just changed this entry; you see the new text"
    ),
    "review.question": Text("标准问", "Question"),
    "review.answer": Text("答案", "Answer"),
    "review.answer.edit": Text("编辑答案", "Edit answer"),
    "review.answer.empty": Text("还没有答案", "No answer yet"),
    "review.similar": Text("相似问", "Similar questions"),
    "review.similar.help": Text(
        "每行一个。用户这样问时也给出此答案。", "One a line: other ways to ask that get this answer."
    ),
    "review.similar.placeholder": Text("每行一个", "One a line"),
    "review.negative": Text("不应命中的问法", "Must not match"),
    "review.negative.help": Text(
        "每行一个。看起来相近，但答案不同的问题。", "One a line: questions that look alike but have another answer."
    ),
    "review.tags": Text("标签", "Tags"),
    "review.tags.placeholder": Text("输入后按回车", "Type and press Enter"),
    "review.tab.source": Text("原文", "Source"),
    "review.tab.links": Text("相关条目 {n}", "Related {n}"),
    "review.tab.history": Text("历史 {n}", "History {n}"),
    "source.page": Text("第 {n} 页", "page {n}"),
    "source.edition": Text("第 {n} 版", "edition {n}"),
    "source.earlier": Text("展开上文 {n} 段", "Show {n} paragraphs before"),
    "source.before": Text("上一段原文", "What stands before"),
    "source.after": Text("下一段原文", "What stands after"),
    "source.outdated": Text("出自旧版本，该文档已有新版本", "From an older edition; the document has a newer one"),
    "source.stated": Text(
        "导入时注明的出处，知识库中没有这份文档",
        "As stated by an imported table; this knowledge base lacks the document",
    ),
    "bulk.open": Text("通过本页 {n} 条无提示的条目", "Approve the {n} unflagged on this page"),
    "bulk.help": Text(
        "只含待审核、没有提示也没有冲突的条目，通过前会列出供确认",
        "Pending entries without a flag or a conflict; you see the list first",
    ),
    "bulk.title": Text("批量通过", "Approve several entries"),
    "bulk.body": Text(
        "以下 {n} 条没有提示，也没有冲突，将一并通过：",
        "These {n} entries have no flag and no conflict; they will be approved:",
    ),
    "bulk.confirm": Text("通过 {n} 条", "Approve {n} entries"),
    "bulk.done": Text("已通过 {n} 条", "{n} entries approved"),
    "bulk.done.one": Text("已通过 {n} 条", "{n} entry approved"),
    "bulk.refused": Text("；{n} 条未能通过，保持原状", "; {n} were changed meanwhile and left alone"),
    "stale.title": Text(
        "您打开之后，此条目已被他人修改。您的内容尚未写入，请选择：",
        "Somebody saved this entry after you opened it. Nothing of yours has been written yet: choose.",
    ),
    "stale.mine": Text("您的内容", "Your text"),
    "stale.theirs": Text("期间已保存的内容", "Saved meanwhile"),
    "stale.status": Text("当前状态：{status}", "Status now: {status}"),
    "stale.save_mine": Text("用我的内容覆盖保存", "Save mine on top"),
    "stale.save_mine.help": Text(
        "对方的内容保留在历史中，可以撤销", "Their text stays in the history and can be brought back"
    ),
    "stale.take_theirs": Text("采用已保存的内容", "Take theirs"),
    "conflict.notice": Text("与另一条的答案冲突：{other}", "Its answer contradicts another entry: {other}"),
    "conflict.compare": Text("对比并裁定", "Compare and settle"),
    "conflict.title": Text("同一问题，答案不一致", "One question, two answers"),
    "conflict.keep_left": Text("保留这条，驳回另一条", "Keep this one, reject the other"),
    "conflict.keep_right": Text("保留这条，驳回另一条", "Keep this one, reject the other"),
    "conflict.keep_both": Text("两条都保留", "Keep both"),
    "conflict.keep_both.help": Text(
        "两条说的不是一回事，今后不再提示", "They are about different things; you will not be asked again"
    ),
    "conflict.merge": Text("合并为左侧一条", "Merge into the left one"),
    "conflict.merge.help": Text(
        "右侧的问法并入左侧的相似问", "The right one's wordings become similar questions of the left one"
    ),
    "conflict.settled": Text("冲突已裁定", "Conflict settled"),
    "links.none": Text("没有相关条目", "No related entries"),
    "links.decided": Text("已裁定：{what}", "settled: {what}"),
    "history.none": Text("还没有记录", "Nothing has happened yet"),
    "history.field.question": Text("标准问", "Question"),
    "history.field.answer": Text("答案", "Answer"),
    "history.field.similar_questions": Text("相似问", "Similar questions"),
    "history.field.tags": Text("标签", "Tags"),
    "history.field.status": Text("状态", "Status"),
}

ASK: dict[str, Text] = {
    "ask.question": Text("问题", "Question"),
    "ask.placeholder": Text(
        "像用户那样提问，例如：怎么恢复出厂设置？", "Ask as a customer would, e.g. How do I reset it?"
    ),
    "ask.submit": Text("提问", "Ask"),
    "ask.include_pending": Text("包括待审核的条目", "Include pending entries"),
    "ask.include_pending.help": Text(
        "仅用于内部试答；对外只用已通过的条目", "For trying things out; customers only get approved entries"
    ),
    "ask.none_approved": Text(
        "还没有已通过的条目，此时只能从文档原文中找答案。先审核几条，或勾选「包括待审核的条目」试试。",
        "No entry is approved yet, so answers can only come from the documents themselves. Review some entries, "
        "or include pending ones to try it out.",
    ),
    "ask.ready": Text("{n} 个已通过的条目可供回答", "{n} approved entries can answer"),
    "ask.ready.one": Text("{n} 个已通过的条目可供回答", "{n} approved entry can answer"),
    "ask.open": Text("查看此条目", "Open this entry"),
    "ask.unapproved": Text("尚未通过审核", "Not approved yet"),
    "ask.score": Text("匹配度", "Match"),
    "ask.score.above": Text(
        "{score}，达到直接回答的门槛 {threshold}", "{score}: at or above {threshold}, enough to answer from the FAQ"
    ),
    "ask.score.below": Text(
        "{score}，低于直接回答的门槛 {threshold}", "{score}: below {threshold}, not enough to answer from the FAQ"
    ),
    "ask.score.passage": Text("{score}，与文档段落的相关程度", "{score}: how well the passage fits the question"),
    "ask.others": Text("其他候选", "Other candidates"),
    "ask.matched": Text("命中的问法：{wording}", "Matched wording: {wording}"),
    "ask.refused.next": Text(
        "这个问题已记录在下方，可以直接补充答案，或上传包含答案的文档。",
        "The question is listed below: write an entry for it, or upload a document that answers it.",
    ),
    "ask.reason.same_wording": Text("问法与条目完全一致", "The question is worded exactly as in an entry"),
    "ask.reason.near_tie": Text(
        "有两个条目几乎同样接近，另一个是：{other}", "Two entries fit almost equally well; the other one is: {other}"
    ),
    "ask.reason.passage_fits_better": Text(
        "有条目与问题相近，但文档原文回答得更准确",
        "An entry comes near, but a document answers the question more exactly",
    ),
    "ask.reason.not_in_force": Text(
        "最接近的条目目前不在有效期内：{other}", "The nearest entry does not hold today: {other}"
    ),
    "ask.reason.clash": Text(
        "最接近的条目问的是另一件事：{other}", "The nearest entry asks about something else: {other}"
    ),
    "ask.reason.nothing_to_search": Text(
        "知识库里还没有可供查找的内容", "There is nothing in this knowledge base to search yet"
    ),
    "route.faq": Text("来自 FAQ 的回答", "Answered from the FAQ"),
    "route.faq.why": Text("问题与一个条目足够接近", "The question is close enough to an entry"),
    "route.document": Text("来自文档的段落", "A passage from a document"),
    "route.document.why": Text(
        "没有足够接近的条目，以下是最相关的原文", "No entry is close enough; this is the passage that fits best"
    ),
    "route.refuse": Text("没有可靠的答案", "No reliable answer"),
    "route.refuse.why": Text(
        "没有足够接近的条目，文档中也没有相关段落，因此不作回答",
        "No entry and no passage fits well enough, so nothing is answered rather than something wrong",
    ),
    "unanswered.title": Text("最近未能回答的问题", "Recently unanswered questions"),
    "unanswered.why": Text(
        "展开一条，补充答案后即成为待审核条目", "Open one and write its answer: it becomes a pending entry"
    ),
    "unanswered.none": Text(
        "暂无。未能回答的问题会列在这里", "None so far. Questions that find no answer are listed here"
    ),
    "unanswered.times": Text("问过 {n} 次", "asked {n} times"),
    "unanswered.times.one": Text("问过 {n} 次", "asked once"),
    "unanswered.make": Text("生成待审核条目", "Make a pending entry"),
    "unanswered.made": Text("已生成待审核条目：{question}", "Waiting for review: {question}"),
}
