"""`scrub clean` as a person and a pipe use it: streams, exit codes, order, files."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from conftest import ROOT, Run
from scrub.write.schema import article_schema

BODY = "The council met on Monday and decided, after a long debate, to build the bridge over the river."
STORY = f"Bridge to be built\n\n{BODY}\n\nRelated:\n\n(Visited 12 times, 3 visits today)\n"
CLEAN = f"Bridge to be built\n\n{BODY}\n"
PAGE = f"<html><head><title>Bridge to be built</title></head><body><article><h1>Bridge to be built</h1>{f'<p>{BODY}</p>' * 4}</article></body></html>"


def files(folder: Path, **named: str) -> None:
    for name, text in named.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")


def test_a_text_file_comes_out_as_text_and_nothing_else(run: Run, tmp_path: Path) -> None:
    files(tmp_path, story=STORY)
    done = run("clean", "story.txt")
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, CLEAN, b"")


def test_standard_input_is_read_with_and_without_a_dash(run: Run) -> None:
    assert run("clean", stdin=STORY.encode()).stdout.decode() == CLEAN
    assert run("clean", "-", stdin=STORY.encode()).stdout.decode() == CLEAN


def test_html_text_and_gzip_are_told_apart_by_content(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page").write_text(PAGE, "utf-8")
    (tmp_path / "story.txt.gz").write_bytes(gzip.compress(STORY.encode()))
    (tmp_path / "page.gz").write_bytes(gzip.compress(PAGE.encode()))
    assert run("clean", "page").stdout.decode().startswith(f"Bridge to be built\n\n{BODY}\n")
    assert run("clean", "page.gz").stdout == run("clean", "page").stdout
    assert run("clean", "story.txt.gz").stdout.decode() == CLEAN


def test_the_kind_can_be_said(run: Run) -> None:
    done = run("clean", "--as", "text", stdin=PAGE.encode())
    assert "<p>" in done.stdout.decode()


def test_json_has_every_field_and_names_every_removal(run: Run, tmp_path: Path) -> None:
    files(tmp_path, story=STORY)
    done = run("clean", "--json", "story.txt")
    (line,) = done.stdout.decode().splitlines()
    article = json.loads(line)
    jsonschema.validate(article, article_schema())
    assert article["title"] == "Bridge to be built"
    assert article["text"] == BODY
    assert [(r["text"], r["class"]) for r in article["removed"]] == [
        ("Related:", "related"),
        ("(Visited 12 times, 3 visits today)", "counters"),
    ]
    assert all(removal["reason"] for removal in article["removed"])


def test_markdown_has_front_matter_and_its_own_ending(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE.replace("<p>", "<img src=/a.jpg><p>", 1), "utf-8")
    files(tmp_path, story=STORY)
    options = ("-f", "markdown", "--url", "https://example.org/a")
    start = '---\ntitle: "Bridge to be built"\nurl: "https://example.org/a"\n---\n\n# Bridge to be built\n\n'
    assert run("clean", *options, "page.html").stdout.decode().startswith(f"{start}{BODY}\n")
    with_images = run("clean", *options, "--images", "page.html").stdout.decode()
    assert with_images.startswith(f"{start}![](https://example.org/a.jpg)\n\n{BODY}\n")
    assert run("clean", *options, "page.html", "story.txt", "--jobs", "2", "-o", "out/").returncode == 0
    assert (tmp_path / "out" / "story.md").read_text("utf-8") == f"{start}{BODY}\n"
    assert (tmp_path / "out" / "page.md").exists()


def test_images_without_markdown_are_wrong_usage(run: Run) -> None:
    for more in ((), ("--json",), ("-f", "markdown", "--full")):
        done = run("clean", "--images", *more, stdin=STORY.encode())
        assert (done.returncode, done.stdout) == (2, b"")
        assert "--format markdown" in done.stderr.decode()


def test_removals_can_be_left_out_of_the_json(run: Run) -> None:
    article = json.loads(run("clean", "--json", "--no-removed", stdin=STORY.encode()).stdout)
    jsonschema.validate(article, article_schema())
    assert "removed" not in article


def test_the_json_of_a_page_validates_too(run: Run) -> None:
    article = json.loads(run("clean", "-f", "json", "--url", "https://example.org/a", stdin=PAGE.encode()).stdout)
    jsonschema.validate(article, article_schema())
    assert (article["title"], article["url"]) == ("Bridge to be built", "https://example.org/a")


def test_explanations_go_to_standard_error(run: Run) -> None:
    done = run("clean", "--explain", stdin=STORY.encode())
    assert done.stdout.decode() == CLEAN
    explained = done.stderr.decode().splitlines()
    assert len(explained) == 2
    assert "counters.visits: a visit counter" in explained[1]
    assert "(Visited 12 times, 3 visits today)" in explained[1]
    assert "nothing was removed" in run("clean", "--explain", stdin=CLEAN.encode()).stderr.decode()


def test_a_rule_or_a_class_can_be_switched_off_or_run_alone(run: Run) -> None:
    assert "Visited" in run("clean", "--keep", "counters", stdin=STORY.encode()).stdout.decode()
    assert "Visited" in run("clean", "--keep", "counters.visits", stdin=STORY.encode()).stdout.decode()
    alone = run("clean", "--only", "counters", stdin=STORY.encode()).stdout.decode()
    assert "Related:" in alone
    assert "Visited" not in alone


def test_an_unknown_rule_is_wrong_usage(run: Run) -> None:
    done = run("clean", "--keep", "nosuch", stdin=STORY.encode())
    assert done.returncode == 2
    assert "nosuch: no rule and no class" in done.stderr.decode()


RULES = """class = "mine"
[[rule]]
id = "bridge"
reason = "a line that I know"
form = "starts"
phrases.en = ["bridge note"]
case = '''
  A bridge note is a note on a bridge.
- Bridge note: closed on Sundays
'''
"""


def test_a_user_s_rules_go_before_ours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(RULES)
    done = run("clean", "--rules", "mine.toml", "--explain", stdin=f"{STORY}\nBridge note: open".encode())
    assert done.stdout.decode() == CLEAN
    assert "mine.bridge: a line that I know: Bridge note: open" in done.stderr.decode()


def test_a_broken_rule_file_is_wrong_usage_and_named_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(RULES.replace("reason", "raeson"))
    done = run("clean", "--rules", "mine.toml", stdin=STORY.encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("scrub: mine.toml:4: rule mine.bridge: unknown key 'raeson'")
    (tmp_path / "mine.toml").write_text(RULES.replace("- Bridge note", "- The bridge note"))
    done = run("clean", "--rules", "mine.toml", stdin=STORY.encode())
    assert done.returncode == 2
    assert "its case does not come out" in done.stderr.decode()


def test_articles_come_in_order_with_a_form_feed_between(run: Run, tmp_path: Path) -> None:
    files(tmp_path, a=STORY, b=STORY.replace("Bridge", "Ferry"))
    done = run("clean", "b.txt", "a.txt")
    assert done.stdout.decode() == CLEAN.replace("Bridge", "Ferry") + "\f\n" + CLEAN
    assert run("clean", "-0", "a.txt", "a.txt").stdout.decode() == CLEAN + "\0" + CLEAN


def test_a_bad_input_costs_only_itself(run: Run, tmp_path: Path) -> None:
    files(tmp_path, a=STORY, b=STORY)
    done = run("clean", "a.txt", "none.txt", "b.txt", "--errors", "errors.jsonl")
    assert done.returncode == 1
    assert done.stdout.decode() == CLEAN + "\f\n" + CLEAN
    assert done.stderr.decode() == "scrub: none.txt: no such file; look at the spelling and at the folder you are in\n"
    (row,) = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text().splitlines()]
    assert row == {
        "input": "none.txt",
        "kind": "input",
        "detail": "no such file",
        "advice": "look at the spelling and at the folder you are in",
    }


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in it"),
        (b" \n\n\t", "nothing in it"),
        (PNG, "a PNG image"),
        (b"%PDF-1.7\n...", "a PDF document"),
        (bytes(range(32)) * 100, "binary data"),
        (gzip.compress(STORY.encode())[:-20], "ends early"),
        (gzip.compress(STORY.encode(), mtime=0)[:30] + b"garbage" * 9, "damaged gzip"),
        (gzip.compress(b" " * 250_000_000), "more than 200 MB"),
        (b"Related:\n", "no article found"),
        (b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article found"),
        (
            b"<html><body><script>app()</script><div id='root'></div></body></html>",
            "no text until its scripts have run",
        ),
    ],
)
def test_bad_input_is_named_with_what_to_do_and_no_traceback(
    run: Run, tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "input").write_bytes(content)
    done = run("clean", "input")
    (line,) = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (1, b"")
    assert line.startswith("scrub: input: ")
    assert says in line
    assert "; " in line


def test_a_folder_and_an_unreadable_file_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "this is a folder; name the files in it" in run("clean", "folder").stderr.decode()
    assert run("clean", "folder").returncode == 1
    if os.geteuid() != 0:
        files(tmp_path, secret=STORY)
        (tmp_path / "secret.txt").chmod(0)
        assert "no permission" in run("clean", "secret.txt").stderr.decode()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe der Brücke\n\nDie Brücke über den Fluß wird zwölf Meter breit, beschloß der Rat am späten Montag.", "utf-16"),
        ("Größe der Brücke\n\nDie Brücke über den Fluß wird zwölf Meter breit, beschloß der Rat am späten Montag.", "utf-16-le"),
        ("Größe der Brücke\n\nDie Brücke über den Fluß wird zwölf Meter breit, beschloß der Rat am späten Montag.", "utf-8-sig"),
        ("Größe der Brücke\n\nDie Brücke über den Fluß wird zwölf Meter breit, beschloß der Rat am späten Montag.", "cp1252"),
    ],
)  # fmt: skip
def test_texts_in_other_encodings_are_read(run: Run, text: str, encoding: str) -> None:
    assert run("clean", stdin=text.encode(encoding)).stdout.decode() == text + "\n"


def test_an_encoding_can_be_said_and_must_exist(run: Run) -> None:
    text = "Привет мир\n\nСовет собрался в понедельник и решил построить новый мост через реку."
    assert run("clean", "--encoding", "koi8-r", stdin=text.encode("koi8-r")).stdout.decode() == text + "\n"
    done = run("clean", "--encoding", "klingon", stdin=b"x")
    assert done.returncode == 1
    assert "there is no encoding 'klingon'" in done.stderr.decode()


def test_a_folder_gets_a_file_for_each_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files(tmp_path / "a", x=STORY)
    files(tmp_path / "b", x=STORY.replace("Bridge", "Ferry"))
    done = run("clean", "a/x.txt", "b/x.txt", "none.txt", "-o", "out/")
    assert (done.returncode, done.stdout) == (1, b"")
    written = {
        str(path.relative_to(tmp_path / "out")): path.read_text("utf-8") for path in (tmp_path / "out").rglob("*.txt")
    }
    assert written == {"a/x.txt": CLEAN, "b/x.txt": CLEAN.replace("Bridge", "Ferry")}


def test_two_inputs_of_one_name_do_not_overwrite_each_other(run: Run, tmp_path: Path) -> None:
    files(tmp_path, x=STORY)
    (tmp_path / "x.md").write_text(STORY.replace("Bridge", "Ferry"))
    run("clean", "x.txt", "x.md", "-o", "out/")
    assert len(list((tmp_path / "out").glob("x*.txt"))) == 2


def test_files_of_others_are_not_overwritten_without_force(run: Run, tmp_path: Path) -> None:
    files(tmp_path, x=STORY)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.txt").write_text("mine")
    done = run("clean", "x.txt", "-o", "out/")
    assert done.returncode == 1
    assert "was not written by scrub; move it away or add --force" in done.stderr.decode()
    assert (tmp_path / "out" / "x.txt").read_text() == "mine"
    assert run("clean", "x.txt", "-o", "out/", "--force").returncode == 0
    assert run("clean", "x.txt", "-o", "out/").returncode == 0, "what scrub wrote itself it may write again"


def test_one_output_file_holds_all_and_stands_only_when_whole(run: Run, tmp_path: Path) -> None:
    files(tmp_path, x=STORY)
    assert run("clean", "x.txt", "x.txt", "-o", "all.txt").stdout == b""
    assert (tmp_path / "all.txt").read_text("utf-8") == CLEAN + "\f\n" + CLEAN
    assert run("clean", "none.txt", "-o", "nothing.txt").returncode == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.txt", "x.txt"]


def test_an_output_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    files(tmp_path, x=STORY)
    done = run("clean", "x.txt", "-o", "no/such/folder.txt")
    assert done.returncode == 1
    assert "cannot write no/such/folder.txt" in done.stderr.decode()


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    files(tmp_path, x=STORY + "\n\n".join([BODY] * 50))
    command = f"{sys.executable} -m scrub clean --json {'x.txt ' * 200} | head -c 20"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interruption_ends_with_130_and_keeps_what_was_finished(tmp_path: Path) -> None:
    files(tmp_path, x=STORY)
    os.mkfifo(tmp_path / "slow")
    command = [sys.executable, "-m", "scrub", "clean", "x.txt", "slow", "-o", "all.txt"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE) as process:
        for _ in range(200):
            if (tmp_path / "all.txt.part").exists() and (tmp_path / "all.txt.part").stat().st_size:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr) == (130, b"")
    assert (tmp_path / "all.txt.part").read_text("utf-8") == CLEAN
    assert not (tmp_path / "all.txt").exists()


def test_no_argument_on_a_terminal_shows_help_and_does_not_hang() -> None:
    for command in ("clean", "fetch"):
        leader, follower = pty.openpty()
        done = subprocess.run(
            [sys.executable, "-m", "scrub", command], stdin=follower, capture_output=True, timeout=20, check=False
        )
        os.close(leader)
        os.close(follower)
        assert done.returncode == 2
        assert b"Usage: " in done.stderr


def test_colour_is_for_terminals_and_can_be_refused(tmp_path: Path) -> None:
    files(tmp_path, x=STORY)

    def shown(*arguments: str, **environment: str) -> bytes:
        leader, follower = pty.openpty()
        command = [sys.executable, "-m", "scrub", "clean", "--explain", "x.txt", *arguments]
        env = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | environment
        with subprocess.Popen(command, cwd=tmp_path, stderr=follower, stdout=subprocess.DEVNULL, env=env) as process:
            process.wait(timeout=20)
        os.close(follower)
        output = os.read(leader, 100_000)
        os.close(leader)
        return output

    assert b"\x1b[" in shown()
    assert b"\x1b[" not in shown("--no-color")
    assert b"\x1b[" not in shown(NO_COLOR="1")


def test_names_and_texts_cannot_write_escapes_to_the_terminal(run: Run, tmp_path: Path) -> None:
    done = run("clean", "bad\x1b[31m\nname.txt")
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_quiet_and_verbose_say_less_and_more(run: Run) -> None:
    hidden = f'<div style="display:none"><p>{BODY}</p></div>'
    page = PAGE.replace("</article>", f"{hidden}</article>").encode()
    assert "warning: " in run("clean", stdin=page).stderr.decode()
    assert run("clean", "-q", stdin=page).stderr == b""
    assert "blocks kept" in run("clean", "-v", stdin=STORY.encode()).stderr.decode()


def test_the_sample_in_the_readme_comes_out_as_it_says(run: Run) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = run("clean", str(ROOT / "samples" / "patron.txt")).stdout.decode()
    assert shown.strip() in readme
