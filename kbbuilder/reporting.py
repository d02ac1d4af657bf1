"""What the command line shows: reports as JSON values and as text for people. Rich is imported here, on demand."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from kbbuilder.reading_notes import ReadingNote
from kbbuilder.schema import Answer, ElementKind, ParseOutcome, Role, Route

if TYPE_CHECKING:
    from kbbuilder.config import Settings
    from kbbuilder.services.build import BuildReport, FileReport, Preview, Wordings
    from kbbuilder.services.build import Progress as BuildProgress
    from kbbuilder.services.evaluate import EvaluationReport
    from kbbuilder.services.exchange import ExportReport, ImportReport
    from kbbuilder.services.model import Estimate, Spent
    from kbbuilder.services.status import DoctorReport, StatusReport

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False)


def as_plain(value: object) -> Any:
    """A frozen report as plain JSON values; a reader's note is its English sentence."""
    if isinstance(value, ReadingNote):
        return value.english
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(k): as_plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [as_plain(v) for v in value]
    return str(value) if isinstance(value, Path) else value


# -- build ----------------------------------------------------------------------------------------------------


class BuildBar:
    """A bar for the whole build and one for the stage of the document at work, on stderr; none where nobody looks."""

    def __init__(self, shown: bool = True) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=_err,
            transient=True,
            disable=not shown,
        )
        self._documents: TaskID | None = None
        self._stage: TaskID | None = None

    def __enter__(self) -> BuildBar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, at: BuildProgress) -> None:
        """Move the bars to where the build stands."""
        if self._documents is None or self._stage is None:
            self._documents = self._progress.add_task("documents", total=at.documents_total)
            self._stage = self._progress.add_task("", total=None)
        self._progress.update(self._documents, completed=at.documents_done, total=at.documents_total)
        self._progress.update(
            self._stage,
            description=f"{at.stage:8} {escape(_short(at.document))}",
            completed=at.done,
            total=at.total or None,
        )


def build_json(report: BuildReport) -> dict[str, Any]:
    """The `build --json` document: per document, and the same summed up."""
    return {
        "documents": [_file_json(f) for f in report.documents],
        "totals": as_plain(report.totals),
        "entries": report.entries,
        "duplicates_merged": report.duplicates,
        "conflicts": as_plain(report.conflicts),
        "similar_questions": as_plain(report.wordings),
        "spent": as_plain(report.spent),
        "paused": as_plain(report.paused),
        "seconds": round(report.seconds, 2),
    }


def _file_json(file: FileReport) -> dict[str, Any]:
    return {"document": file.name, **as_plain(file), "balanced": file.balanced()}


