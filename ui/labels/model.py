"""What the app says of language models: choosing one, previews, money, and what went wrong."""

from __future__ import annotations

from ui.labels.text import Text

MODEL: dict[str, Text] = {
    "engine.choose": Text("提取方式", "How to extract"),
    "engine.structural": Text("按结构提取", "By structure"),
    "engine.llm": Text("大模型提取", "With the model"),
    "engine.help": Text(
        "按结构提取不需要模型，答案均为原文；大模型会通读全文并改写为问答，每条都须有原文出处。",
        "By structure needs no model and answers verbatim; the model reads everything and words questions and answers,"
        " each proved by a quote.",
    ),
    "upload.AWAITS_WORD": Text("已接收，可先预览再构建", "taken in; look at a preview, then build it"),
    "preview.first": Text("先预览几段，再决定", "Preview some sections first"),
    "preview.run": Text("预览 {n} 段", "Preview {n} sections"),
    "preview.build": Text("开始构建", "Build it"),
    "preview.running": Text("正在请模型阅读所选段落…", "The model is reading the chosen sections…"),
    "preview.title": Text("预览", "Preview"),
    "preview.none": Text("没有可提问的内容", "Nothing to ask"),
    "preview.similar": Text("相似问", "Also asked as"),
    "preview.spent": Text(
        "本次预览：调用 {calls} 次，词元 {tokens}，费用 {cost}",
        "This preview: {calls} calls, {tokens} tokens, cost {cost}",
    ),
    "preview.estimate": Text(
        "全部处理预计最多：调用 {calls} 次，词元 {tokens}，费用 {cost}",
        "All of it, at most about: {calls} calls, {tokens} tokens, cost {cost}",
    ),
    "preview.kept": Text(
        "以上结果尚未入库；正式构建时，预览过的段落不会重复计费。",
        "Nothing of this is in the library yet; building will not pay for these sections again.",
    ),
    "preview.verdict.supported": Text("有据", "Supported"),
    "preview.verdict.flagged": Text("存疑", "Doubtful"),
    "preview.verdict.dropped": Text("不采用", "Left out"),
    "cost.unknown": Text("单价未知", "price not known"),
    "cost.tokens": Text("词元 {n}", "{n} tokens"),
    "cost.document": Text("费用 {cost}", "cost {cost}"),
    "cost.approved": Text("每条通过 {cost}", "{cost} an approved entry"),
}

MODEL_ERRORS: dict[str, Text] = {
    "error.MODEL_MISSING": Text("本机没有模型文件", "The model's file is not on this machine"),
    "hint.MODEL_MISSING": Text("请在命令行执行 kbbuilder model pull。", "Run: kbbuilder model pull"),
    "error.MODEL_UNUSABLE": Text("模型文件无法加载", "The model's file cannot be loaded"),
    "hint.MODEL_UNUSABLE": Text(
        "请先释放内存再试；仍不行则删除文件后重新下载。", "Free some memory; if it stays so, fetch the file again."
    ),
    "error.MODEL_DOWNLOAD": Text("模型文件下载失败", "The model's file could not be fetched"),
    "hint.MODEL_DOWNLOAD": Text(
        "请检查网络后重试，会从中断处继续。", "Check the connection and try again; it goes on where it stopped."
    ),
    "error.AWAITS_WORD": Text("等待您确认", "Waiting for your word"),
    "hint.AWAITS_WORD": Text("可先预览几段，再点「开始构建」。", "Preview some sections, then choose Build it."),
    "error.MODEL": Text("模型服务出错", "The model service failed"),
    "hint.MODEL": Text(
        "请稍后重试；已得到的结果不会重复计费。", "Try again in a moment; what was answered is not paid for twice."
    ),
    "error.RATE_LIMITED": Text("模型服务限流", "The model service is limiting requests"),
    "hint.RATE_LIMITED": Text("稍后会自动重试。", "It will be tried again by itself."),
    "error.MODEL_OVERLOADED": Text("模型服务繁忙", "The model service is overloaded"),
    "hint.MODEL_OVERLOADED": Text("稍后会自动重试。", "It will be tried again by itself."),
    "error.MODEL_UNREACHABLE": Text("连不上模型服务", "The model service cannot be reached"),
    "hint.MODEL_UNREACHABLE": Text(
        "请检查 OPENAI_BASE_URL 和网络；恢复后会从中断处继续。",
        "Check OPENAI_BASE_URL and the network; it goes on where it stopped.",
    ),
    "error.MODEL_TIMEOUT": Text("模型响应超时", "The model took too long"),
    "hint.MODEL_TIMEOUT": Text(
        "可在设置中调高 calls.deadline_s，或调低 calls.concurrency。",
        "Raise calls.deadline_s or lower calls.concurrency in the settings.",
    ),
    "error.EMPTY_REPLY": Text("模型没有给出内容", "The model's reply was empty"),
    "hint.EMPTY_REPLY": Text("稍后会自动重试。", "It will be tried again by itself."),
    "error.BAD_REPLY": Text("模型服务返回了无法识别的内容", "The service's answer is no model reply"),
    "hint.BAD_REPLY": Text(
        "请确认 OPENAI_BASE_URL 是兼容 OpenAI 的接口地址（通常以 /v1 结尾）。",
        "Check that OPENAI_BASE_URL is the address of an OpenAI-compatible service, usually ending in /v1.",
    ),
    "error.REPLY_TOO_LARGE": Text("模型返回的内容过大", "The model's reply is too large"),
    "hint.REPLY_TOO_LARGE": Text("请重试，或更换模型。", "Try again, or use another model."),
    "error.REPLY_UNUSABLE": Text("模型的回复无法解析", "The model's reply cannot be read"),
    "hint.REPLY_UNUSABLE": Text(
        "若经常出现，请更换能按 JSON 格式输出的模型。", "If it happens often, use a model that follows a JSON schema."
    ),
    "error.CONTEXT_TOO_LONG": Text("段落超出模型的上下文长度", "The section is too long for the model"),
    "hint.CONTEXT_TOO_LONG": Text(
        "请更换上下文更长的模型，或在设置中调低 chunk_chars_zh、chunk_chars_en。",
        "Use a model with a longer context, or lower chunk_chars_zh and chunk_chars_en in the settings.",
    ),
    "error.CONTENT_FILTERED": Text("内容被模型服务拦截", "The service's content filter stopped it"),
    "hint.CONTENT_FILTERED": Text(
        "请手工编写这部分条目，或更换服务。", "Write these entries by hand, or use another service."
    ),
    "error.MODEL_REFUSED": Text("模型拒绝处理这段内容", "The model declined the section"),
    "hint.MODEL_REFUSED": Text(
        "请手工编写这部分条目，或更换模型。", "Write these entries by hand, or use another model."
    ),
    "error.MODEL_BAD_REQUEST": Text("模型服务不接受该请求", "The service rejects the request"),
    "hint.MODEL_BAD_REQUEST": Text("请确认该模型支持对话补全接口。", "Check that the model supports chat completions."),
    "error.MODEL_AUTH": Text("模型服务的密钥无效或无权限", "The model service refuses the key"),
    "hint.MODEL_AUTH": Text(
        "请检查 OPENAI_API_KEY 及其权限，然后重试；已得到的结果不会重复计费。",
        "Check OPENAI_API_KEY and its rights, then try again; what was answered is not paid for twice.",
    ),
    "error.MODEL_NOT_FOUND": Text("找不到该模型", "There is no such model"),
    "hint.MODEL_NOT_FOUND": Text(
        "请检查 KBBUILDER_MODEL 和 OPENAI_BASE_URL，然后重试。", "Check KBBUILDER_MODEL and OPENAI_BASE_URL."
    ),
    "error.QUOTA_EXHAUSTED": Text("模型账户余额不足", "The model account is used up"),
    "hint.QUOTA_EXHAUSTED": Text(
        "请充值后重试；已得到的结果不会重复计费。",
        "Top it up, then try again; what was answered is not paid for twice.",
    ),
    "error.BUDGET_REACHED": Text("已达预算上限，构建暂停", "The budget is used up; the build is paused"),
    "hint.BUDGET_REACHED": Text(
        "提高预算后重试，会从中断处继续。", "Raise the budget and try again; it goes on where it stopped."
    ),
}

