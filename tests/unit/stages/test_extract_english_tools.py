"""Manuals of programs with many tools, a page each: which tool and which program an English question is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import chunks_of, pairs

from kbbuilder.stages.extract.english.scope import in_place, is_part_of_tool, tool_above

_OPENING = "# Tidepool Manual\n\nTidepool keeps logs. Tidepool runs anywhere. Tidepool is small.\n\n"


def _asked(folder: Path, section: str) -> list[str]:
    return [question for question in pairs(folder, f"{_OPENING}{section}") if question != "What is Tidepool?"]


@pytest.mark.parametrize(
    ("home", "said", "subject"),
    [
        ("TidePool Tutorial and Concepts Guide", "Drag it to the chart.", "TidePool"),
        ("Great Tidepool Drawing Program", "Drag it to the chart.", "Great Tidepool Drawing Program"),
        ("Great Tidepool Drawing Program", "Drag it to the GTDP chart.", "GTDP"),
        ("Sailing Made Easy", "Drag it to the chart.", ""),
    ],
)
def test_a_page_is_about_the_program_of_its_book_though_it_never_names_it(
    tmp_path: Path, home: str, said: str, subject: str
) -> None:
    page = (
        f'<html><head><title>3. Nets</title><link rel="home" href="index.html" title="{home}"/></head><body>'
        f"<h1>3. Nets</h1><h2>Moving a net</h2><p>Press Move, then select the Harbour. {said}</p>"
        "<p>The Harbour is saved with the Harbour of the net, and any Harbour will do in Harbour.</p></body></html>"
    )
    assert chunks_of(tmp_path, page, "ch03.html")[1].subject == subject


@pytest.mark.parametrize(
    ("headings", "prose", "tool"),
    [
        (("Tools", "Soft Brush", "Options"), "This tool paints.", "Soft Brush tool"),
        (("Tools", "Soft Brush Tool", "Key modifiers (Defaults)"), "Hold a key.", "Soft Brush Tool"),
        (("Tools", "Soft Brush", "Options"), "It paints.", ""),
        (("Tools", "Adding brushes", "Options"), "This tool paints.", ""),
    ],
)
def test_the_options_of_a_tool_are_the_ones_of_the_tool_above(headings: tuple[str, ...], prose: str, tool: str) -> None:
    assert is_part_of_tool(headings)
    assert tool_above(headings, prose) == tool


def test_a_section_with_a_name_of_its_own_is_no_part_that_every_tool_has() -> None:
    assert not is_part_of_tool(("Tools", "Soft Brush", "Sizes of brushes"))
    assert not is_part_of_tool(("Options",))


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        ("## Soft Brush\n\n### Tool handling\n\nYou can select old nets by dragging over the chart. The tool is quick.", ["How do I select old nets in the Soft Brush tool of Tidepool?"]),
        ("## Soft Brush\n\n### Options\n\nThe Free option allows you to draw a curve. Choose a size.", []),
        ("## Soft Brush\n\n### Options\n\nThe maximum distance is 2000 pixels. This tool is quick.", []),
        ("## Description of the “Show Nets” Dialog\n\nYou can move a net to the left by using the arrow keys.", ["How do I move a net to the left in the Show Nets Dialog of Tidepool?"]),
    ],
)  # fmt: skip
def test_what_a_tool_s_part_tells_is_asked_of_the_tool_or_not_at_all(
    tmp_path: Path, section: str, asked: list[str]
) -> None:
    assert _asked(tmp_path, section) == asked


def test_a_dialog_s_name_stands_in_the_place_of_the_dialog() -> None:
    question = "How do I sort the nets in the dialog in Tidepool?"
    assert in_place(question, "Nets dialog", "Tidepool") == "How do I sort the nets in the Nets dialog of Tidepool?"


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        ("## Tutorial: a pier\n\n### Adding nets\n\nClick Add, then select the net of the pier. Press Start.", []),
        ("## Giving our chart some colour\n\n### Adding nets\n\nClick Add, then select a net. Press Start.", []),
        ("## Nets\n\n### Adding nets\n\nClick Add. In our case, that is the red net. Press Start.", []),
        ("## Nets\n\n### Adding nets\n\nClick Add. Then select a net. Press Start.", ["How do I add nets in Tidepool?"]),
        ("## Nets\n\n### Finishing Up\n\nSelect OK. Press Start.", []),
        ("## Nets\n\n### Reviewing the nets to be created\n\nSelect OK. Press Start.", []),
        ("## Depth Blend\n\n### Starting this filter\n\nSelect Filters, then press Blend.", ["How do I start the Depth Blend filter in Tidepool?"]),
    ],
)  # fmt: skip
def test_steps_for_one_example_or_in_the_middle_of_others_are_no_task(
    tmp_path: Path, section: str, asked: list[str]
) -> None:
    assert _asked(tmp_path, section) == asked


def test_what_one_installs_on_a_system_is_not_the_system(tmp_path: Path) -> None:
    opening = "# Debian Guide\n\nDebian is free. Ask Debian for news. Debian runs anywhere.\n\n"
    proxy = "## Networks\n\n### Proxy\n\n#### Installing\n\nInstall the squid package. Press Start to go on."
    tool = "## Sources\n\n### Uninstall the program\n\n1. Enter the folder.\n2. Run make."
    assert list(pairs(tmp_path, opening + proxy)) == []
    assert list(pairs(tmp_path, opening + tool)) == []


def test_a_heading_that_is_a_program_s_name_says_where_a_task_is_done(tmp_path: Path) -> None:
    opening = "# Debian Guide\n\nDebian is free. Ask Debian for news. Debian runs anywhere.\n\n"
    section = "## Front ends\n\n### `tidy`\n\nTo search for a package, you can type / and its name."
    assert list(pairs(tmp_path, opening + section)) == ["How do I search for a package in `tidy`?"]


_SUITE = "TidePool draws charts. Ask TidePool for help. In TidePool, nets have names.\n\n"


def test_a_tool_of_a_suite_is_named_with_its_suite(tmp_path: Path) -> None:
    text = (
        f"# Net Editor\n\n{_SUITE}The Net Editor is quick. The Net Editor is small. The Net Editor is free.\n\n"
        "## Adding nets\n\nClick Add. Then select a net of the chart.\n\n"
        "## Knot Viewer\n\n### Turning knots\n\nPress Turn. Then select a knot in the Knot Viewer.\n"
    )
    asked = [question for question in pairs(tmp_path, text) if question.startswith("How")]
    assert asked == [
        "How do I add nets in the TidePool Net Editor?",
        "How do I turn knots in the TidePool Knot Viewer?",
    ]


def test_a_kind_of_things_or_a_tool_is_no_program_of_its_own(tmp_path: Path) -> None:
    text = "In Knots, all is tied. Click Add. Then select a rope with the Soft Brush tool."
    knots = _asked(tmp_path, f"## Knots\n\n### Adding ropes\n\n{text}")
    brush = _asked(tmp_path, f"## Soft Brush\n\n### Adding ropes\n\n{text} Then Soft Brush paints.")
    assert knots == brush == ["How do I add ropes in Tidepool?"]


def test_what_a_text_allows_at_its_opening_is_not_how_to_do_it(tmp_path: Path) -> None:
    told = "If you like ropes of your own, you may of course add some. A rope has two ends. An end is frayed. A knot is tied."
    assert _asked(tmp_path, f"## Knots\n\n### Adding ropes\n\n{told}") == []


def test_a_task_in_a_dialog_is_asked_with_the_dialog(tmp_path: Path) -> None:
    section = "## Ropes dialog\n\n### Adding knots\n\nClick Add. Then select a knot."
    assert _asked(tmp_path, section) == ["How do I add knots in the Ropes dialog of Tidepool?"]


@pytest.mark.parametrize(
    ("heading", "rows", "asked"),
    [
        ("Chart Editor", "| Add Net | `N` |\n| Add Knot | `N` |\n| Add Rope | `R` |", ["Add Rope"]),
        ("Common", "| Grid Origin | `S` |\n| Save | `Ctrl`+`S` |\n| Fast Grid 1 | `Alt`+`1` |", ["Save"]),
        ("Hotkeys", "| Delete | `Del` |\n| Home view | `Home` |\n| Escape Net | `N` |", ["Escape Net"]),
    ],
)
def test_a_shortcut_is_asked_for_where_it_tells_something_and_holds(
    tmp_path: Path, heading: str, rows: str, asked: list[str]
) -> None:
    table = f"## {heading}\n\n| Action | Hotkey |\n|---|---|\n{rows}"
    assert [question.split("“")[1].split("”")[0] for question in _asked(tmp_path, table)] == asked


@pytest.mark.parametrize(
    ("description", "question"),
    [
        ("mail reader with a web front end", "What is the `sealog` package in Tidepool?"),
        ("trace the way of a letter to its reader", "What does the `sealog` package do in Tidepool?"),
        ("This is clever enough to sort letters.", "What does the `sealog` package do in Tidepool?"),
        ("store letters and their answers in folders", "What does the `sealog` package do in Tidepool?"),
    ],
)
def test_a_package_described_by_a_name_is_asked_what_it_is(tmp_path: Path, description: str, question: str) -> None:
    table = f"## Mail\n\n| Package | Description |\n|---|---|\n| `sealog` | {description} |"
    assert _asked(tmp_path, table) == [question]


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ("| Toolbar | Check-box to show the toolbar. |", []),
        ("| Export | Opens the Export sub-menu. |", []),
        ("| Filter by … | Opens a form for choosing the nets to be shown. |", ["What does “Filter by” do in the Net View Menu of Tidepool?"]),
    ],
)  # fmt: skip
def test_an_entry_that_only_opens_what_it_is_called_is_not_asked_about(
    tmp_path: Path, rows: str, asked: list[str]
) -> None:
    assert _asked(tmp_path, f"## Net - View Menu\n\n| Entry | Description |\n|---|---|\n{rows}") == asked


def test_a_sign_of_a_pattern_is_asked_about_with_the_pattern(tmp_path: Path) -> None:
    table = "| Parameter | Description |\n|---|---|\n| `%P` | Path of the folder that the chart is saved in |"
    assert _asked(tmp_path, f"## Title line format\n\n{table}") == [
        "What does `%P` mean in the title line format of Tidepool?"
    ]
    assert _asked(tmp_path, f"## Choosing a format\n\n{table}") == []


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("The Rope Tool is used to draw ropes by hand with a hard edge.", ["What is the Rope Tool used for in Tidepool?"]),
        ("The Sea Chart Format is a text file that many programs can read.", ["What is the Sea Chart Format?"]),
        ("Line 4 is the name of whoever draws the chart.", []),
        ("The General tab is used to enter the name of a net.", []),
    ],
)  # fmt: skip
def test_a_program_s_own_tool_is_asked_about_with_the_program(tmp_path: Path, sentence: str, asked: list[str]) -> None:
    assert _asked(tmp_path, f"## Parts\n\n{sentence}") == asked


def test_a_parameter_of_one_of_a_system_s_programs_is_not_the_system_s(tmp_path: Path) -> None:
    opening = "# Debian Guide\n\nDebian is free. Ask Debian for news. Debian runs anywhere.\n\n"
    section = "## Mail server\n\n### {}\n\nThe `base_folder` parameter contains the folder that letters are stored in."
    assert list(pairs(tmp_path, opening + section.format("Folders"))) == []
    assert list(pairs(tmp_path, opening + section.format("Configuring `tidemail`"))) == []
    assert list(pairs(tmp_path, opening + section.format("Letters with `tidemail`"))) == [
        "What does the `base_folder` parameter contain in `tidemail`?"
    ]


def test_a_task_done_on_another_system_says_so(tmp_path: Path) -> None:
    section = "## Windows clients\n\n### Installing the sea client\n\nClick Add. Then select the client of the sea."
    assert _asked(tmp_path, section) == ["How do I install the sea client on Windows in Tidepool?"]


def test_a_developer_s_task_is_not_taken_for_a_user_s(tmp_path: Path) -> None:
    text = _OPENING.replace("Tidepool Manual", "Tidepool Developer's Reference")
    sections = "## Removing nets\n\nFile a bug. Then ask the archive to remove the net.\n\n## Using `tidy`\n\nRun tidy. Then run it again on the whole folder."
    asked = [question for question in pairs(tmp_path, f"{text}{sections}") if question.startswith("How")]
    assert asked == ["How do I remove nets in Tidepool as a developer?", "How do I use `tidy` in Tidepool?"]


@pytest.mark.parametrize(
    ("crumb", "subject"),
    [
        ('<a href="https://www.tidepool.example/">Tidepool</a> »', "Tidepool"),
        ("<a href='index.html'>Tidepool 1.2 documentation</a> »", "Tidepool"),
        ("<a href='index.html'>Home</a> »", ""),
    ],
)
def test_a_page_is_about_the_root_of_the_trail_above_it(tmp_path: Path, crumb: str, subject: str) -> None:
    page = (
        f"<html><head><title>5. Nets</title></head><body><nav><ul><li>{crumb}</li><li>en »</li></ul></nav>"
        "<h1>5. Nets</h1><p>A net of Tidepool has knots, and a rope has none, which a Harbour knows.</p>"
        "<p>Ask Tidepool for a net, and the Harbour for the other Harbour of Sail and Sail.</p></body></html>"
    )
    assert chunks_of(tmp_path, page, "ch05.html")[1].subject == subject


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        ("## Mail servers\n\n### Setting up greylisting\n\nInstall the package. Then select a delay for letters.", ["How do I set up greylisting on a mail server in Debian?"]),
        ("## Remote access (SSH)\n\n### Connecting without passwords\n\nInstall the package. Then create a pair of keys.", ["How do I connect without passwords with SSH in Debian?"]),
        ("## Remote access (SSH)\n\n### Verifying the downloaded keys\n\nInstall the package. Then verify the pair of keys.", []),
        ("## Keys\n\nTo return a list of keys, run the program with the word list.", []),
        ("## Keys\n\nIf you did not listen to me and lost a key, you should make a new one.", []),
    ],
)  # fmt: skip
def test_a_system_s_task_names_the_server_it_is_done_on_and_nothing_of_its_page(
    tmp_path: Path, section: str, asked: list[str]
) -> None:
    opening = "# Debian Guide\n\nDebian is free. Ask Debian for news. Debian runs anywhere.\n\n"
    assert list(pairs(tmp_path, opening + section)) == asked


def test_a_key_or_a_lone_word_of_a_report_is_nothing_to_ask_of_a_program(tmp_path: Path) -> None:
    assert _asked(tmp_path, "## Gradients\n\nThe Ctrl key is used to draw straight lines.") == []
    table = "| Item | Value |\n|---|---|\n| Shares | 0 |\n| Price | 10 |"
    assert _asked(tmp_path, f"## Returns\n\n{table}") == []


def test_a_row_s_answer_holds_only_what_is_asked_for_and_its_remark(tmp_path: Path) -> None:
    table = (
        "| package | popcon | extension | size | comment |\n|---|---|---|---|---|\n"
        "| tidezip | [10](https://x.example/a) | .tz | 12 | old |\n| seazip | [20](https://x.example/b) | .sz | 30 | new |"
    )
    found = pairs(tmp_path, f"{_OPENING}## Archive tools\n\n{table}")
    pair = found["What are the extension and size for the tidezip package in Tidepool?"]
    assert pair.answer == "- extension: .tz\n- size: 12\n- comment: old"


def test_a_file_named_by_what_it_holds_is_asked_what_it_is(tmp_path: Path) -> None:
    table = (
        "| File | Description |\n|---|---|\n| `/etc/tide.conf` | the names and addresses of all the harbours known |"
    )
    assert _asked(tmp_path, f"## Files\n\n{table}") == ["What is the `/etc/tide.conf` file in Tidepool?"]


def test_a_word_of_a_report_s_options_is_explained_for_the_report(tmp_path: Path) -> None:
    text = "## Net Report\n\n### Report Options\n\nDate refers to the day on which the net was drawn into the chart."
    assert _asked(tmp_path, text) == ["What does “Date” mean in the Net Report of Tidepool?"]


def test_a_page_that_is_a_numbered_part_of_a_book_lends_its_title_to_its_sections(tmp_path: Path) -> None:
    page = (
        '<html><head><title>11.2. Web Server</title><link rel="home" href="i.html" title="Debian Guide"/></head><body>'
        "<h1>11.2. Web Server</h1><p>Debian has several. Ask Debian for a list, or ask the Debian project.</p>"
        "<h2>11.2.1. Directives</h2><p>There are many.</p>"
        "<h3>11.2.1.1. Requiring authentication</h3><p>Install the package. Then create a file of names.</p></body></html>"
    )
    assert "How do I require authentication on a web server in Debian?" in pairs(tmp_path, page, "web.html")


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        ("## Windows shares\n\n### Adding harbours\n\nClick Add. Then select a harbour of the sea.", ["How do I add harbours in Tidepool?"]),
        ("## Notes\n\nOld notes can be filtered with the checkboxes at the bottom of all.", ["How do I filter old notes in Tidepool?"]),
        ("## Notes\n\nOld notes can be filtered with the checkboxes at the bottom.", []),
    ],
)  # fmt: skip
def test_a_place_that_is_not_named_is_nothing_to_send_a_reader_to(
    tmp_path: Path, section: str, asked: list[str]
) -> None:
    assert _asked(tmp_path, section) == asked


def test_a_command_line_does_something(tmp_path: Path) -> None:
    table = (
        "| Command | Description |\n|---|---|\n| `tide show --all` | see the complete list of nets and their knots |"
    )
    assert _asked(tmp_path, f"## Commands\n\n{table}") == ["What does `tide show --all` do in Tidepool?"]
    table = table.replace("| Command |", "| Line |")
    assert _asked(tmp_path, f"## Lines\n\n{table}") == ["What does `tide show --all` do in Tidepool?"]


def test_a_sentence_that_points_into_its_window_is_no_answer(tmp_path: Path) -> None:
    assert _asked(tmp_path, "## Notes\n\nYou can select a new note by typing its number here, or by its colour.") == []
    told = "To tune the length of a rope, pick the first tool (icon or key 7), and then pull the rope."
    assert _asked(tmp_path, f"## Notes\n\n{told}") == []


def test_tools_named_in_a_task_are_given_their_suite(tmp_path: Path) -> None:
    text = (
        f"# Net Editor\n\n{_SUITE}The Net Editor is quick. The Net Editor is small. The Net Editor is free.\n\n"
        "## Models\n\nTo add a model in the net or knot editors, press Add and click on the Models tab.\n"
    )
    assert "How do I add a model in the net or knot editors of TidePool?" in pairs(tmp_path, text)


@pytest.mark.parametrize(
    ("named", "question"),
    [
        ("Drip tray grid", "How much does the drip tray grid cost?"),
        ("PureDrop water filter", "How much does the PureDrop water filter cost?"),
        ("PureDrop Plus", "How much does PureDrop Plus cost?"),
    ],
)
def test_a_row_of_a_common_noun_is_asked_for_with_its_article(tmp_path: Path, named: str, question: str) -> None:
    table = f"| Part | Price (£) |\n|---|---|\n| {named} | 14.50 |\n| Hose kit | 9.00 |\n"
    assert question in pairs(tmp_path, f"# Spare parts of the Tidepool T4\n\n## Price list\n\n{table}")
