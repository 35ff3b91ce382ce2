from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.characters.genia_xml import GeniaXmlReader

ARTICLE = """<article>
<articleinfo><bibliomisc>{id}</bibliomisc></articleinfo>
<title>{title}</title>
<abstract>{abstract}</abstract>
</article>
"""
NESTED = (
    '<sentence>The <cons lex="p" sem="G#DNA_domain_or_region">'
    '<cons lex="a" sem="G#protein_molecule">A&amp;B</cons> promoter</cons> works.</sentence>'
)


def corpus(*articles: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE set SYSTEM "gpml.dtd">\n'
    return f"{head}<set>\n{''.join(articles)}</set>\n"


def article(title: str, abstract: str = "", doc_id: str = "M:1") -> str:
    return ARTICLE.format(id=doc_id, title=title, abstract=abstract)


def read(text: str, folder: Path, notes: Notes | None = None, **config: object) -> list[Sentence]:
    path = folder / "a.xml"
    path.write_text(text, encoding="utf-8")
    reader = build(Reader, {"type": "tango_ie::genia_xml", **config})
    return list(reader.read(path, notes))


def test_constituents_nest_and_keep_their_class(tmp_path: Path) -> None:
    other = "<sentence>Nothing.</sentence>\n<sentence>Again.</sentence>"
    first, second, third = read(corpus(article(NESTED, other)), tmp_path, Notes(strict=True))
    assert first.words == ("The", "A", "&", "B", "promoter", "works", ".")
    assert first.text == "The A&B promoter works."
    assert first.entities == (Entity("DNA", 1, 5), Entity("protein", 1, 4))
    assert [entity.subtype for entity in first.entities] == [
        "DNA_domain_or_region",
        "protein_molecule",
    ]
    assert [(sentence.doc_id, sentence.position) for sentence in (first, second, third)] == [
        *(("M:1", 0), ("M:1", 1), ("M:1", 2))
    ]


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ('lex="a"', "constituent without class left out"),
        ('lex="a" sem=""', "constituent without class left out"),
        ('sem="(AND G#protein_molecule G#DNA_N/A)"', "coordinated constituent left out"),
        ('sem="G#virus"', "constituent of another class left out"),
        ('sem="G#proteins"', "constituent of another class left out"),
    ],
)
def test_constituents_that_are_no_entities(attributes: str, kind: str, tmp_path: Path) -> None:
    notes = Notes()
    title = f"<sentence><cons {attributes}>HIV</cons> spreads</sentence>"
    (sentence,) = read(corpus(article(title)), tmp_path, notes)
    assert sentence.entities == () and notes.counts == {kind: 1}


def test_one_that_repeats_another_is_left_out_and_one_of_another_class_is_not(
    tmp_path: Path,
) -> None:
    inner = '<cons sem="G#RNA_N/A"><cons sem="G#RNA_N/A"><cons sem="G#RNA_molecule">x</cons></cons>'
    notes = Notes()
    (sentence,) = read(corpus(article(f"<sentence>{inner}</cons></sentence>")), tmp_path, notes)
    assert [entity.subtype for entity in sentence.entities] == ["RNA_N/A", "RNA_molecule"]
    assert notes.counts == {"constituent that repeats another left out": 1}


def test_types_may_be_others_and_the_longest_class_counts(tmp_path: Path) -> None:
    types = {"DNA": "gene", "DNA_domain": "place", "protein_molecule": "protein"}
    (sentence,) = read(corpus(article(NESTED)), tmp_path, types=types)
    assert [entity.label for entity in sentence.entities] == ["place", "protein"]
    for wrong in ({}, {"DNA": ""}, {"": "x"}):
        with pytest.raises(ConfigurationError, match="types: must map classes to labels"):
            GeniaXmlReader(types=wrong)


def test_documents_choose_articles(tmp_path: Path) -> None:
    text = corpus(
        *(article(f"<sentence>Title {number}.</sentence>", "", f"M:{number}") for number in "123"),
        article("<sentence>Title 2 again.</sentence>", "", "M:2"),
    )
    ids = tmp_path / "ids.txt"
    ids.write_text("\ufeffM:2\r\n\nM:9\n", encoding="utf-8")
    notes = Notes()
    found = read(text, tmp_path, notes, documents=str(ids))
    assert [(sentence.doc_id, sentence.text) for sentence in found] == [
        ("M:2", "Title 2."),
        ("M:2", "Title 2 again."),
    ]
    assert notes.counts == {"id of an article that occurs again": 1, "article not found": 1}
    assert notes.facts == {"articles": "1 of the ids, among 4 articles"}

    ids.write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"ids\.txt: names no article"):
        read(text, tmp_path, documents=str(ids))
    ids.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"ids\.txt: cannot be read as a list of ids"):
        read(text, tmp_path, documents=str(ids))
    with pytest.raises(ConfigurationError, match="does not exist"):
        read(text, tmp_path, documents=str(tmp_path / "none.txt"))


def test_other_elements_are_passed_over_and_their_text_is_not_lost(tmp_path: Path) -> None:
    notes = Notes()
    title = '<sentence><w c="NN">Cells</w> <w c="VB">grow</w></sentence> stray text'
    (sentence,) = read(corpus(article(title)), tmp_path, notes)
    assert sentence.words == ("Cells", "grow")
    assert notes.counts == {"text outside of sentences left out": 1}


def test_articles_are_read_one_at_a_time(tmp_path: Path) -> None:
    text = corpus(*[article("<sentence>Good.</sentence>")] * 2000) + "<oops>"
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    sentences = GeniaXmlReader().read(path)
    assert next(sentences).words == ("Good", ".")
    with pytest.raises(DataError, match="junk after document element"):
        list(sentences)


def test_nothing_that_the_file_names_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    title = "<sentence>&a;</sentence>"
    outside = corpus(article(title)).replace(
        '"gpml.dtd"', f'"gpml.dtd" [<!ENTITY a SYSTEM "{secret.as_uri()}">]'
    )
    with pytest.raises(DataError, match="line 2: declares the entity 'a'"):
        read(outside, tmp_path)
    declared = corpus(article(title)).replace('"gpml.dtd"', '"own.dtd"')
    (tmp_path / "own.dtd").write_text('<!ENTITY a "secret">', encoding="utf-8")
    with pytest.raises(DataError, match="&a; is not declared"):
        read(declared, tmp_path)


def test_many_levels_are_no_trouble(tmp_path: Path) -> None:
    levels = 20_000
    cons = '<cons sem="G#virus">' * levels + "x" + "</cons>" * levels
    notes = Notes()
    (sentence,) = read(corpus(article(f"<sentence>{cons}</sentence>")), tmp_path, notes)
    assert sentence.words == ("x",)
    assert notes.counts == {"constituent of another class left out": levels}
