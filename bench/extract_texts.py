"""What six extractors make of the marked pages that `text.jsonl.gz` lacks: more texts to train the line model on.

    python bench/extract_texts.py OUT.jsonl.gz [--corpora DIR]

Run it without a network (`make train-lines` does, under `unshare -rn`): some extractors would look for a page's
pictures. A page that an extractor fails on gives no text of that extractor.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from scrub.decode import decode

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"
SETS = ("wcxb", "readability")


def dump(html: str) -> str:
    import inscriptis

    return str(inscriptis.get_text(html))


def resiliparse(html: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=True))


def trafilatura(html: str) -> str:
    import trafilatura as engine

    return engine.extract(html, favor_recall=True, include_comments=False) or ""


def readability(html: str) -> str:
    import inscriptis
    from readability import Document

    return str(inscriptis.get_text(Document(html).summary()))


def newspaper(html: str) -> str:
    import newspaper as engine

    configuration = engine.Config()
    configuration.fetch_images = False
    article = engine.Article("http://example.org/", config=configuration)
    article.download(input_html=html)
    article.parse()
    return str(article.text)


def goose(html: str) -> str:
    from goose3 import Goose

    return str(Goose().extract(raw_html=html).cleaned_text)


EXTRACTORS: tuple[Callable[[str], str], ...] = (dump, resiliparse, trafilatura, readability, newspaper, goose)


def texts_of(job: tuple[Path, dict[str, Any]]) -> list[dict[str, str]]:
    """A page's texts, one for each extractor that makes something of it."""
    path, marked = job
    html = decode(gzip.decompress(path.read_bytes()))
    texts = []
    for extract in EXTRACTORS:
        try:
            text = extract(html)
        except Exception:  # noqa: BLE001  # whatever another project's extractor does, the others go on
            continue
        if text.strip():
            texts.append(
                {
                    "id": f"{path.parent.parent.name}/{marked['id']}",
                    "source": extract.__name__,
                    "text": text,
                    "gold": marked["text"],
                }
            )
    return texts


def jobs(corpora: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    with gzip.open(corpora / "text.jsonl.gz", "rt", encoding="utf-8") as rows:
        known = {json.loads(row)["id"] for row in rows}
    for name in SETS:
        with gzip.open(corpora / name / "gold.jsonl.gz", "rt", encoding="utf-8") as rows:
            for marked in map(json.loads, rows):
                if f"{name}/{marked['id']}" not in known:
                    yield corpora / name / "html" / f"{marked['id']}.html.gz", marked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    arguments = parser.parse_args()
    with Pool() as pool, gzip.open(arguments.out, "wt", encoding="utf-8") as out:
        for texts in pool.imap(texts_of, jobs(arguments.corpora), chunksize=4):
            out.writelines(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)


if __name__ == "__main__":
    main()
