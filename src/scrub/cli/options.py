"""The options that several commands share, each with its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """The output formats."""

    text = "text"
    json = "json"
    markdown = "markdown"


FormatOption = Annotated[Format, typer.Option("-f", "--format", help="What to write for each article.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Short for --format json: one object a line.")]
OutputOption = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="PATH", help="Write to this file, or to a folder (PATH/) with one file an article."
    ),
]
ForceFlag = Annotated[bool, typer.Option("--force", help="Overwrite files in the folder that scrub did not write.")]
NulFlag = Annotated[bool, typer.Option("-0", help="Separate text articles by NUL instead of a line with a form feed.")]
ExplainFlag = Annotated[
    bool, typer.Option("--explain", help="Show each removal on standard error: rule, reason, first words.")
]
FullFlag = Annotated[bool, typer.Option("--full", help="JSON with every block and its decisions, for --restore.")]
ImagesFlag = Annotated[bool, typer.Option("--images", help="Show the article's images in Markdown, as links to them.")]
FastFlag = Annotated[bool, typer.Option("--fast", help="HTML without a second extractor's voice: a little less sure.")]
NoRemovedFlag = Annotated[bool, typer.Option("--no-removed", help="Leave the removals out of the JSON.")]
JsonlFlag = Annotated[
    bool,
    typer.Option("--jsonl", help="The input is JSON Lines: clean a field of each object, pass the others through."),
]
FieldOption = Annotated[str, typer.Option("--field", metavar="NAME", help="The field that --jsonl cleans.")]
RestoreFlag = Annotated[
    bool, typer.Option("--restore", help="The input was written with --full: write the texts that it was made of.")
]
JobsOption = Annotated[
    int, typer.Option("--jobs", metavar="N", min=0, help="Clean in N processes; 0 is one for each core.")
]
KeepOption = Annotated[
    list[str] | None,
    typer.Option(
        "--keep",
        metavar="RULE",
        help="Switch off a rule or a class of rules, or keep the block of this number. Repeatable.",
    ),
]
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", metavar="RULE", help="Run only this rule or class of rules. Repeatable.")
]
RulesOption = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="FILE", help="Add a rule file, which goes before the shipped rules. Repeatable."),
]
ErrorsOption = Annotated[
    Path | None, typer.Option("--errors", metavar="FILE", help="Write failures as JSON, one object a line.")
]
QuietFlag = Annotated[bool, typer.Option("-q", "--quiet", help="No warnings; errors are still shown.")]
VerboseFlag = Annotated[bool, typer.Option("-v", "--verbose", help="Say of each input how much was kept and removed.")]
NoColorFlag = Annotated[bool, typer.Option("--no-color", help="No colour on a terminal. NO_COLOR does the same.")]
