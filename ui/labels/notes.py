"""What a reader noticed in a file: the notes by code, and the types of file that they name."""

from __future__ import annotations

from ui.labels.text import Text

NOTES: dict[str, Text] = {
    "notes.title": Text("读取文件时的提示", "Noticed while reading the file"),
    "notes.comma": Text("、", ", "),
    "note.plain": Text("{text}", "{text}"),
    "note.characters_damaged": Text("有 {count} 个字符无法解码", "{count} characters could not be decoded"),
    "note.characters_damaged.one": Text("有 1 个字符无法解码", "1 character could not be decoded"),
    "note.slide_unreadable": Text("第 {slide} 张幻灯片无法读取（{error}）", "Slide {slide} cannot be read ({error})"),
    "note.sheet_unreadable": Text("工作表「{sheet}」无法读取（{error}）", "Sheet “{sheet}” cannot be read ({error})"),
    "note.sheet_rows_cut": Text(
        "工作表「{sheet}」过大，只读取了前 {rows} 行",
        "Sheet “{sheet}” is too large: only its first {rows} rows were read",
    ),
    "note.sheet_columns_cut": Text(
        "工作表「{sheet}」列数过多，只读取了前 {columns} 列，其余 {count} 列未读取",
        "Sheet “{sheet}” is too wide: only its first {columns} columns were read, the other {count} were not",
    ),
    "note.sheet_columns_cut.one": Text(
        "工作表「{sheet}」列数过多，只读取了前 {columns} 列，最后 1 列未读取",
        "Sheet “{sheet}” is too wide: only its first {columns} columns were read, the last one was not",
    ),
    "note.rows_cut": Text(
        "表格过大，只读取了前 {rows} 行", "The table is too large: only its first {rows} rows were read"
    ),
    "note.cell_formats_unreadable": Text(
        "无法读取单元格格式，百分数会显示为小数", "Cell formats cannot be read: percentages appear as fractions"
    ),
    "note.marks_not_read": Text(
        "这不是常规的 Markdown（一行中的标记过多），已当作纯文本读取",
        "This is no ordinary Markdown (too many marks in one line), so it was read as plain text",
    ),
    "note.nested_too_deeply": Text(
        "网页中嵌套超过 {levels} 层的内容没有读取",
        "Parts of the page that are nested more than {levels} levels deep were not read",
    ),
    "note.text_recognised": Text(
        "第 {pages} 页的文字是从页面图像中识别出来的", "The text of pages {pages} was recognised in their pictures"
    ),
    "note.text_recognised.one": Text(
        "第 {pages} 页的文字是从页面图像中识别出来的", "The text of page {pages} was recognised in its picture"
    ),
    "note.pages_without_text": Text(
        "第 {pages} 页只有图片，没有读到文字", "Pages {pages} are only pictures: no text was read"
    ),
    "note.pages_without_text.one": Text(
        "第 {pages} 页只有图片，没有读到文字", "Page {pages} is only a picture: no text was read"
    ),
    "note.recognition_missing": Text(
        '第 {pages} 页只有图片，没有读到文字：尚未安装文字识别组件。请安装（pip install "kbbuilder[ocr]"）后重试。',
        "Pages {pages} are only pictures, and text recognition is not installed. Install it "
        '(pip install "kbbuilder[ocr]") and try again.',
    ),
    "note.recognition_missing.one": Text(
        '第 {pages} 页只有图片，没有读到文字：尚未安装文字识别组件。请安装（pip install "kbbuilder[ocr]"）后重试。',
        "Page {pages} is only a picture, and text recognition is not installed. Install it "
        '(pip install "kbbuilder[ocr]") and try again.',
    ),
    "note.recognition_broken": Text(
        "第 {pages} 页只有图片，没有读到文字：文字识别组件无法加载（{error}）。"
        "请安装缺少的系统库（如缺 libGL：apt install libgl1），或把 opencv-python 换成 opencv-python-headless。",
        "Pages {pages} are only pictures, and text recognition cannot be loaded ({error}). Install the system library "
        "that is missing (libGL: apt install libgl1), or put opencv-python-headless in the place of opencv-python.",
    ),
    "note.recognition_broken.one": Text(
        "第 {pages} 页只有图片，没有读到文字：文字识别组件无法加载（{error}）。"
        "请安装缺少的系统库（如缺 libGL：apt install libgl1），或把 opencv-python 换成 opencv-python-headless。",
        "Page {pages} is only a picture, and text recognition cannot be loaded ({error}). Install the system library "
        "that is missing (libGL: apt install libgl1), or put opencv-python-headless in the place of opencv-python.",
    ),
    "note.pages_damaged": Text("第 {pages} 页已损坏，没有读取", "Pages {pages} are damaged and were left out"),
    "note.pages_damaged.one": Text("第 {pages} 页已损坏，没有读取", "Page {pages} is damaged and was left out"),
    "note.file_damaged": Text(
        "文件已损坏，只读出了文字，标题和表格未能识别",
        "The file is damaged: its text was read without headings and tables",
    ),
    "note.headings_empty": Text("有 {count} 个标题没有文字，已略去", "{count} headings without text were left out"),
    "note.headings_empty.one": Text("有 1 个标题没有文字，已略去", "1 heading without text was left out"),
    "note.named_as_another_type": Text(
        "扩展名与内容不符：按扩展名应为「{named}」，实际是「{type}」，已按实际内容读取",
        "By its name this is {named}, but it is {type} and was read as such",
    ),
    "file.application/pdf": Text("PDF 文件", "a PDF"),
    "file.application/vnd.openxmlformats-officedocument.wordprocessingml.document": Text(
        "Word 文档", "a Word document"
    ),
    "file.application/vnd.openxmlformats-officedocument.presentationml.presentation": Text(
        "PowerPoint 演示文稿", "a PowerPoint presentation"
    ),
    "file.application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Text("Excel 工作簿", "an Excel workbook"),
    "file.application/vnd.ms-excel": Text("旧版 Excel 工作簿", "an old Excel workbook"),
    "file.application/vnd.oasis.opendocument.spreadsheet": Text("OpenDocument 表格", "an OpenDocument spreadsheet"),
    "file.application/epub+zip": Text("EPUB 电子书", "an EPUB book"),
    "file.message/rfc822": Text("电子邮件", "an e-mail"),
    "file.text/html": Text("网页", "a web page"),
    "file.text/markdown": Text("Markdown 文档", "Markdown"),
    "file.text/x-rst": Text("reStructuredText 文档", "reStructuredText"),
    "file.text/csv": Text("CSV 表格", "a CSV table"),
    "file.text/tab-separated-values": Text("TSV 表格", "a TSV table"),
    "file.text/plain": Text("纯文本", "plain text"),
}