def print_build(report: BuildReport) -> None:
    """The build's outcome per file, the ledger, and what awaits a person."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, justify in (
        ("Document", "left"),
        ("Outcome", "left"),
        ("Chunks", "right"),
        ("Pairs", "right"),
        ("New", "right"),
        ("Merged", "right"),
        ("Dropped", "right"),
    ):
        table.add_column(title, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for file in report.documents:
        c = file.candidates
        table.add_row(
            escape(file.name),
            file.outcome,
            str(sum(file.chunks.values())) if file.chunks else "",
            str(c.total) if file.chunks else "",
            str(c.kept) if file.chunks else "",
            str(c.merged) if file.chunks else "",
            str(sum(c.dropped.values())) if file.chunks else "",
        )
    _out.print(table)
    held = report.paused.code if report.paused is not None else ""
    for file in report.documents:
        if file.reason and file.outcome not in ("PARSED", "UNCHANGED", held):
            _out.print(
                f"[yellow]{escape(file.name)}[/]: {escape(file.reason)}"
                + (f" → {escape(file.hint)}" if file.hint else "")
            )
        for warning in file.warnings:
            _out.print(f"[dim]{escape(file.name)}: {escape(warning.english)}[/]")
    t = report.totals
    _out.print()
    _out.print(
        f"[bold]{report.entries}[/] entries in the library; {report.duplicates} duplicates merged;"
        f" {_similar(report.wordings)}; {report.seconds:.1f} s"
    )
    _out.print("Chunks:  " + _counted(t.chunks, sum(t.chunks.values())))
    c = t.candidates
    _out.print(
        "Pairs:   "
        + _counted(
            {
                "kept": c.kept,
                "merged": c.merged,
                **{f"dropped ({r})": n for r, n in c.dropped.items()},
                "failed": c.failed,
            },
            c.total,
        )
    )
    if report.spent.calls or report.spent.cached_calls:
        _out.print("Model:   " + _spent(report.spent))
    if report.paused is not None:
        _out.print(
            f"[yellow]Paused[/]:  {report.paused.code}: {escape(report.paused.reason)} → {escape(report.paused.hint)}"
        )
    _out.print("Ledger:  " + ("adds up" if t.balanced else "[red]does not add up[/]; run `kbbuilder doctor`"))
    if report.conflicts:
        _out.print(f"\n[bold]{len(report.conflicts)} conflicts[/]: the same question, different answers")
        for conflict in report.conflicts:
            _out.print(f"  {escape(conflict.left.question)}")
            for side in (conflict.left, conflict.right):
                _out.print(f"    {escape(', '.join(side.documents))}: {escape(_short(side.answer, 90))}")


def _spent(spent: Spent) -> str:
    return (
        f"{spent.calls} calls, {spent.input_tokens:,} + {spent.output_tokens:,} tokens"
        + (f", cost {spent.cost:.4f}" if spent.cost else "")
        + (f"; {spent.cached_calls} replies were there already" if spent.cached_calls else "")
    )


def print_estimate(estimate: Estimate, settings: Settings) -> None:
    """What the model is about to be asked, on stderr, before the first call."""
    if estimate.calls:
        _err.print(f"About to ask the model: {_estimated(estimate)}." + _limit(settings))


def _estimated(estimate: Estimate) -> str:
    if estimate.cost is None:
        cost = ", at a price that is not known"
    else:
        cost = f", about {estimate.cost:.4f}" if estimate.cost else ""  # a local model costs nothing
    return f"at most about {estimate.calls} calls, {estimate.input_tokens:,} + {estimate.output_tokens:,} tokens{cost}"


def _limit(settings: Settings) -> str:
    calls = settings.calls
    if calls.budget:
        return f" The budget is {calls.budget:g}."
    return f" The budget is {calls.budget_tokens:,} tokens." if calls.budget_tokens else ""


def print_preview(preview: Preview) -> None:
    """The pairs of some chunks with their proof, what they cost, and what the whole run is estimated to cost."""
    for chunk in preview.chunks:
        place = " > ".join((chunk.document, *chunk.heading_path)) + (f", page {chunk.page}" if chunk.page else "")
        _out.print(f"\n[bold]{escape(place)}[/]")
        if not chunk.pairs:
            _out.print(f"  [dim]{chunk.state.value}: {escape(chunk.reason)}[/]")
        for pair in chunk.pairs:
            verdict = "" if pair.verdict == "supported" else f" [yellow]{pair.verdict}: {', '.join(pair.reasons)}[/]"
            _out.print(f"  [bold]Q[/] {escape(pair.question)}{verdict}")
            _out.print(f"  [bold]A[/] {escape(pair.answer)}")
            for quote in pair.quotes:
                _out.print(f"    [dim]“{escape(_short(quote, 160))}”[/]")
            if pair.similar_questions:
                _out.print(f"    [dim]also: {escape(' | '.join(pair.similar_questions))}[/]")
    _out.print()
    if preview.engine == "llm":
        _out.print("This preview: " + _spent(preview.spent))
        _out.print("All of it:    " + _estimated(preview.estimate))
    _out.print("Nothing has been built. Run the same command without --preview to build.")


def _similar(wordings: Wordings) -> str:
    """How many more there are; with the two sides apart where the library has fewer than before."""
    if wordings.taken_back > wordings.kept:
        return f"{wordings.kept} similar questions, {wordings.taken_back} taken back because a newer entry answers them"
    return f"{wordings.kept - wordings.taken_back} similar questions"


def _counted(counts: Mapping[str, int], total: int) -> str:
    parts = [f"{n} {name.replace('_', ' ')}" for name, n in counts.items() if n]
    return f"{total} = " + " + ".join(parts) if parts else "none"


def print_how_to_review(report: BuildReport, *, db: str | None, collection: str | None, question: str = "") -> None:
    """How to go on after a build that gave entries, with the options of this call; else why there are none."""
    if report.paused is not None and not report.entries:
        return
    if not report.entries:
        _out.print("\nNo questions were found. `kbbuilder ui` shows for every section of a document why.")
        return
    where = (f" --db {db}" if db else "") + (f" --collection {collection}" if collection else "")
    _out.print("\nReview the entries in your browser:")
    _out.print(f"  [bold]{_program()} ui{where}[/]")
    if question:
        _out.print("Ask the library (entries nobody has approved yet included):")
        _out.print(f'  [bold]{_program()} ask "{question}" --include-pending{where}[/]')


def _program() -> str:
    """How this program was called, so that the next command can be copied as it is."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "kbbuilder" else "kbbuilder"


