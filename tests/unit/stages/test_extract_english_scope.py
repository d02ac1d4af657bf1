"""What limits an English answer gets into its question – the program, panel or table above it – or nothing is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from structural_reading import chunks_of, pairs

from kbbuilder.schema import Candidate, ChunkKind
from kbbuilder.stages.extract.english.scope import leaves_open, place_of, product_of


def _pairs(folder: Path, text: str) -> dict[str, Candidate]:
    return {question: pair for question, pair in pairs(folder, text).items() if question != "What is Tidepool?"}


_OPENING = "# Tidepool Manual\n\nTidepool keeps logs. Tidepool runs anywhere. Tidepool is small.\n\n"


@pytest.mark.parametrize(
    ("headings", "subject", "prose", "product"),
    [
        (("Monitoring", "Setting Up Icinga", "Hosts"), "Nagios", "Then start Icinga again.", "Icinga"),
        (("Monitoring", "Setting Up Icinga", "Nagios add-ons"), "Nagios", "Then start Icinga again.", "Nagios"),
        (("Backup", "Backing Up with `borg`"), "", "Run it daily.", "`borg`"),
        (("Files", "Sharing Folders with Samba", "Users"), "", "Add a user.", "Samba"),
        (("Files", "Working with Labels"), "Tidepool", "Each label has a name.", "Tidepool"),
        (("System", "Updates"), "Tidepool", "Press the button in the System section.", "Tidepool"),
        (("Networks", "IPv6"), "Tidepool", "Then IPv6 is used.", "Tidepool"),
        (("Web Server (HTTP)", "Modules"), "", "It answers to HTTP.", ""),
        (("防火墙", "`tc` 的语法"), "", "Add a queue.", "`tc`"),
        (("Modules", "Installing `Perl`"), "Tidepool", "Then ask Perl for it.", "Perl"),
    ],
)
def test_a_heading_that_is_all_about_one_program_names_it(
    headings: tuple[str, ...], subject: str, prose: str, product: str
) -> None:
    assert product_of(headings, subject, prose) == product


@pytest.mark.parametrize(
    ("headings", "place"),
    [
        (("Manual", "Colour panel", "Presets"), "Colour panel"),
        (("Manual", "The Label Fields Table"), "Label Fields Table"),
        (("Manual", "Editing the table"), ""),
        (("Manual", "Navigating the view"), ""),
        (("Colour panel", "Presets", "Names"), ""),
    ],
)
def test_one_of_the_two_nearest_headings_names_the_panel(headings: tuple[str, ...], place: str) -> None:
    assert place_of(headings) == place


@pytest.mark.parametrize(
    ("phrase", "headings", "is_open"),
    [
        ("show the palette", ("Drawing",), True),
        ("show the palette", ("Drawing", "Palettes"), False),
        ("reset the router", ("Drawing",), False),
        ("change rules", ("Checks",), True),
        ("change rules", ("Checks", "Rules"), False),
        ("add entries to the menu", ("Boot loader",), True),
        ("exit the configuration program", ("Building",), True),
        ("move labels", ("Drawing",), False),
    ],
)
def test_what_is_acted_on_must_be_known_from_the_headings(
    phrase: str, headings: tuple[str, ...], is_open: bool
) -> None:
    assert leaves_open(phrase, headings) is is_open


@pytest.mark.parametrize(
    ("heading", "sentence", "question"),
    [
        ("Tune panel", "The Plumb button removes every value that was set by hand.", "What does the Plumb button do in the Tune panel of Tidepool?"),
        ("Tune panel", "The Plumb button is used to take back every value set by hand.", "What is the Plumb button used for in the Tune panel of Tidepool?"),
        ("Terms", "Yes means that the tax is already a part of the price.", None),
        ("Terms", "Description is a description of the log and its owner.", None),
        ("Terms", "Tide mark refers to the highest line that a value has left.", "What does “tide mark” mean in Tidepool?"),
        ("Values", "The Plumb button removes every value that was set by hand.", None),
        ("Label Fields Table", "You can add label fields with the Add Field command of the toolbar.", "How do I add label fields in the Label Fields Table of Tidepool?"),
        ("Themes", "To install a theme, place it in this folder and start Tidepool again.", None),
        ("Aliases", "To create aliases, open the Definitions dialog in the Tools menu.", None),
        ("Lists", "You can change the keeper used if needed by editing the file `keeper.conf`.", None),
        ("Labels", "Labels can also be moved with the arrow keys of the keyboard.", None),
        ("Terms", "A tidemark is a line that the highest value leaves.", "What is a tidemark in Tidepool?"),
        ("Terms", "Marking is the act of drawing a line at the highest value.", "What is marking in Tidepool?"),
        ("Terms", "SeaLog is a very useful tool, but it has its limits.", None),
        ("Terms", "SeaLog is a little different from other tools that keep logs.", None),
        ("Terms", "SeaLog is a generalization of this idea, which keeps all logs.", None),
        ("Terms", "SeaLog is an elegant solution for old log files.", None),
        ("Terms", "SeaLog is a tool from the logs package is an editor for old log files.", None),
        ("Files", "The `tide.log` file allows you to follow what was changed and by whom.", "What is the `tide.log` file for in Tidepool?"),
        ("The seal-add3 command", "`seal-add` is a small tool to add seals to a log.", None),
        ("Cases", "If you have not yet met any sailors, ask for one on the list.", None),
        ("Cases", "If you can no longer open an old log, contact the sales office.", "What should I do if I can no longer open an old log in Tidepool?"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_for_with_its_place_and_product(
    tmp_path: Path, heading: str, sentence: str, question: str | None
) -> None:
    assert list(_pairs(tmp_path, f"{_OPENING}## {heading}\n\n{sentence}")) == ([question] if question else [])


@pytest.mark.parametrize(
    ("heading", "body", "asked"),
    [
        ("Configuring the keyboard", "Open the settings and choose a layout. Save it.", False),
        ("Setting up encrypted partitions", "Open the settings and choose a disk. Save it.", True),
        ("Configuring Mumble", "Open the settings of Mumble and choose a port. Save it.", True),
        ("Setting up encrypted partitions", "Note: Support for it was removed; choose another system instead.", False),
    ],
)
def test_of_no_known_product_only_a_telling_task_is_asked(tmp_path: Path, heading: str, body: str, asked: bool) -> None:
    assert bool(_pairs(tmp_path, f"# Notes\n\nSome text of no matter.\n\n## {heading}\n\n{body}")) is asked


@pytest.mark.parametrize(
    ("table", "questions"),
    [
        (
            "## Line and Arc Properties\n\n| Property | Description |\n|---|---|\n| `Start_X` | The place where a pen begins to draw |\n| `Style` | One of \"Solid\", \"Dashed\", or \"Dotted\". |",
            [
                "What does `Start_X` mean in the line and arc properties of Tidepool?",
                "Which values can the `Style` property have in the line and arc properties of Tidepool?",
            ],
        ),
        (
            "## Constraints\n\n| Constraint type | Description |\n|---|---|\n| `gap` | Checks the distance between two neighbouring lines |",
            ["What does the `gap` constraint do in Tidepool?"],
        ),
        (
            "## Snapping\n\n| Modifier key | Effect |\n|---|---|\n| `Shift` | Disables snapping of lines to the nearest mark |",
            [],
        ),
        (
            "## Pad Properties\n\n| Property | Description |\n|---|---|\n| `Ink_Margin_Override` | The ink margin override set for the pad. |\n| `Ink_Size_Y` | The size of the ink in the Y axis of the pad |\n| `isInked()` | Returns true if the object is inked |\n| `Ink_Colour` | The tone that a printer mixes for the whole pad |",
            ["What does the pad property `Ink_Colour` mean in Tidepool?"],
        ),
        (
            "## Hotkeys\n\n| Action | Hotkey | Description |\n|---|---|---|\n| Cursor Down | `Down` | |\n| Open Chart… | `Ctrl`+`O` | |",
            ["What is the keyboard shortcut for “Open Chart” in Tidepool?"],
        ),
    ],
)  # fmt: skip
def test_a_row_says_of_which_table_it_is_and_tells_more_than_its_name(
    tmp_path: Path, table: str, questions: list[str]
) -> None:
    assert list(_pairs(tmp_path, f"{_OPENING}{table}")) == questions


def test_a_menu_s_marks_stay_out_of_the_question(tmp_path: Path) -> None:
    table = "## Log Tree - Edit Menu\n\n| Entry | Description |\n|---|---|\n| Find Log... (Ctrl+F) | Opens a form in which one says what to search |"
    assert list(_pairs(tmp_path, f"{_OPENING}{table}")) == [
        "What does “Find Log” do in the Log Tree Edit Menu of Tidepool?"
    ]


@pytest.mark.parametrize(
    "section",
    [
        "## History\n\n| Revision | Date | Author |\n|---|---|---|\n| Manual v1.2 | 2 May 2020 | A. Tern |",
        "## Editions\n\n| Edition | Date | Author |\n|---|---|---|\n| Manual v1.2 | 2 May 2020 | A. Tern |",
        "## About the Authors\n\nThe Tern Team is a group of users who wrote this text.",
        "## Search\n\n| Name | Button 2 | Button 3 |\n|---|---|---|\n| Log name | contains 3 | Remove 4 |",
        "## Sums\n\n| Account | Increase |\n|---|---|\n| Assets:Boats | $100 |\n| Assets:Nets | $200 |",
        "## Tools\n\n| Name | Description |\n|---|---|\n| Log Finder | Details at Section 8.7, “Log Finder” |",
        "## Initialization\n\nOpen the log and press Start. Wait for the tone.",
        "## Opening Balance tab\n\nOpen the log and press Start. Wait for the tone.",
    ],
)  # fmt: skip
def test_nothing_is_asked_of_the_book_itself_of_samples_or_of_pointers(tmp_path: Path, section: str) -> None:
    assert list(_pairs(tmp_path, f"{_OPENING}{section}")) == []


@pytest.mark.parametrize(
    ("home", "subject"), [("Tidepool Manual", "Tidepool"), ("Sailor Manual", ""), ("Tidepool", "")]
)
def test_a_page_cut_from_a_book_is_about_the_book_s_product(tmp_path: Path, home: str, subject: str) -> None:
    page = (
        f'<html><head><title>3. Labels</title><link rel="home" href="index.html" title="{home}"/></head><body>'
        "<h1>3. Labels</h1><p>In <code>Tidepool</code>, labels have names. <code>Tidepool</code> keeps them.</p>"
        "<p>Ask <code>Tidepool</code> for a list of labels, and read it with care.</p></body></html>"
    )
    chunks, context = chunks_of(tmp_path, page, "ch03.html")
    assert context.title == "3. Labels"
    assert context.subject == subject
    assert [c.text for c in chunks if c.kind is ChunkKind.FURNITURE] == [home]


def test_a_page_cut_from_a_book_is_known_by_the_initials_or_the_first_word_of_the_book_s_name(tmp_path: Path) -> None:
    for home, said in (("Graphic Drawing Tool", "GDT"), ("Tidepool Sea/Air Guide", "Tidepool")):
        page = (
            f'<html><head><title>4. Nets</title><link rel="home" href="index.html" title="{home}"/></head><body>'
            f"<h1>4. Nets</h1><h2>Mending a net</h2><p>In {said}, select the net and press Mend. {said} does it at once.</p>"
            "</body></html>"
        )
        assert chunks_of(tmp_path, page, "ch04.html")[1].subject == {"GDT": "GDT", "Tidepool": "Tidepool Sea/Air"}[said]


@pytest.mark.parametrize(
    ("section", "asked"),
    [
        ("## Soft Glow\n\n### Activating the filter\n\nSelect Filters, then press Glow.", ["How do I activate the Soft Glow filter in Tidepool?"]),
        ("## Boot loader installation\n\nThe boot loader starts all.\n\n1. Insert the stick.\n2. Press Start.", ["How do I install the boot loader in Tidepool?"]),
        ("## Manual network configuration\n\n1. Open the panel.\n2. Press Start.", []),
        ("## Installing over a cable\n\n### Requirements\n\n- a cable\n- a second computer", []),
        ("## Memory\n\n| Install type | RAM (minimum) | RAM (advised) |\n|---|---|---|\n| Server | 1 GB | 2 GB |\n| Desktop | 2 GB | 4 GB |", []),
        ("## Plug-ins\n\nYou can find information about a plug-in by referring to its documentation.", []),
    ],
)  # fmt: skip
def test_a_part_is_named_by_the_heading_above_and_a_noun_is_not_read_as_a_verb(
    tmp_path: Path, section: str, asked: list[str]
) -> None:
    assert list(_pairs(tmp_path, f"{_OPENING}{section}")) == asked


def test_a_term_explained_twice_on_a_page_is_asked_for_once(tmp_path: Path) -> None:
    text = "SeaLog is a viewer for old log files.\n\nSeaLog is a reader of logs that anyone may use."
    assert list(_pairs(tmp_path, f"{_OPENING}## Tools\n\n{text}")) == ["What is SeaLog?"]
