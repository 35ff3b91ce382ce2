"""The example browser, in a page and in Chromium."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tango_ie.reporting.examples import ExampleBrowser
from tests.reporting.chromium import Opened, needs_chromium, opened
from tests.reporting.pages import Page

from .samples import large, page, small

# What the scripts of tests have in common; it runs after the browser's own.
_ACTION = """<script>
const form = document.querySelector(".filters");
const choose = (name, value) => {
  form[name].value = value;
  form[name].dispatchEvent(new Event("input", { bubbles: true }));
};
%s
</script></main>"""

# Filters, and the sentences that they leave.
FILTERS: list[tuple[dict[str, str], list[int]]] = [
    ({"kind": "missed"}, [0, 1, 2, 4]),
    ({"kind": "missed", "variant": "baseline"}, [0, 4]),
    ({"kind": "missed", "text": "UTOPIA"}, [1]),
    ({"kind": "relation: missed"}, [0]),
    ({"kind": "type", "seed": "2"}, [0]),
    ({"kind": "type"}, []),
    ({"kind": "some", "label": "PER"}, [2]),
    ({"kind": "none", "variant": "crf"}, [0, 3, 5]),
    ({"kind": "missed", "label": "ORGANISATION"}, [4]),
    ({"label": "relation: lived_in"}, [0]),
    ({"label": "MISC"}, [1, 4]),
    ({"change": "fixed by crf"}, [0, 3]),
    ({"change": "broken by crf"}, [1]),
    ({"text": "letters/1"}, [0, 1]),
    ({"text": "#2"}, [2]),
    ({"text": "été"}, [4]),
    ({"text": "לינד גרה"}, [3]),
    ({"order": "errors", "kind": "some"}, [4, 1, 0, 2, 3]),
    ({"order": "surest", "kind": "some"}, [4, 3, 1, 0, 2]),
    ({"variant": "unknown", "text": "here"}, [5]),
]


@pytest.fixture(scope="module")
def small_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "page.html"
    path.write_text(page(small(), "All sentences."), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def large_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "page.html"
    path.write_text(page(large(3453)), encoding="utf-8")
    return path


def view(path: Path, **filters: str) -> Opened:
    found = opened(path, urlencode(filters))
    assert found.console == []
    return found


def acted(path: Path, script: str, **filters: str) -> Opened:
    """The page after a script of the test ran in it."""
    changed = path.with_name("acted.html")
    source = path.read_text(encoding="utf-8")
    changed.write_text(source.replace("</main>", _ACTION % script), encoding="utf-8")
    return view(changed, **filters)


def numbers(found: Opened) -> list[str]:
    return [one.attributes["aria-label"] for one in found.find("example")]


def title(found: Opened) -> str:
    return next(one.text for one in found.elements if one.tag == "title")


def test_the_part_is_whole_and_requests_nothing() -> None:
    source = page(small(), "A <choice>.")
    found = Page(source.replace("<input ", "<br "))  # which the parser of pages knows as void
    assert found.requests == []
    assert "A <choice>." in found.text
    assert found.tags.count("script") == 2
    assert source.count("</script") == 2
    for word in ("url(", "@import", "http:", "https:", "fetch(", "XMLHttp", "innerHTML"):
        assert word not in source
    assert ExampleBrowser([]).section.count("<form") == 1


@needs_chromium
def test_everything_is_drawn(small_page: Path) -> None:
    found = view(small_page)
    assert found.texts("found") == ["6 of 6 sentences"]
    assert numbers(found) == [f"Sentence {index}" for index in range(6)]
    # Two variants each, except where they predict the same.
    assert len(found.find("drawing")) == 11
    labels = [one.attributes.get("data-label") for one in found.find("s") if "first" in one.classes]
    assert sorted(filter(None, labels[:3])) == ["LOC", "PER", "PER .99"]
    assert "MISC >.99" in labels
    assert found.texts("fixed") == ["fixed by crf", "fixed by crf"]
    assert found.texts("broken") == ["broken by crf"]
    chips = found.texts("chip")
    assert chips[:3] == [
        "missed London LOC",
        "missed Ada Lind —lived_in→ London",
        "right Ada Lind —lived_in→ London .83",
    ]
    assert "boundary New York City LOC, predicted New York LOC" in chips
    assert found.texts("fold") == ["… 1164 words …", "… 1186 words …"] * 2
    assert [one.attributes["dir"] for one in found.find("words")].count("rtl") == 2
    assert "</script><b>" in found.find("words")[-2].text


@needs_chromium
def test_filters(small_page: Path) -> None:
    """All in one browser: each is set by its address, as by a link inside the page."""
    addresses = json.dumps([urlencode(filters) for filters, _ in FILTERS])
    found = acted(
        small_page,
        f"""document.title = JSON.stringify({addresses}.map((address) => {{
          history.replaceState(null, "", "#" + address);
          window.dispatchEvent(new HashChangeEvent("hashchange"));
          const shown = [...document.querySelectorAll(".example header a")];
          const numbers = shown.map((one) => Number(one.textContent.slice(1)));
          return [numbers, form.nextElementSibling.textContent];
        }}));""",
    )
    for (filters, shown), (numbers, count) in zip(FILTERS, json.loads(title(found)), strict=True):
        assert (filters, numbers) == (filters, shown)
        expected = f"{len(shown)} of 6 sentences" if shown else "None of 6 sentences matches."
        assert count == expected


@needs_chromium
def test_a_link_into_the_page(small_page: Path) -> None:
    found = view(small_page, kind="missed", text="utopia")
    assert numbers(found) == ["Sentence 1"]
    assert found.texts("found") == ["1 of 6 sentences"]


@needs_chromium
def test_one_page_needs_no_pages(small_page: Path) -> None:
    script = "document.title = getComputedStyle(document.querySelector('.pages')).display;"
    assert title(acted(small_page, script)) == "none"


@needs_chromium
def test_faults_of_the_script_would_be_seen(small_page: Path) -> None:
    with pytest.raises(AssertionError, match="Uncaught Error: here"):
        acted(small_page, "throw new Error('here');")


@needs_chromium
def test_one_seed_is_another_prediction(small_page: Path) -> None:
    found = view(small_page, variant="baseline", seed="2", text="#0")
    assert found.texts("chip")[0] == "type London LOC, predicted London ORG"
    labels = [one.attributes.get("data-label") for one in found.find("pred")]
    assert "ORG .50" in labels


@needs_chromium
def test_text_that_was_found_is_marked_and_not_folded_away(small_page: Path) -> None:
    found = view(small_page, text="new YORK")
    assert found.texts("hit") == ["New", "York"] * 2


@needs_chromium
def test_a_view_can_be_linked(small_page: Path) -> None:
    found = acted(
        small_page,
        """choose("variant", "crf"); choose("seed", "1"); choose("kind", "missed");
        document.title = location.hash;""",
    )
    assert title(found) == "#variant=crf&seed=1&kind=missed"
    assert numbers(found) == ["Sentence 1", "Sentence 2", "Sentence 4"]
    assert found.texts("chosen") == ["Variant: crf; Seed: seed 1; Errors: missed"]


@needs_chromium
def test_text_is_searched_when_typing_rests(small_page: Path) -> None:
    found = acted(
        small_page,
        """choose("text", "xyz"); choose("text", "utopia");
        setTimeout(() => { document.title = location.hash; }, 500);""",
    )
    assert title(found) == "#text=utopia"
    assert numbers(found) == ["Sentence 1"]


@needs_chromium
def test_clear(small_page: Path) -> None:
    found = acted(small_page, "form.querySelector('[type=reset]').click();", kind="missed")
    assert found.texts("found") == ["6 of 6 sentences"]


@needs_chromium
def test_chips_light_their_words(small_page: Path) -> None:
    found = acted(small_page, "document.querySelectorAll('.chip')[1].focus();")
    assert found.texts("lit") == ["Ada", "Lind", "London"]


@needs_chromium
def test_folded_words_can_be_shown(small_page: Path) -> None:
    found = acted(
        small_page, "for (const one of document.querySelectorAll('.fold')) one.click();", text="#2"
    )
    assert found.texts("fold") == []
    assert len(found.find("w")) == 2 * 2400


@needs_chromium
def test_ten_runs_of_a_test_set(large_page: Path) -> None:
    assert large_page.stat().st_size < 2_000_000
    first = view(large_page)
    assert first.texts("found") == ["3,453 of 3,453 sentences, 1 to 50 shown"]
    assert len(first.find("example")) == 50
    last = view(large_page, page="70")
    assert last.texts("found") == ["3,453 of 3,453 sentences, 3451 to 3453 shown"]
    turned = acted(large_page, "document.querySelector('[data-step=\"1\"]').click();", page="2")
    assert numbers(turned)[0] == "Sentence 100"
