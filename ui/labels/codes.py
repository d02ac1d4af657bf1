"""What the codes of the other parts mean: states, reasons, flags, errors and what to do about them."""

from __future__ import annotations

from ui.labels.text import Text

CODES: dict[str, Text] = {
    "kind.explicit": Text("原文问答", "FAQ in the source"),
    "kind.how_to": Text("操作步骤", "How-to"),
    "kind.definition": Text("定义", "Definition"),
    "kind.parameter": Text("参数", "Parameter"),
    "kind.condition": Text("条件", "Condition"),
    "kind.troubleshooting": Text("故障排查", "Troubleshooting"),
    "kind.policy": Text("政策", "Policy"),
    "kind.topic": Text("主题", "Topic"),
    "verdict.duplicate": Text("重复", "Duplicate"),
    "verdict.variant": Text("同一问题的不同版本", "Variant"),
    "verdict.related": Text("相近但不同", "Close but different"),
    "verdict.conflict": Text("冲突", "Conflict"),
    "decision.keep_left": Text("保留其中一条", "one was kept"),
    "decision.keep_right": Text("保留其中一条", "one was kept"),
    "decision.keep_both": Text("两条都保留", "both were kept"),
    "decision.merge": Text("已合并", "merged"),
    "action.created": Text("生成条目", "Created"),
    "action.edited": Text("修改", "Edited"),
    "action.approved": Text("通过", "Approved"),
    "action.rejected": Text("驳回", "Rejected"),
    "action.reopened": Text("退回待审核", "Reopened"),
    "action.undo": Text("撤销", "Undone"),
    "action.settled": Text("裁定冲突", "Conflict settled"),
    "action.rebuilt": Text("随文档更新", "Updated with its document"),
    "action.imported": Text("导入", "Imported"),
    "action.source_changed": Text("原文有改动", "Its source changed"),
    "action.source_removed": Text("原文已删除", "Its source is gone"),
    "action.source_returned": Text("原文恢复", "Its source is back"),
    "flag.fact_not_in_source": Text("原文缺少依据", "Not in the source"),
    "flag.why.fact_not_in_source": Text(
        "答案中的数字、日期、型号或链接在引文里找不到",
        "The answer names a number, date, code or link that the quote does not",
    ),
    "flag.negation_changed": Text("否定不一致", "Negation differs"),
    "flag.why.negation_changed": Text(
        "答案与原文的肯定、否定相反", "The answer denies what the source affirms, or the other way round"
    ),
    "flag.unsupported": Text("依据不足", "Weakly supported"),
    "flag.why.unsupported": Text("答案的大部分内容不在引文中", "Much of the answer is not in the quote"),
    "flag.question_fact_not_in_source": Text("问题与原文不符", "Question not in the source"),
    "flag.why.question_fact_not_in_source": Text(
        "问题中的数字或型号在该章节里找不到", "The question names a number or model that its section does not"
    ),
    "flag.not_standalone": Text("问题不完整", "Not clear on its own"),
    "flag.why.not_standalone": Text(
        "离开上下文就看不懂在问什么", "The question cannot be understood without its section"
    ),
    "flag.not_a_question": Text("不像问题", "Not a question"),
    "flag.why.not_a_question": Text("标准问没有提出问题", "The question asks nothing"),
    "flag.language_mismatch": Text("语言不一致", "Other language"),
    "flag.why.language_mismatch": Text(
        "问题或答案与文档的语言不同", "The question or the answer is not in the document's language"
    ),
    "flag.pointer_only": Text("只有指引", "Only points elsewhere"),
    "flag.why.pointer_only": Text("答案只让人去看别处", "The answer only sends the reader to another place"),
    "flag.too_short": Text("内容过短", "Too short"),
    "flag.why.too_short": Text("问题或答案几乎没有内容", "The answer or the question says next to nothing"),
    "flag.answer_is_question": Text("答案重复问题", "Repeats the question"),
    "flag.why.answer_is_question": Text("答案只是把问题又说了一遍", "The answer only says the question again"),
    "flag.suspicious_text": Text("可疑内容", "Suspicious text"),
    "flag.why.suspicious_text": Text("原文像是在对机器人下指令", "The text seems to give orders to an assistant"),
    "flag.cut_off": Text("可能不完整", "Possibly cut off"),
    "flag.why.cut_off": Text("答案似乎没有说完", "The answer seems to break off before its end"),
    "flag.low_confidence_text": Text("识别不清", "Hard to read"),
    "flag.why.low_confidence_text": Text(
        "原文是扫描件，文字识别把握不大，请对照原页",
        "Recognised in a scanned page, and not surely: compare with the page",
    ),
    "flag.source_changed": Text("原文有改动", "Source changed"),
    "flag.why.source_changed": Text(
        "文档的新版本改动了这一段，请对照「相关条目」中的新内容",
        "A new edition changed this passage; compare with the new text under Related",
    ),
    "flag.source_removed": Text("原文已删除", "Source removed"),
    "flag.why.source_removed": Text("文档的新版本不再包含这一段", "The new edition no longer has this passage"),
    "flag.quote_not_found": Text("引文不符", "Quote not found"),
    "flag.why.quote_not_found": Text("引文与原文对不上", "The quote does not stand at its place in the source"),
    "reason.quote_not_found": Text("引文与原文对不上", "the quote is not in the source"),
    "reason.fact_not_in_source": Text("数字、型号等缺少原文依据", "names a fact the source does not"),
    "reason.negation_changed": Text("与原文的肯定、否定相反", "turns the source's meaning round"),
    "reason.unsupported": Text("原文依据不足", "not supported by the source"),
    "reason.question_fact_not_in_source": Text("问题与原文不符", "asks for what the source does not name"),
    "reason.not_standalone": Text("离开上下文看不懂", "not clear on its own"),
    "reason.not_a_question": Text("不构成问题", "asks nothing"),
    "reason.language_mismatch": Text("语言与文档不同", "in another language"),
    "reason.pointer_only": Text("只指向别处", "only points elsewhere"),
    "reason.too_short": Text("内容过短", "too short"),
    "reason.answer_is_question": Text("答案重复问题", "repeats the question"),
    "reason.suspicious_text": Text("可疑内容", "suspicious text"),
    "reason.cut_off": Text("内容不完整", "cut off"),
    "reason.low_confidence_text": Text("扫描件识别不清", "hard to read in the scan"),
    "reason.heading_only": Text("只有标题", "only a heading"),
    "reason.pictures_only": Text("只有图片", "only pictures"),
    "reason.code_only": Text("只有代码", "only code"),
    "reason.question_list": Text("只有问题，没有答案", "questions without answers"),
    "reason.no_heading": Text("没有标题", "no heading"),
    "reason.placeholder": Text("待补充的占位内容", "a placeholder, not written yet"),
    "reason.internal_only": Text("原文注明仅供内部使用", "marked as internal in the document"),
    "reason.generic_heading": Text("标题过于笼统", "the heading is too general"),
    "reason.no_question_form": Text("没有适合提问的内容", "nothing that answers a question"),
    "reason.page_header": Text("页眉", "running header"),
    "reason.page_footer": Text("页脚", "running footer"),
    "reason.page_number": Text("页码", "page numbers"),
    "reason.contents": Text("目录", "table of contents"),
    "reason.index": Text("索引", "index"),
    "reason.navigation": Text("导航", "navigation"),
    "reason.legal": Text("版权与法律声明", "legal notice"),
    "link.reason.facts_differ": Text("数字、日期或型号不同", "Numbers, dates or models differ"),
    "link.reason.negation_differs": Text("一个肯定，一个否定", "One affirms what the other denies"),
    "link.reason.answers_differ": Text("答案内容不同", "The answers differ"),
    "link.reason.direction_differs": Text("方向相反（如开与关）", "Opposite directions, such as on and off"),
    "link.reason.generic_question": Text(
        "问题过于笼统，可能不是一回事", "Too general a question; perhaps about different things"
    ),
    "link.reason.near_question": Text("问法相近", "Questions are close"),
    "link.reason.same_answer": Text("答案相同", "Same answer"),
    "link.reason.near_equal_answer": Text("答案几乎相同", "Nearly the same answer"),
    "link.reason.says_more": Text("一条比另一条说得更多", "One says more than the other"),
    "link.reason.worded_differently": Text("说法不同，意思相近", "Worded differently"),
    "link.reason.same_question": Text("问题相同", "Same question"),
    "link.reason.source_changed": Text("同一段原文的新旧版本", "Old and new edition of one passage"),
}

