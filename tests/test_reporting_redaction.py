"""What is exempt reaches the board and nobody else, in any format."""

import io
import json
import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from paper_doubles import (
    BODY,
    COVER,
    PNG,
    RUN,
    SOURCE,
    Words,
    docx_text,
    notebook_of,
    pdf_text,
    small_paper,
    stored_run,
)

from vru_model.analysis.disclosure import LARGEST
from vru_model.errors import InputError
from vru_model.parameters.accounts.redaction import (
    LEAST_LARGEST,
    SMALL_NUMBERS,
    check_redaction,
    load_redaction,
)
from vru_model.paths import PARAMETERS
from vru_model.reporting import redaction, render
from vru_model.reporting.blocks import Chart, Panel, Prose, Table, Terms, exempt
from vru_model.reporting.formats.source import PaperError
from vru_model.reporting.formats.writing import write_paper
from vru_model.reporting.papers import build

PRICE, PLACE = "£12,347", "Ladywood"
RULES = load_redaction()


def readers_text(folder, name="paper"):
    """Return what a reader can find in the files of one version: words, alt texts, cells."""
    page = (folder / f"{name}.html").read_text()
    words = Words(page)
    attributes = [str(value) for _, given in words.elements for value in given.values()]
    return {
        "html": " ".join([words.text, *attributes]),
        "docx": docx_text((folder / f"{name}.docx").read_bytes()),
        "pdf": pdf_text((folder / f"{name}.pdf").read_bytes()),
        "csv": " ".join(path.read_text() for path in sorted(folder.glob("tables/*.csv"))),
    }


def prices(**given):
    frame = pd.DataFrame({"Place": [PLACE, "Elsewhere"], "Unit cost": [PRICE, "£9,871"]})
    data = pd.DataFrame({"place": [PLACE, "Elsewhere"], "cost": [12_347.0, 9_871.0]})
    return Table("prices", "What it costs", frame, data=data, source="a provider", **given)