# -- answers, parsing -------------------------------------------------------------------------------------------


def answer_json(answer: Answer) -> dict[str, Any]:
    """The `ask --json` document."""
    return answer.model_dump(mode="json")


def batch_line(id_: object, answer: Answer) -> dict[str, Any]:
    """One line of `ask --batch`."""
    return {
        "id": id_,
        "question": answer.question,
        "route": answer.route.value,
        "score": round(answer.score, 4),
        "ranked": [{"faq_id": r.faq_id, "score": round(r.score, 4)} for r in answer.ranked],
        "answers": list(answer.answers),
    }


def print_answer(answer: Answer) -> None:
    """An answer with its route, score and source."""
    if answer.route is Route.REFUSE:
        _out.print(f"I don't know. [dim]({escape(answer.reason)}, score {answer.score:.2f})[/]")
        return
    _out.print(answer.answers[0], markup=False)
    _out.print()
    if answer.entry is not None:
        status = "" if answer.entry.status.value == "approved" else f", not approved ({answer.entry.status.value})"
        _out.print(f"[dim]FAQ: {escape(answer.entry.question)} (score {answer.score:.2f}{status})[/]")
        for proof in answer.entry.evidence[:2]:
            _out.print(f"[dim]Source: {escape(_place(proof.document, proof.page, proof.heading_path))}[/]")
    elif answer.passages:
        first = answer.passages[0]
        _out.print(
            f"[dim]Passage of {escape(_place(first.document, first.page, first.heading_path))}"
            f" (score {answer.score:.2f})[/]"
        )


def _place(document: str, page: int | None, heading_path: tuple[str, ...]) -> str:
    return document + (f", p. {page}" if page else "") + (f", {heading_path[-1]}" if heading_path else "")


def outcome_json(name: str, outcome: ParseOutcome) -> dict[str, Any]:
    """The `parse --json` document."""
    document = outcome.document
    elements = [e.model_dump(mode="json", exclude_none=True) for e in document.elements] if document else []
    return {
        "document": name,
        "outcome": outcome.code,
        "reason": outcome.reason,
        "hint": outcome.hint,
        "title": document.title if document else "",
        "language": document.language if document else "",
        "media_type": document.media_type if document else "",
        "pages": document.pages if document else None,
        "warnings": [note.english for note in document.warnings] if document else [],
        "elements": elements,
    }