ERRORS: dict[str, Text] = {
    "error.CONFIG": Text("设置有误", "A setting is wrong"),
    "hint.CONFIG": Text(
        "请检查提示中的设置；kbbuilder doctor 会列出当前设置。",
        "Check the settings named above; kbbuilder doctor shows the ones in force.",
    ),
    "error.STORE": Text("知识库数据库出错", "The database failed"),
    "hint.STORE": Text(
        "请运行 kbbuilder doctor 检查数据库和文件。", "Run kbbuilder doctor to check the database and the stored files."
    ),
    "error.STORE_BUSY": Text("数据库正忙", "The database is busy"),
    "hint.STORE_BUSY": Text("另一个程序正在写入，请稍后再试。", "Another program is writing; try again in a moment."),
    "error.STORE_FULL": Text("磁盘空间不足", "The disk is full"),
    "hint.STORE_FULL": Text(
        "请清理磁盘空间后重试，处理会从中断处继续。", "Free some space and try again; work goes on where it stopped."
    ),
    "error.SCHEMA_MISMATCH": Text("数据库由更新版本的 kbbuilder 创建", "The database was made by a newer kbbuilder"),
    "hint.SCHEMA_MISMATCH": Text("请升级 kbbuilder。", "Update this kbbuilder."),
    "error.BLOB_MISSING": Text("文档副本丢失或损坏", "The stored copy of the document is gone or damaged"),
    "hint.BLOB_MISSING": Text("请重新上传该文件。", "Upload the file again."),
    "error.UNSUPPORTED": Text("不支持的文件类型", "This type of file cannot be read"),
    "hint.UNSUPPORTED": Text(
        "请转换为 PDF、DOCX、PPTX、XLSX、CSV、HTML、Markdown、TXT 或 EPUB。",
        "Convert it to PDF, DOCX, PPTX, XLSX, CSV, HTML, Markdown, text or EPUB.",
    ),
    "error.EMPTY": Text("文件没有内容", "The file is empty"),
    "hint.EMPTY": Text("请确认是否选对了文件。", "Check that it is the right one."),
    "error.NO_TEXT_LAYER": Text("页面是图片，没有可读取的文字", "The pages are pictures without text"),
    "hint.NO_TEXT_LAYER": Text(
        '请安装文字识别组件（pip install "kbbuilder[ocr]"）后重试；若已安装，请检查扫描件是否清晰。',
        'Install text recognition (pip install "kbbuilder[ocr]") and try again; if it is there, check that the scan is '
        "legible.",
    ),
    "error.ENCRYPTED": Text("文件有密码保护", "The file is protected by a password"),
    "hint.ENCRYPTED": Text("请另存一份不带密码的副本再上传。", "Save a copy without a password and upload that."),
    "error.CORRUPT": Text("文件已损坏", "The file is damaged"),
    "hint.CORRUPT": Text(
        "请用原来的程序打开并重新保存，再上传新副本。",
        "Open it in its own program, save it again and upload the new copy.",
    ),
    "error.TOO_LARGE": Text("文件过大", "The file is too large"),
    "hint.TOO_LARGE": Text("请拆分文件，或在设置中调高上限。", "Split it, or raise the limit in the settings."),
    "error.TIMEOUT": Text("读取超时", "Reading it took too long"),
    "hint.TIMEOUT": Text("请重试；若再次超时，请拆分文件。", "Try again; if it happens once more, split the file."),
    "error.MEMORY": Text("读取所需内存超出限制", "Reading it needs too much memory"),
    "hint.MEMORY": Text("请拆分文件后再上传。", "Split the file and upload the parts."),
    "error.PARSER_CRASHED": Text("文件使解析程序异常退出", "The file made its reader stop"),
    "hint.PARSER_CRASHED": Text(
        "请用原来的程序重新保存，再上传新副本。", "Save it again in its own program and upload the new copy."
    ),
    "error.UNREADABLE": Text("无法读取文件", "The file cannot be opened"),
    "hint.UNREADABLE": Text("请检查文件权限。", "Check the file's permissions."),
    "error.SPECIAL_FILE": Text("这不是普通文件", "This is not an ordinary file"),
    "hint.SPECIAL_FILE": Text(
        "链接和设备文件不会被读取，请上传真正的文件。", "Links and devices are not followed; upload the real file."
    ),
    "error.INTERNAL": Text("处理时出现意外错误", "Something unexpected went wrong"),
    "hint.INTERNAL": Text(
        "请重试；若再次出现，请把日志发给管理员。",
        "Try again; if it happens once more, show the log to whoever runs this.",
    ),
    "error.INVALID_QUESTION": Text("无法理解这个问题", "This is not a question that can be asked"),
    "hint.INVALID_QUESTION": Text("请输入一个不超过 1000 字的问题。", "Ask one question of at most 1000 characters."),
    "error.CONFLICT_STANDS": Text(
        "与已通过的条目冲突，暂不能通过", "It contradicts an approved entry, so it cannot be approved yet"
    ),
    "hint.CONFLICT_STANDS": Text("请先点「对比并裁定」。", "Settle the conflict first: Compare and settle."),
    "detail.the question is empty": Text("标准问不能为空", "The question is empty"),
    "detail.the answer is empty": Text("答案不能为空", "The answer is empty"),
    "error.ENTRY_NOT_FOUND": Text("条目已不存在", "The entry is gone"),
    "hint.ENTRY_NOT_FOUND": Text("请刷新列表。", "Reload the queue."),
    "error.STALE_FORM": Text("条目已被他人修改", "Somebody changed the entry meanwhile"),
    "hint.STALE_FORM": Text("请对比两份内容后再保存。", "Compare both texts, then save again."),
    "error.ILLEGAL_TRANSITION": Text(
        "条目的状态已改变，不能这样操作", "The entry's status has changed; this is not possible now"
    ),
    "hint.ILLEGAL_TRANSITION": Text("请刷新后再试。", "Reload the entry."),
    "error.INVALID_EDIT": Text("内容无法保存", "The text cannot be saved as it is"),
    "hint.INVALID_EDIT": Text("请修改提示中的字段。", "Correct the field named above."),
    "error.NOTHING_TO_UNDO": Text("没有可撤销的改动", "There is nothing to undo"),
    "hint.NOTHING_TO_UNDO": Text("此条目没有更早的状态。", "This entry has no earlier state."),
    "error.ENGINE_UNAVAILABLE": Text("所选的提取方式不可用", "The chosen engine is not available"),
    "hint.ENGINE_UNAVAILABLE": Text(
        "请配置模型服务（OPENAI_API_KEY、KBBUILDER_MODEL），或改用不需要模型的结构提取。",
        "Set up a model service (OPENAI_API_KEY, KBBUILDER_MODEL), or extract by structure, which needs no model.",
    ),
}