SECRETS = {
    "words": (Prose(f"Each costs {exempt(PRICE, 'provider_prices')}."), "12,347"),
    "a paragraph": (Prose(f"It costs {PRICE}.", exempt="provider_prices"), "12,347"),
    "a column": (prices(exempt_columns={"Unit cost": "provider_prices"}), "12,347"),
    "a row": (prices(exempt_rows={PLACE: "named_places"}), PLACE),
    "a table": (prices(exempt="provider_prices"), "12,347"),
    "a term": (Terms({"Price": PRICE}, exempt_terms={"Price": "provider_prices"}), "12,347"),
    "words of a term": (Terms({"P": f"or {exempt(PRICE, 'provider_prices')}"}), "12,347"),
    "a panel": (Panel("note", "A price", [Prose(PRICE)], exempt="provider_prices"), "12,347"),
    "in a panel": (
        Panel("note", "A price", [prices(exempt_columns={"Unit cost": "provider_prices"})]),
        "12,347",
    ),
    "a chart": (
        Chart("map", PNG, f"A map of {PLACE}", PLACE, source=PLACE, exempt="named_places"),
        PLACE,
    ),
    "small numbers": (
        Table("seen", "Children seen", pd.DataFrame({"Place": ["A", "B", "C"],
              "Seen": ["4", "2,003", "613"]}), source="a provider", people=("Seen",)),
        "2,003",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SECRETS)
def test_exempt_material_reaches_the_exempt_version_alone(tmp_path, kind):
    block, secret = SECRETS[kind]
    told = write_paper(tmp_path, "paper", notebook_of(block, Prose("Open to all.")), COVER)
    public, secret_version = readers_text(tmp_path), readers_text(tmp_path / "exempt")
    (title,) = told["withheld"]
    for form in ("html", "docx", "pdf"):
        assert secret not in public[form] and "Open to all." in public[form], form
        assert secret in secret_version[form], form
        assert title in public[form] and "not for publication" in secret_version[form]
        assert "not for publication" not in public[form]
    bare = secret.replace(",", "").lstrip("£")
    assert secret not in public["csv"] and bare not in public["csv"]
    assert b"12347" not in b"".join(
        path.read_bytes() for path in tmp_path.iterdir() if path.suffix in (".html", ".csv")
    )
    assert not list(tmp_path.glob("*.ipynb")) and (tmp_path / "exempt" / "paper.ipynb").exists()
    assert len(list(tmp_path.glob("figures/*"))) == 0


LETTERS = some.text("abcdefghijklmnop'&<>|*_$[]\\ ", min_size=1, max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=LETTERS, after=LETTERS, where=some.sampled_from(["cell", "row", "words", "term"]))
def test_whatever_stands_around_it_the_public_markdown_and_csv_hold_no_exempt_word(
    before, after, where
):
    secret = f"{before}QQ{after}"
    table = {"Name": [secret, "Other"], "Value": ["1", "2"]}
    block = {
        "cell": lambda: Table("t", "C", pd.DataFrame(table), source="s",
                              exempt_columns={"Name": "named_places"}),
        "row": lambda: Table("t", "C", pd.DataFrame(table), source="s",
                             exempt_rows={secret: "named_places"}),
        "words": lambda: Prose(f"See {exempt(secret, 'named_places')} there."),
        "term": lambda: Terms({"T": exempt(secret, "named_places")}),
    }[where]()  # fmt: skip
    notebook = notebook_of(block)
    public = redaction.public_version(notebook)
    hidden = redaction.withheld(notebook)
    texts = [render.to_markdown(public).markdown, *render.tables(public).values()]
    assert "QQ" in render.to_markdown(notebook).markdown
    assert all("QQ" not in text for text in texts)
    assert redaction.leaks(texts, hidden, RULES) == []


@pytest.mark.parametrize(
    ("blocks", "given_away"),
    [
        ([SECRETS["a column"][0], Prose("Or some £12,347 each.")], "£12,347"),
        ([SECRETS["a row"][0], Prose("Most of it in ladywood.")], "Ladywood"),
        ([Prose("In E01008881 it is worse.")], "E01008881"),
        ([Prose("As E08000025-D01-004 shows.")], "E08000025-D01-004"),
        ([Prose('[odd { words]{.exempt rule="named_places" more}')], "cannot be read"),
    ],
)
def test_a_paper_that_gives_away_elsewhere_what_it_withholds_is_refused(
    tmp_path, blocks, given_away
):
    with pytest.raises(PaperError, match="would reach the public version") as refused:
        write_paper(tmp_path, "paper", notebook_of(*blocks), COVER)
    assert given_away in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_round_numbers_and_years_may_stand_elsewhere():
    hidden = {"provider_prices": ["£1,300", "2026", "75"]}
    text = ["In 2026 some 75 of 1,300 people; £12,3471 and 0.12,347."]
    assert redaction.leaks(text, hidden, RULES) == []
    assert redaction.leaks(["It is 12,347."], {"provider_prices": [PRICE]}, RULES) != []


def test_small_numbers_cannot_be_worked_out_from_what_is_left():
    frame = pd.DataFrame({"Place": ["A", "B", "C"], "Boys": ["4", "52", "613"],
                          "Girls": ["31", "46", "88"]})  # fmt: skip
    table = Table("seen", "Seen", frame, source="s", people=("Boys", "Girls"))
    shown = table.public(RULES).frame
    hidden = shown[["Boys", "Girls"]] == "withheld: Small numbers of people"
    assert hidden.to_numpy()[0, 0]
    # No row and no column hides one cell alone.
    assert all(count != 1 for axis in (0, 1) for count in hidden.sum(axis=axis))
    assert shown.loc[2, "Girls"] == "90"
    assert table.frame.loc[0, "Boys"] == "4"


@pytest.mark.parametrize("given", [{"exempt_columns": {"Unit costs": "provider_prices"}},
                                   {"exempt_rows": {"Ladywod": "named_places"}},
                                   {"people": ("Children",)}])  # fmt: skip
def test_a_table_cannot_withhold_what_it_has_not(given):
    with pytest.raises(ValueError, match="nothing to withhold is called"):
        prices(**given)


def test_an_unknown_rule_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="provider_prices"):
        Prose("x", exempt="provider_price")._repr_mimebundle_()


def test_the_rules_are_a_document_that_is_checked(tmp_path):
    assert SMALL_NUMBERS in RULES.rules and LEAST_LARGEST == LARGEST
    path = tmp_path / "redaction.yaml"
    shutil.copy(PARAMETERS / "redaction.yaml", path)
    assert check_redaction(path) == []
    text = path.read_text().replace("largest: 7", "largest: 3")
    path.write_text(text.replace("search: words", "serch: words"))
    told = " ".join(str(problem) for problem in check_redaction(path))
    assert "serch" in told and "search" in told


def test_the_whole_build_keeps_exempt_material_apart(tmp_path):
    stored_run(tmp_path / "runs")
    body = BODY + f"""
from vru_model.reporting.blocks import exempt
display(Prose(f"A place costs {{exempt('{PRICE}', 'provider_prices')}}."))
"""
    (page,) = build(papers=small_paper(tmp_path, body), out=tmp_path / "papers",
                    runs=str(tmp_path / "runs"))  # fmt: skip
    public, secret = readers_text(page.parent, "small"), readers_text(
        page.parent / "exempt", "small"
    )
    assert all("12,347" not in text for text in public.values())
    assert all("12,347" in secret[form] for form in ("html", "docx", "pdf"))
    told = json.loads((page.parent / "paper.json").read_text())
    assert told["withheld"] == ["Provider prices"] and told["runs"] == [RUN]
    everything = b"".join(
        path.read_bytes() for path in page.parent.glob("*") if path.is_file()
    )
    assert PRICE.encode() not in everything and SOURCE.encode() in everything
    assert io.BytesIO(everything).getbuffer().nbytes > 10_000
