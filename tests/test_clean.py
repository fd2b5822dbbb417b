"""What cleaning removes and keeps, with small rules of the tests' own, so that no shipped rule matters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrub.cases import to_rule_set
from scrub.clean import clean
from scrub.model import Article, Document, Verdict
from scrub.rules.read import parse_pack
from scrub.rules.ruleset import RuleSet
from scrub.text import read_text

BODY = "The council met on Monday and decided to build the bridge."
MORE = "Nobody spoke against it, and the meeting ended before nine."


def rules(toml: str) -> RuleSet:
    """Rules in TOML, without the reasons and cases that the tests do not need."""
    tables = [f'[[rule]]\nreason = "r"\ncase = """\nstays\n- goes\n"""\n{table}' for table in toml.split("---")]
    return to_rule_set(parse_pack('class = "x"\n' + "\n".join(tables), "test.toml"))


def lines(article: Article) -> list[str]:
    return [block.text for block in article.kept]


def cleaned(rule: str, *blocks: str) -> list[str]:
    return lines(clean(read_text("\n\n".join(blocks)), rules(rule)))


LABEL = 'id = "label"\nphrases.en = ["Related:"]'


def test_a_whole_phrase_takes_the_block_that_it_is() -> None:
    assert cleaned(LABEL, BODY, "RELATED", "Related: the case of 1976", MORE) == [
        BODY,
        "Related: the case of 1976",
        MORE,
    ]


def test_a_phrase_meets_whole_words_only() -> None:
    rule = 'id = "a"\nform = "contains"\nphrases.en = ["patron"]'
    assert cleaned(rule, "They patronised it", "A patron of it") == ["They patronised it"]


def test_scripts_without_spaces_have_no_word_edges() -> None:
    assert cleaned('id = "a"\nform = "starts"\nphrases.ja = ["関連記事"]', "関連記事一覧", "次の関連記事") == [
        "次の関連記事"
    ]


def test_forms_say_where_a_phrase_stands() -> None:
    blocks = ("now more of it", "of it more now")
    assert cleaned('id = "a"\nform = "starts"\nphrases.en = ["now"]', *blocks) == ["of it more now"]
    assert cleaned('id = "a"\nform = "ends"\nphrases.en = ["now"]', *blocks) == ["now more of it"]
    assert cleaned('id = "a"\nform = "contains"\nphrases.en = ["more"]', *blocks, "none") == ["none"]


def test_a_label_is_a_phrase_with_a_colon_and_more_after_it() -> None:
    rule = 'id = "a"\nform = "label"\nphrases.en = ["Read also"]'
    blocks = [
        "Read also: Ferry runs",
        "READ ALSO | Ferry runs",
        "Read also：渡し船",
        "Read also what she wrote",
        "Read also:",
    ]
    assert cleaned(rule, *blocks) == ["Read also what she wrote", "Read also:"]


def test_a_quoted_wording_is_the_story_s() -> None:
    rule = 'id = "a"\nform = "contains"\nphrases.en = ["become a patron"]'
    quoted = ["“Become a patron today,” the poster said.", "'Become a patron,' it said.", "He read: «Become a patron»."]
    assert cleaned(rule, *quoted, "Become a patron today.") == quoted


def test_one_sentence_does_not_take_an_article_on_a_single_line() -> None:
    rule = 'id = "a"\nform = "contains"\nphrases.en = ["become a patron"]'
    article = " ".join([BODY] * 20) + " Become a patron."
    assert cleaned(rule, article) == [article]


def test_an_expression_sees_the_whole_folded_block() -> None:
    rule = "id = 'a'\nmatch = '(?:written )?by .{2,30}'\nliteral = 'by '"
    assert cleaned(rule, "Written by Ana Roe", "It was built by the council, which sold it by the metre") == [
        "It was built by the council, which sold it by the metre"
    ]


def test_a_span_takes_the_wording_and_the_space_beside_it() -> None:
    rule = 'id = "a"\nform = "contains"\ntakes = "span"\nphrases.en = ["Advertisement"]'
    article = clean(
        read_text("It rained. Advertisement\nAdvertisement It rained.\nIt Advertisement rained."), rules(rule)
    )
    assert lines(article) == ["It rained.", "It rained.", "It rained."]
    assert [removal.text.strip() for removal in article.removed] == ["Advertisement"] * 3


def test_a_span_that_leaves_nothing_takes_the_block() -> None:
    rule = 'id = "a"\nform = "contains"\ntakes = "span"\nphrases.en = ["Advertisement"]'
    assert cleaned(rule, BODY, "— Advertisement —") == [BODY]


SECTION = 'id = "more"\ntakes = "section"\nphrases.en = ["Read next"]'


def test_a_section_takes_the_short_lines_below_down_to_the_body() -> None:
    assert cleaned(SECTION, BODY, "Read next", "Ferry runs again", "Mayor resigns", MORE) == [BODY, MORE]


def test_a_section_with_nothing_under_it_goes_alone() -> None:
    assert cleaned(SECTION, BODY, "Read next", MORE) == [BODY, MORE]


def test_a_section_stops_at_the_body_s_own_subheading() -> None:
    text = (
        f"{BODY}\n\nRead next\nFerry runs again after many years\nMayor resigns over the bridge\n\nThe vote\n\n{MORE}"
    )
    assert lines(clean(read_text(text), rules(SECTION))) == [BODY, "The vote", MORE]


def test_a_protecting_rule_wins_over_a_removing_one() -> None:
    both = 'id = "a"\nform = "contains"\nphrases.en = ["patron"]---id = "b"\naction = "protect"\nform = "starts"\nphrases.en = ["correction"]'
    assert cleaned(both, "Correction: the patron is a woman.", "A patron") == ["Correction: the patron is a woman."]


def test_place_counts_from_the_body_that_is_left() -> None:
    rule = 'id = "a"\nplace = "end"\nform = "starts"\nphrases.en = ["Ana Roe"]'
    middle = "Ana Roe is a farmer at the river and has two sons."
    assert cleaned(rule, BODY, middle, MORE, "Ana Roe") == [BODY, middle, MORE]
    assert cleaned(rule, BODY, MORE, middle, "Ana Roe writes for us and lives at the river.") == [BODY, MORE]


def test_without_a_body_there_are_no_places() -> None:
    assert cleaned('id = "a"\nplace = "end"\nphrases.en = ["Anna"]', "Anna", "Berta") == ["Anna", "Berta"]


def test_neighbours_are_asked_until_nothing_changes() -> None:
    rule = f'{LABEL}---id = "b"\nnear = ["removed"]\nphrases.en = ["Home", "Sport", "Local"]'
    assert cleaned(rule, BODY, "Home", "Sport", "Local", "Related:") == [BODY]
    assert cleaned(rule, BODY, "Home", MORE, "Related:") == [BODY, "Home", MORE]


def test_before_and_after_name_what_stands_there() -> None:
    rule = 'id = "a"\nbefore = ["edge"]\nphrases.en = ["AFP"]---id = "b"\nafter = ["body"]\nbefore = ["short"]\nphrases.en = ["Share"]'
    assert cleaned(rule, "AFP", BODY, "Share", "Copy link", "AFP") == ["AFP", BODY, "Copy link"]


def test_a_neighbour_may_be_a_class_or_a_rule() -> None:
    rule = (
        f'{LABEL}---id = "b"\nafter = ["x.label"]\nphrases.en = ["One"]---id = "c"\nafter = ["y"]\nphrases.en = ["Two"]'
    )
    assert cleaned(rule, BODY, "Related:", "One", "Two") == [BODY, "Two"]


def test_needs_and_unless_ask_for_a_second_wording() -> None:
    rule = 'id = "a"\nform = "contains"\nphrases.en = ["coffee"]\nneeds.en = ["your "]\nunless.en = ["said"]'
    assert cleaned(rule, "For your coffee", "Coffee is dear", "Your coffee, she said") == [
        "Coffee is dear", "Your coffee, she said"
    ]  # fmt: skip


def test_length_and_sentence_tell_a_label_from_a_sentence() -> None:
    rule = 'id = "a"\nform = "starts"\nmax_words = 4\nsentence = false\nphrases.en = ["Subscribe"]'
    assert cleaned(rule, "Subscribe now", "Subscribe.", "Subscribe to this and that") == [
        "Subscribe.", "Subscribe to this and that"
    ]  # fmt: skip


def test_a_repeated_headline_goes_where_it_stands_again() -> None:
    assert cleaned('id = "a"\nform = "repeats-title"', "Bridge to be built", BODY, "BRIDGE TO BE BUILT") == [
        "Bridge to be built", BODY
    ]  # fmt: skip


def test_a_pull_quote_goes_and_the_sentence_stays_in_its_paragraph() -> None:
    paragraph = f"{BODY} {MORE}"
    assert cleaned('id = "a"\nform = "repeats-sentence"', paragraph, BODY, MORE + " And so on.") == [
        paragraph, MORE + " And so on."
    ]  # fmt: skip


def test_a_repeated_block_stays_when_the_first_is_gone() -> None:
    rule = 'id = "a"\nform = "repeats-block"---id = "b"\nbefore = ["body"]\nafter = ["edge"]\nphrases.en = ["Twice"]'
    assert cleaned(rule, "Twice", BODY, "Twice") == [BODY, "Twice"]


def test_a_verdict_of_the_extraction_counts_where_no_rule_speaks() -> None:
    document = read_text(f"Related:\n\n{BODY}\n\nCorrection: two.\n\n{MORE}")
    document = Document(
        "text", document.blocks, document.separators, verdicts=tuple(Verdict(n, "html.nav", "n") for n in (0, 1, 2))
    )
    protect = f'{LABEL}---id = "c"\naction = "protect"\nform = "starts"\nphrases.en = ["correction"]'
    article = clean(document, rules(protect))
    assert [(removal.block, removal.rule) for removal in article.removed] == [(0, "x.label"), (1, "html.nav")]
    assert lines(clean(document, rules(protect).select(keep=["html.nav"]))) == [BODY, "Correction: two.", MORE]


def test_keep_and_only_choose_by_rule_and_by_class() -> None:
    both = rules(f'{LABEL}---id = "other"\nphrases.en = ["Share"]')
    document = read_text(f"{BODY}\n\nRelated:\n\nShare")
    assert lines(clean(document, both.select(keep=["x.label"]))) == [BODY, "Related:"]
    assert lines(clean(document, both.select(keep=["x"]))) == [BODY, "Related:", "Share"]
    assert lines(clean(document, both.select(only=["x.other"]))) == [BODY, "Related:"]


MANY = rules(
    f"{LABEL}---{SECTION}---"
    'id = "span"\nform = "contains"\ntakes = "span"\nphrases.en = ["Advertisement"]---'
    'id = "near"\nnear = ["removed", "edge"]\nphrases.en = ["Home", "Sport"]---'
    'id = "end"\nplace = "end"\nform = "starts"\nphrases.en = ["Ana Roe"]---'
    'id = "twice"\nform = "repeats-sentence"---id = "title"\nform = "repeats-title"---id = "block"\nform = "repeats-block"\nmin_words = 4'
)
PIECES = [
    "Related:", "Read next", "Home", "Sport", "Ana Roe is here", "Ana Roe writes for us and lives at the river.", BODY,
    MORE, f"{BODY} {MORE}", "Advertisement", "It Advertisement rained.", "Bridge to be built", "- item", "# Head", "",
]  # fmt: skip
DOCUMENTS = st.one_of(
    st.text(),
    st.builds("\n".join, st.lists(st.sampled_from(PIECES), max_size=12)),
    st.builds("\n\n".join, st.lists(st.sampled_from(PIECES), max_size=12)),
)


@given(DOCUMENTS)
def test_decisions_cover_every_block_once_and_in_order(text: str) -> None:
    document = read_text(text)
    article = clean(document, MANY)
    for block in document.blocks:
        own = [d for d in article.decisions if d.block == block.index]
        assert "".join(block.text[d.start : d.end] for d in own) == block.text
        assert [d.start for d in own] == [0, *(d.end for d in own[:-1])]
    assert [d.block for d in article.decisions] == sorted(d.block for d in article.decisions)


@given(DOCUMENTS)
def test_cleaning_the_output_again_changes_nothing(text: str) -> None:
    once = clean(read_text(text), MANY).whole_text
    assert clean(read_text(once), MANY).whole_text == once


@given(DOCUMENTS)
def test_what_is_kept_stands_in_the_input_in_the_same_order(text: str) -> None:
    position = 0
    for line in clean(read_text(text), MANY).whole_text.split():
        position = text.index(line, position)