def print_outcome(name: str, outcome: ParseOutcome) -> None:
    """The parsed document as an indented outline with its text, or why there is none."""
    document = outcome.document
    if document is None:
        _out.print(
            f"{escape(name)}: {outcome.code}: {escape(outcome.reason)}"
            + (f" → {escape(outcome.hint)}" if outcome.hint else "")
        )
        return
    _out.print(
        f"[bold]{escape(document.title)}[/] ({document.language}, {len(document.elements)} elements"
        + (f", {document.pages} pages" if document.pages else "")
        + ")"
    )
    for warning in document.warnings:
        _out.print(f"[yellow]{escape(warning.english)}[/]")
    for element in document.elements:
        mark = f"[{element.role.value}] " if element.role is not Role.BODY else ""
        if element.kind is ElementKind.HEADING:
            _out.print("#" * (element.level or 1) + f" {mark}{element.text}", markup=False)
        elif element.kind is ElementKind.LIST_ITEM:
            _out.print("  " * (element.level or 1) + f"{element.marker or '-'} {mark}{element.text}", markup=False)
        else:
            _out.print(f"{mark}{element.text}", markup=False)


# -- exchange, evaluation, status ---------------------------------------------------------------------------------


def print_export(report: ExportReport) -> None:
    """How many entries were written, and what the format could not hold."""
    _out.print(report.message, markup=False)
    for left_out in report.left_out:
        _out.print(f"  left out: {left_out.entry_id}: {left_out.reason}", markup=False)
    fields = Counter((loss.field, loss.reason) for loss in report.losses)
    for (field, reason), count in sorted(fields.items()):
        _out.print(f"  {field} of {count} entries: {reason}", markup=False)


def print_import(report: ImportReport) -> None:
    """What became of each row."""
    _out.print(report.message, markup=False)
    for conflict in report.conflicts:
        _out.print(
            f"  line {conflict.line}: the library answers this question differently; both wait in the queue",
            markup=False,
        )
    rows = [(r.line, r.reason) for r in report.left_alone] + [(r.line, r.reason) for r in report.dropped]
    for line, reason in sorted(rows):
        _out.print(f"  line {line}: {reason}", markup=False)
    for loss in report.losses:
        _out.print(f"  {loss.entry_id}: {loss.field}: {loss.reason}", markup=False)
    if report.ignored_columns:
        _out.print(f"  columns not used: {', '.join(report.ignored_columns)}", markup=False)
    if report.skipped_sheets:
        _out.print(f"  sheets not read: {', '.join(report.skipped_sheets)}", markup=False)


def print_evaluation(report: EvaluationReport) -> None:
    """Figures with their 95 % intervals."""
    for line in report.lines():
        _out.print(line, markup=False)


def print_status(report: StatusReport) -> None:
    """Documents, entries, ledger, money."""
    _out.print(
        f"[bold]{escape(report.database)}[/], collection {escape(report.collection)}"
        f" (of {', '.join(report.collections) or 'none'})"
    )
    _out.print("Documents: " + _counted(report.documents, sum(report.documents.values())))
    _out.print(
        "Entries:   "
        + _counted(report.entries, sum(report.entries.values()))
        + (f"; {report.conflicts} open conflicts" if report.conflicts else "")
    )
    _out.print("Chunks:    " + _counted(report.chunks, sum(report.chunks.values())))
    _out.print("Pairs:     " + _counted(report.candidates, sum(report.candidates.values())))
    _out.print("Ledger:    " + ("adds up" if report.balanced else "[red]does not add up[/]"))
    _out.print(
        f"Model:     {report.model_calls} calls, {report.input_tokens} + {report.output_tokens} tokens,"
        f" cost {report.cost:.4f}"
        + (f" (calls without a known price: {report.unpriced_calls})" if report.unpriced_calls else "")
    )
    if report.worker:
        _out.print(f"Worker:    {escape(report.worker)}")


def print_doctor(report: DoctorReport) -> None:
    """Each check with what to do about it."""
    for check in report.checks:
        mark = "[green]well[/]" if check.well else "[red]WRONG[/]"
        _out.print(
            f"{mark}  {escape(check.name)}: {escape(check.detail)}" + ("" if check.well else f" → {escape(check.hint)}")
        )


def _short(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
