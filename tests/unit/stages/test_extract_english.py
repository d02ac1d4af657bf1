"""English questions of the structural engine: what may be asked of a manual's text, in which words, and what not."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import chunks_of
from structural_reading import pairs as _pairs

from kbbuilder.language.leftovers import has_leftovers
from kbbuilder.schema import PairKind
from kbbuilder.stages.extract import StructuralExtractor, context_of
from kbbuilder.stages.extract.english.grammar import lowered, ungerund
from kbbuilder.stages.extract.english.instruction import instructs
from kbbuilder.stages.extract.english.naming import device_of, with_subject
from kbbuilder.stages.extract.english.tasks import is_bound, names_its_matter, tells_apart

_OPENING = "# Tidepool Manual\n\nTidepool keeps logs. Tidepool runs anywhere. Tidepool is small.\n\n"


@pytest.mark.parametrize(
    ("subject", "headings", "named"),
    [
        ("Tidepool", ("Tidepool Manual", "4 Chart Editor", "4.2 Labels"), "Chart Editor"),
        ("Tidepool", ("Tidepool Manual", "7. Shortcuts", "7.2 3D Viewer"), "3D Viewer"),
        ("Tidepool", ("Tidepool Manual", "Sensor S20", "Reset"), "Sensor S20"),
        ("Tidepool", ("Tidepool Manual", "IPv6", "Tunnels"), "Tidepool"),
        ("Tidepool", ("Tidepool Manual", "Using the editor"), "Tidepool"),
        ("CAD 编辑器", ("CAD 编辑器", "Common"), "CAD Editor"),
        ("智能门锁", ("智能门锁", "Common"), ""),
        ("", ("Imaging Tools", "2. Scaling"), "Imaging Tools"),
        ("", ("Notes", "Imaging Tools"), ""),
    ],
)
def test_the_nearest_tool_or_device_above_names_what_a_question_is_about(
    subject: str, headings: tuple[str, ...], named: str
) -> None:
    assert device_of(headings, subject) == named


@pytest.mark.parametrize(
    ("phrase", "subject", "named"),
    [
        ("configure the server", "Mumble", "configure the Mumble server"),
        ("add a label", "Chart Editor", "add a label in the Chart Editor"),
        ("create chart symbols", "Chart Editor", "create chart symbols in the Chart Editor"),
        ("migrate from earlier versions", "Tidepool", "migrate from earlier versions of Tidepool"),
        ("clean the lens", "Lumo L20", "clean the lens on the Lumo L20"),
    ],
)
def test_a_task_names_its_product_where_english_puts_it(phrase: str, subject: str, named: str) -> None:
    assert with_subject(phrase, subject) == named


@pytest.mark.parametrize(
    ("text", "steps", "instructive"),
    [
        ("Open the settings and choose a colour. Save the file.", False, True),
        ("Labels can be moved with the arrow keys. They keep their text.", False, True),
        ("Run this:\n\n```\ntide push\n```\n\nThe server answers.", False, True),
        ("1. Unplug it.\n2. Open the lid.", True, True),
        ("1. Hold the power button.\n2. Wait until the lamp blinks.", True, True),
        ("1. Loosen the screws.\n2. Lift the lid and tap it.", True, True),
        ("1. fewer errors\n2. more speed\n3. less noise", True, False),
        ("Tapes having been found too slow, the company chose disks. They were bought in May. It went well.", False, False),
        ("A queue is a list of jobs. Jobs have owners. Owners have names. Names are unique.", False, False),
        ("The drawing is complete, but the sheet is empty. Click Update. Click Close.", False, False),
    ],
)  # fmt: skip
def test_only_a_text_that_instructs_answers_how(text: str, steps: bool, instructive: bool) -> None:
    assert instructs(text, steps) is instructive


def test_a_heading_that_may_head_an_essay_needs_more_instruction() -> None:
    text = "Backups matter. Many people forget them. You should think of disks. Disks are cheap. Tapes are slow."
    assert instructs(text, steps=False) or not instructs(text, steps=False, firmly=True)
    assert not instructs(text, steps=False, firmly=True)


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("Install and remove", "Open the list. Choose a package and press Install."),
        ("Cooperative maintenance", "You should agree on a plan. Write it down."),
        ("Next steps in configuration", "Open the list. Choose what you need and press Save."),
        ("Installing problems", "Open the list. Choose what you need and press Save."),
        ("Compiling the files", "Run the build. Copy the result to the folder."),
        ("Determining who (the build team", "Open the list. Choose what you need and press Save."),
        ("Detecting network cards", "This automatic step tries all drivers. Choose one of them. Press Next."),
        ("Backing up with a script", "Tapes were found too slow. The company chose disks. It wanted them soon."),
    ],
)
def test_no_task_is_made_of_a_heading_that_names_none_or_of_a_text_that_tells_none(
    tmp_path: Path, heading: str, body: str
) -> None:
    assert not any(
        pair.kind is PairKind.HOW_TO for pair in _pairs(tmp_path, f"{_OPENING}## {heading}\n\n{body}").values()
    )


def test_a_customer_says_my_and_a_remark_in_brackets_is_left_out(tmp_path: Path) -> None:
    pairs = _pairs(
        tmp_path,
        f"{_OPENING}## Renewing your licence key (optional)\n\n1. Open the account page.\n2. Press Renew.\n3. Save the key.",
    )
    assert "How do I renew my licence key in Tidepool?" in pairs


def test_two_sections_of_one_name_are_asked_only_with_the_device_they_are_about(tmp_path: Path) -> None:
    steps = "1. Press the key for five seconds.\n2. Wait for the tone."
    named = _pairs(
        tmp_path, f"# Guide\n\n## Sensor S20\n\n### Pairing the remote\n\n{steps}\n\n## Sensor S30\n\n### Pairing the remote\n\n{steps} Done."
    )  # fmt: skip
    assert {q for q in named if "pair" in q} == {
        "How do I pair the remote on the Sensor S20?",
        "How do I pair the remote on the Sensor S30?",
    }
    unnamed = _pairs(
        tmp_path, f"# Guide\n\n## Old series\n\n### Pairing the remote\n\n{steps}\n\n## New series\n\n### Pairing the remote\n\n{steps} Done."
    )  # fmt: skip
    assert not any("pair" in q for q in unnamed)


@pytest.mark.parametrize(
    ("heading", "body", "question"),
    [
        ("Chart types", "- Bar: columns side by side\n- Pie: shares of a whole\n- Line: values over time", "What chart types are there in Tidepool?"),
        ("Label properties", "- Colour: of the text\n- Size: in points\n- Angle: in degrees", "What are the label properties in Tidepool?"),
        ("Sponsoring charts", "- Ask for one.\n- Wait for an answer.\n- Pay the fee.", None),
        ("New charts", "- Ask for one.\n- Wait for an answer.\n- Pay the fee.", None),
        ("Chart types", "There is much to say of charts, and most of it has been said before by others at length.\n\n- Bar\n- Pie\n- Line", None),
    ],
)  # fmt: skip
def test_what_there_is_is_asked_only_of_a_list_of_things(
    tmp_path: Path, heading: str, body: str, question: str | None
) -> None:
    asked = [q for q, p in _pairs(tmp_path, f"{_OPENING}## {heading}\n\n{body}").items() if p.kind is PairKind.TOPIC]
    assert asked == ([question] if question else [])


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("A host is a machine that answers the poller.", "What is a host in Tidepool?"),
        ("A tidemark is a line that the highest value leaves.", "What is a tidemark?"),
        ("Whether the mark is a line depends on it.", None),
        ("Monitoring is a general term for many activities of a network team.", None),
        ("Monitoring is an integral part of the work of a network team.", None),
        ("A typical query is a word with a star at its end.", None),
        ("The `tide.conf` file describes a server and its ports.", None),
        ("The `tide sync` command writes the log to the disk at once.", "What does the `tide sync` command do in Tidepool?"),
        ("The `hosts.list` file lists these servers with their ports.", None),
        ("You can hide a label by double-clicking its name.", "How do I hide a label in Tidepool?"),
        ("Labels can be moved using the arrow keys of the keyboard.", "How do I move labels in Tidepool?"),
        ("The file can be moved using the arrow keys of the keyboard.", None),
        ("If the audit did not find a fault, upload the new version.", None),
        ("If requesting a rebuild fails, please write to the list.", None),
        ("If you lost a licence key, contact the sales office.", "What should I do if I lost a licence key in Tidepool?"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_for_only_what_stands_alone(tmp_path: Path, sentence: str, question: str | None) -> None:
    asked = list(_pairs(tmp_path, f"{_OPENING}## Nebensache\n\n{sentence}"))
    if question is None:
        assert not [q for q in asked if q not in ("What is Tidepool?",)]
    else:
        assert [q.replace(" in Tidepool?", "?") for q in asked] == [question.replace(" in Tidepool?", "?")]


@pytest.mark.parametrize(
    ("answer", "left_over"),
    [
        ("To save the chart, click the icon. It is kept.", True),
        ("Use the line tool, as shown in the picture below.", True),
        ("As mentioned above, the tank must be full.", True),
        ("Fill the tank.\n\nAs mentioned above, it must be cold.", True),
        ("However, the tank must be full.", True),
        ("Charts are moved to the archive. [1]", True),
        ("Charts age. This section reviews some ways to keep them. Archive them.", True),
        ("Th\n\nis kernel is old. Install another.", True),
        ("Draw lines , arcs , or circles.", True),
        ("A dialog opens:\n\nAdding a line\n\nAdding a text\n\nChoose one.", True),
        ("| zoom in 24 | Zoom in |\n| --- | --- |\n| zoom out 24 | Zoom out |\n| refresh | Redraw |", True),
        ("打开设置页面，然后保存。 Then press Save.", True),
        ("Press the button for ten seconds.", False),
        ("Open the menu (see section 4.2) and choose Save.", False),
        ("Use `a`, `b` and `c`. The values are kept.", False),
        ("| Key | Effect |\n| --- | --- |\n| Home | Go to the start |\n| End | Go to the end |", False),
    ],
)
def test_an_answer_must_not_need_its_page(answer: str, left_over: bool) -> None:
    assert has_leftovers(answer, "en") is left_over


def test_a_sentence_still_answers_where_its_section_cannot_be_published(tmp_path: Path) -> None:
    pairs = _pairs(
        tmp_path,
        f"{_OPENING}## Adding a chart\n\nThe sheet is complete, but it is empty. "
        "To add a chart to the sheet, choose Insert and click the place where it shall stand.\n\n"
        "Repeat this as shown in the picture below.",
    )
    assert list(pairs) == ["How do I add a chart to the sheet in Tidepool?"]


@pytest.mark.parametrize(
    ("table", "pairs"),
    [
        (
            "## Pin types\n\n| Name | Description |\n|---|---|\n| Passive | A pin that neither drives nor needs power |",
            {"What does the pin type “Passive” mean in Tidepool?": "A pin that neither drives nor needs power"},
        ),
        (
            "## Other\n\n| Option | Description |\n|---|---|\n| Fill zones | If checked, zones are filled before each plot |",
            {"What does the “Fill zones” option do in Tidepool?": "If checked, zones are filled before each plot"},
        ),
        (
            "## Hotkeys\n\n| Action | Hotkey | Description |\n|---|---|---|\n| Home view | `F9` | Home view |",
            {"What is the keyboard shortcut for “Home view” in Tidepool?": "Hotkey: `F9`"},
        ),
        (
            "## Parts\n\n| Name | Description |\n|---|---|\n| LogView | The viewer for old log files |\n| Open end | Open ends are often found at the outer edge of older maps |",
            {"What is LogView in Tidepool?": "The viewer for old log files"},
        ),
        ("## Log\n\n| Message | Description |\n|---|---|\n| pid=12 | The number of the process that wrote it |", {}),
        ("## Rows\n\n| Item | Header 2 | Header 3 |\n|---|---|---|\n| Row 1 | 1 | 2 |\n| Row 2 | 3 | 4 |", {}),
    ],
)
def test_rows_say_what_their_names_are(tmp_path: Path, table: str, pairs: dict[str, str]) -> None:
    assert {q: p.answer for q, p in _pairs(tmp_path, f"{_OPENING}{table}").items()} == pairs


@pytest.mark.parametrize(
    ("phrase", "in_heading", "in_text"),
    [
        ("configure the server", False, False),
        ("add entries to the menu", False, False),
        ("set up greylisting", True, False),
        ("load `tide.conf`", True, True),
        ("join a Zigbee network", True, True),
        ("reset the router", True, True),
    ],
)
def test_a_task_of_no_known_product_names_its_matter(phrase: str, in_heading: bool, in_text: bool) -> None:
    assert tells_apart(phrase) is in_heading
    assert names_its_matter(phrase) is in_text


@pytest.mark.parametrize(
    ("phrase", "bound"),
    [("compile the files", True), ("change the other settings", True), ("configure the server", False), ("check the filter", False)],
)  # fmt: skip
def test_the_files_are_known_only_to_the_page_before(phrase: str, bound: bool) -> None:
    assert is_bound(phrase) is bound


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        ("## External tools\n\n- a reader\n- a writer\n- a printer", False),
        ("## System requirements\n\n- 2 GB of memory\n- a screen\n- a mouse", False),
        ("## The width setting\n\nThe width setting controls how wide each column of the report is drawn.", False),
        ("## Menu\n\n| Command | Function |\n|---|---|\n| Edit → Keep | Keeps what is selected in its present state |", False),
        ("## The help menu\n\n| Command | Function |\n|---|---|\n| `tide help` | Lists all subcommands with their options |", False),
        ("## Shell\n\n| Command | Function |\n|---|---|\n| `tide help` | Lists all subcommands with their options |", True),
    ],
)  # fmt: skip
def test_without_a_known_product_nothing_is_asked_that_any_product_has(
    tmp_path: Path, section: str, asked: bool
) -> None:
    assert bool(_pairs(tmp_path, f"# Notes\n\n{section}")) is asked


@pytest.mark.parametrize(
    ("title", "text", "subject"),
    [
        ("Chart Editor", "Open the Chart Editor. In the Chart Editor you draw. The Chart Editor saves.", "Chart Editor"),
        ("Themes", "Themes are files. Themes have names. Themes are loaded once. A theme is small; themes are many.", ""),
        ("Web Server (HTTP)", "HTTP is old. HTTP is text. HTTP is simple. Use HTTP.", ""),
        ("Build cache", "We ask Tidepool, and Tidepool answers. If Tidepool fails, start Tidepool again. With Tidepool, wait.", "Tidepool"),
    ],
)  # fmt: skip
def test_a_title_or_word_is_a_product_only_when_the_text_uses_it_as_a_name(
    tmp_path: Path, title: str, text: str, subject: str
) -> None:
    chunks, _ = chunks_of(tmp_path, f"# {title}\n\n{text}")
    assert context_of("doc.md", title, "en", chunks).subject == subject


def test_a_half_translated_manual_names_its_tool_in_english(tmp_path: Path) -> None:
    chunks, read = chunks_of(
        tmp_path,
        "# CAD 编辑器\n\n"
        + "CAD 编辑器用于绘制零件图。" * 6
        + "\n\n## 热键\n\n本节列出全部热键，供绘图时参考使用。\n\n"
        "## Common hotkeys\n\nThe table lists the keys that every window of the program understands.\n\n"
        "| Action | Hotkey | Description |\n|---|---|---|\n| Pan Up | `Shift`+`Up` | Moves the drawing up by one grid step |",
    )
    context = context_of(read.name, read.title, "zh", chunks)
    asked = [
        p.question for c in chunks for p in StructuralExtractor().extract(c, context).candidates if p.language == "en"
    ]
    assert context.subject == "CAD 编辑器"
    assert asked == ["What is the keyboard shortcut for “Pan Up” in the CAD Editor?"]


def test_words_of_a_heading_keep_the_capitals_of_names_only() -> None:
    assert lowered("Sender Policy Framework (SPF)", "") == "Sender Policy Framework (SPF)"
    assert lowered("Postfix", "We use Postfix here. Install `postfix`.") == "Postfix"
    assert lowered("Project Libraries", "Open the Libraries pane. Each library is kept. A library is a file.") == (
        "project libraries"
    )
    assert ungerund("and upgrading the tool") == "and upgrade the tool"
    assert ungerund("key signing and checking") == "key signing and checking"