FLAGS: dict[str, Text] = {
    "flag.name_not_in_source": Text("名称与原文不符", "Name not in the source"),
    "flag.why.name_not_in_source": Text(
        "答案中的名称或颜色在引文中找不到", "The answer names something that the quote does not"
    ),
    "reason.name_not_in_source": Text("名称与原文不符", "Name not in the source"),
    "flag.order_changed": Text("步骤顺序不一致", "Order of steps differs"),
    "flag.why.order_changed": Text(
        "答案的步骤顺序与原文不同", "The answer tells the steps in another order than the source"
    ),
    "reason.order_changed": Text("步骤顺序不一致", "Order of steps differs"),
    "flag.not_answered": Text("答非所问", "Beside the question"),
    "flag.why.not_answered": Text("引文没有谈到所问的内容", "The quote does not speak of what is asked"),
    "reason.not_answered": Text("答非所问", "Beside the question"),
    "flag.oddly_worded": Text("问法生硬", "Oddly worded"),
    "flag.why.oddly_worded": Text(
        "问句不完整、重复发问，或只是把原文反问一遍",
        "The question is not whole, asks two ways at once, or asks a statement back",
    ),
    "reason.oddly_worded": Text("问法生硬", "Oddly worded"),
    "flag.unsure": Text("模型拿不准", "Model unsure"),
    "flag.why.unsure": Text(
        "模型写这个问题时用词犹豫，问法可能与答案不合",
        "The model hesitated over the wording of the question, which may miss the answer",
    ),
    "reason.unsure": Text("模型拿不准", "Model unsure"),
    "flag.answer_shared": Text("多问一答", "One answer for many"),
    "flag.why.answer_shared": Text(
        "同一段的其他问题已用了这个答案", "Other questions of the section have the same answer already"
    ),
    "reason.answer_shared": Text("多问一答", "One answer for many"),
    "flag.round_trip_differs": Text("复答不一致", "Answered differently"),
    "flag.why.round_trip_differs": Text(
        "仅凭这一段再次作答时，模型给出了不同的答案",
        "Asked with the section alone, the model answers otherwise",
    ),
    "reason.round_trip_differs": Text("复答不一致", "Answered differently"),
    "flag.judge_rejects": Text("模型复核未通过", "The model would not approve"),
    "flag.why.judge_rejects": Text(
        "模型复核时认为这一条不宜通过", "Asked to judge, the model would not approve the pair"
    ),
    "reason.judge_rejects": Text("模型复核未通过", "The model would not approve"),
    "flag.not_looked_at_again": Text("未能复核", "No second look"),
    "flag.why.not_looked_at_again": Text(
        "模型复核的回复无法解析，请人工核对", "The model's second look could not be read; please check by hand"
    ),
    "reason.not_looked_at_again": Text("未能复核", "No second look"),
    "reason.no_pairs": Text("模型认为没有可问的内容", "the model found nothing to ask"),
}
