"""The block model: what it sees of a page, how it decides, and the words for it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from scrub.html.block_model import MODEL, block_model, read_model
from scrub.html.blocks import Segmented, read_blocks, without
from scrub.html.confidence import confidence, doubt, read_signs
from scrub.html.facts import FACTS, give_reasons
from scrub.html.features import Features, Surroundings, read_features
from scrub.html.layout import FARTHEST, read_layout
from scrub.html.names import NAMES, read_names
from scrub.html.voice import tokenise

SENTENCE = "The ferry between the two towns was out of service for the third day, the harbour master said on Monday."
PAGE = f"""<body><header><a href=/>The Westerlow Post</a></header>
<main><article class="story"><h1>Ferry stays in port</h1>
<p>{SENTENCE}</p><p>{SENTENCE.replace("third", "fourth")}</p><ul><li>One of two</li><li>Two of two</li></ul>
<p>{SENTENCE.replace("third", "fifth")}</p></article>
<div class="related-posts"><h3>More</h3><div class=teaser><a href=/a>Harbour to be dredged in spring</a></div>
<div class=teaser><a href=/b>Council votes on the new bridge</a></div>
<div class=teaser><a href=/c>School opens its new roof garden</a></div></div></main></body>"""


def segmented(html: str = PAGE) -> Segmented:
    return read_blocks(LexborHTMLParser(html))


def features_of(page: Segmented, voice: list[bool] | None = None) -> Features:
    tokens = [tokenise(block.text) for block in page.blocks]
    return read_features(page, tokens, Surroundings(title="Ferry stays in port"), voice)


def column(features: Features, name: str) -> list[float]:
    return [float(value) for value in features.columns([name])[:, 0]]


def place_of(page: Segmented, start: str) -> int:
    return next(block.index for block in page.blocks if block.text.startswith(start))


def test_the_article_scores_high_and_the_teasers_below_it_low() -> None:
    page = segmented()
    scores = block_model().score(features_of(page))
    assert min(scores[b.index] for b in page.blocks if b.text.startswith("The ferry")) > 0.9
    assert scores[place_of(page, "Harbour to be")] < 0.2


def test_an_element_holds_the_blocks_between_its_tags() -> None:
    page = segmented()
    for tag, first, last in (("article", "Ferry stays", "The ferry"), ("ul", "One of", "Two of")):
        number = page.elements.tags.index(tag)
        held = page.blocks[page.elements.first[number] : page.elements.end[number]]
        assert (held[0].text.startswith(first), held[-1].text.startswith(last)) == (True, True)


def test_without_some_blocks_the_elements_hold_the_others() -> None:
    page = segmented()
    first = place_of(page, "One of two")
    shorter = without(page, {first, first + 1})
    assert [b.text for b in shorter.blocks] == [b.text for b in page.blocks if b.index not in (first, first + 1)]
    assert [b.index for b in shorter.blocks] == list(range(len(shorter.blocks)))
    number = shorter.elements.tags.index("ul")
    assert shorter.elements.first[number] == shorter.elements.end[number]
    assert features_of(shorter).rows.shape[0] == len(shorter.blocks)


def test_steps_are_counted_up_to_the_nearest_container_of_a_kind() -> None:
    page = segmented()
    features = features_of(page)
    item, teaser = place_of(page, "One of two"), place_of(page, "Harbour to be")
    assert column(features, "to tag li")[item] == 0
    assert column(features, "to tag ul")[item] == 1
    assert column(features, "to tag article")[item] == 2
    assert column(features, "to tag article")[teaser] == FARTHEST
    assert column(features, "to name related")[teaser] == 0  # its own container is called a teaser


def test_blocks_built_the_same_way_are_counted() -> None:
    page = segmented()
    assert column(features_of(page), "signature size")[place_of(page, "Harbour to be")] == 3


def test_the_layout_of_a_page_of_one_block_is_that_block() -> None:
    page = segmented("<p>Alone.</p>")
    layout = read_layout(page.elements, page.homes)
    assert layout.total(np.array([6.0])).tolist() == [6.0] * len(layout.parents)


def test_the_voice_of_another_extractor_changes_its_own_features_alone() -> None:
    page = segmented()
    features = features_of(page)
    voiced = features.with_voice([block.text.startswith("The ferry") for block in page.blocks])
    changed = [
        name
        for name, before, after in zip(features.names, features.rows.T, voiced.rows.T, strict=True)
        if not np.array_equal(before, after, equal_nan=True)
    ]
    assert changed == ["voice", "voice around", "voice side", "voice share"]
    assert np.array_equal(
        voiced.rows, features_of(page, [b.text.startswith("The ferry") for b in page.blocks]).rows, equal_nan=True
    )


@pytest.mark.parametrize(
    ("attributes", "groups"),
    [
        (' class="related-posts"', {"related", "article"}),
        (' class="gradient"', set()),  # no `ad` in it
        (' id="adSlot2"', {"ads"}),
        (' class="entryContent"', {"article", "body"}),
        (' class="comments-area" role="navigation"', {"comments", "navigation"}),
        (' href="/comments"', set()),
    ],
)
def test_names_of_containers_are_read_as_whole_words(attributes: str, groups: set[str]) -> None:
    bits, _ = read_names(attributes)
    assert {name for number, name in enumerate(NAMES) if bits >> number & 1} == groups


def test_a_reason_names_what_tells_most_against_a_block() -> None:
    page = segmented()
    reasons = give_reasons(features_of(page), block_model().weights)
    assert "100% of its words are links" in reasons[place_of(page, "Harbour to be")]


def test_every_fact_has_a_weight_in_the_model() -> None:
    assert {fact.name for fact in FACTS} == set(block_model().weights)


def test_the_model_and_the_features_belong_together() -> None:
    names = features_of(segmented()).names
    assert set(block_model().features) <= set(names)
    assert len(set(names)) == len(names)


def test_a_symmetric_tree_is_read_from_plain_data() -> None:
    data = json.loads(MODEL.read_bytes()) | {
        "features": ["words", "links"],
        "bias": 0.0,
        "scale": 1,
        "columns": [[0, 1]],
        "borders": [[2.5, 0.5]],
        "leaves": [[-9, 0, 0, 9]],
    }
    rows = np.array([[1, 0], [3, 0], [3, 1], [np.nan, np.nan]], dtype=np.float32)
    scores = read_model(data).score(Features(("words", "links"), rows))
    assert scores.round(3).tolist() == [0.0, 0.5, 1.0, 0.0]


def test_confidence_falls_with_doubt() -> None:
    fitted, lengths = block_model().confidence, np.array([100.0, 100.0, 100.0])
    sure, unsure = np.array([0.99, 0.99, 0.01]), np.array([0.6, 0.5, 0.3])
    assert doubt(sure, lengths, 0.4) == 0
    assert doubt(unsure, lengths, 0.4) == 1.5
    of_sure, of_unsure = (confidence(read_signs(one, one, lengths, 0.4), fitted) for one in (sure, unsure))
    assert of_sure > 0.9 > 0.5 > of_unsure
