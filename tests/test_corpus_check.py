"""The shipped corpus is whole, and each rule of the check finds a fault planted for it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml

from assistant.corpus_check import check_corpus

SHIPPED = Path(__file__).parents[1] / "corpus"
_FILES = (
    "concepts.yaml",
    "terms.yaml",
    "guidelines/mtus-acupuncture-treatment-2007.md",
    "guidelines/mtus-eye-chapter-2004.md",
    "guidelines/mtus-eye-disorders-acoem-april-1-2017.md",
    "guidelines/odg.md",
    "statutes/8-ccr-9792-20.md",
    "statutes/labor-code-4604-5.md",
    "determinations/acupuncture-neck.md",
    "determinations/acupuncture-shoulder.md",
    "cases/acupuncture-low-back.txt",
    "morphine_equivalents.yaml",
)
ACUPUNCTURE, EYE, ODG = _FILES[2], _FILES[3], _FILES[5]
_ONE_SECTION = re.compile(r"\A(---\n.*?\n---\n).*\Z", re.DOTALL)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two kinds of the shipped corpus, with the files that speak of them."""
    folder = tmp_path_factory.mktemp("part") / "corpus"
    for name in _FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SHIPPED / name, folder / name)
    odg = folder / ODG
    front = _ONE_SECTION.sub(r"\1", odg.read_text("utf-8"))
    odg.write_text(f"{front}\n## Needles\n\n### acupuncture\n\nODG speaks of needles too.\n")
    kinds = yaml.safe_load((SHIPPED / "services.yaml").read_text("utf-8"))["services"]
    acupuncture, eye_care = (next(k for k in kinds if k["id"] == name) for name in ("acupuncture", "eye_care"))
    acupuncture |= {"governed_by": acupuncture["governed_by"][:1], "today": []}
    (folder / "services.yaml").write_text(yaml.safe_dump({"services": [acupuncture, eye_care]}, sort_keys=False))
    editions = yaml.safe_load((SHIPPED / "editions.yaml").read_text("utf-8"))["editions"]
    kept = [e for e in editions if e["family"] in {"acupuncture", "eye"}]
    (folder / "editions.yaml").write_text(yaml.safe_dump({"editions": kept}, sort_keys=False))
    cases = [{"file": "acupuncture-low-back.txt", "title": "Needles", "day": None}]
    (folder / "cases" / "cases.yaml").write_text(yaml.safe_dump({"samples": cases}))
    return folder


@pytest.fixture
def corpus(part: Path, tmp_path: Path) -> Path:
    """That part of the corpus, to plant a fault in."""
    return Path(shutil.copytree(part, tmp_path / "corpus"))


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in check_corpus(folder).problems]


def plant(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_shipped_corpus_is_whole() -> None:
    checked = check_corpus(SHIPPED)
    assert [str(problem) for problem in checked.problems] == []
    counts = dict(checked.counts)
    assert counts["kinds of service"] >= 179
    assert counts["criteria"] >= 790


def test_a_part_of_it_is_whole_too(corpus: Path) -> None:
    assert problems(corpus) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        pytest.param(
            "services.yaml", "unit: sessions", "units: sessions",
            "services.yaml: services.0.unit: Field required", id="misspelt field",
        ),
        pytest.param(
            ACUPUNCTURE, "confidence: high", "confidence: certain",
            f"{ACUPUNCTURE}: (whole guideline), acupuncture: criteria.0.confidence", id="unknown confidence",
        ),
        pytest.param(
            "concepts.yaml", "kind: treatment", "sort: treatment", "concepts.yaml: The lexicon", id="broken lexicon",
        ),
        pytest.param(
            "cases/cases.yaml", "acupuncture-low-back", "acupuncture",
            "cases/cases.yaml: the text acupuncture-low-back.txt is not named in it", id="case without a title",
        ),
        pytest.param("terms.yaml", "\n  source:", "\n  sauce:", "terms.yaml: ", id="broken terms"),
        pytest.param(
            "morphine_equivalents.yaml", "tables:", "table:", "morphine_equivalents.yaml: ", id="broken factors"
        ),
        pytest.param(
            "services.yaml", "- guideline: MTUS Acupuncture Treatment 2007", "- guideline: MTUS Needles 2007",
            "services.yaml: acupuncture: governed_by names MTUS Needles 2007, which holds no passage",
            id="no such place",
        ),
        pytest.param(
            "services.yaml", "- MTUS Eye Disorders (ACOEM April 1, 2017)", "- MTUS Eye Chapter 2004",
            "services.yaml: eye_care: today names MTUS Eye Chapter 2004, which is no edition in force",
            id="replaced today",
        ),
        pytest.param(
            "guidelines/mtus-eye-disorders-acoem-april-1-2017.md", "[eye_care]", "[eyes]",
            "the kind of service 'eyes' does not stand in the taxonomy", id="kind of an edition",
        ),
        pytest.param(
            ODG, "### acupuncture", "### needles",
            f"{ODG}: Needles: the kind of service 'needles' does not stand", id="kind of a section",
        ),
        pytest.param(
            ACUPUNCTURE, "asks: [prior_visit_count]", "asks: [prior_visits]",
            f"{ACUPUNCTURE}: acupuncture.prior_count: the concept 'prior_visits' does not stand", id="no such concept",
        ),
        pytest.param(
            ACUPUNCTURE, "source: 8 CCR 9792.24.1\n  measure", "source: ' '\n  measure",
            f"{ACUPUNCTURE}: acupuncture.frequency: it has no source", id="no source",
        ),
        pytest.param(
            ODG, "ODG speaks of needles too.",
            "```yaml\n- id: acupuncture.frequency\n  text: As often as needed.\n  kind: limit\n  confidence: low\n"
            "  checked: false\n  source: nobody\n```",
            "acupuncture.frequency: another criterion in", id="id of another criterion",
        ),
        pytest.param(
            ACUPUNCTURE, "asks: [functional_improvement]", "asks: [functional_improvement]\n  any_of: gain",
            f"{ACUPUNCTURE}: any_of 'gain' has one member only", id="alternative to nothing",
        ),
        pytest.param(
            "services.yaml", "- eye exam\n", "- eye exam\n  - Acupuncture\n",
            "services.yaml: the alias 'Acupuncture' is claimed by acupuncture and by eye_care", id="alias of two",
        ),
        pytest.param(
            "services.yaml", "- eye exam\n", "- eye exam\n  - Eye exam\n",
            "services.yaml: eye_care: the alias 'eye exam' stands in it twice", id="alias twice",
        ),
        pytest.param(
            "services.yaml", "- eye exam\n", "- eye exam\n  - {alias: acupuncture, context: [eye]}\n",
            "'acupuncture' is claimed by eye_care, and by acupuncture in no context", id="one context of two",
        ),
        pytest.param(
            ODG, "label: ODG", "label: Official Disability Guidelines",
            "the guideline is called 'Official Disability Guidelines'; its label is 'ODG'", id="another name of ODG",
        ),
        pytest.param(
            EYE, "source: 8 CCR", "source: seen_in CM16-0000001; 8 CCR",
            f"{EYE}: line 10: 'CM16-0000001' is a trace of letters", id="case number",
        ),
        pytest.param(
            "services.yaml", "services:", "# learnt from 64 letters\nservices:",
            "services.yaml: line 1: '64 letters' is a trace of letters", id="count of letters",
        ),
        pytest.param(
            "editions.yaml", "to: 2017-12-01", "to: 2006-12-01",
            "editions.yaml: the edition MTUS Eye Chapter 2004 ends before it starts", id="ends before it starts",
        ),
        pytest.param(
            "editions.yaml", "to: 2017-12-01", "to: 2018-12-01",
            "eye: MTUS Eye Chapter 2004 and MTUS Eye Disorders (ACOEM April 1, 2017) are in force at once",
            id="two in force at once",
        ),
        pytest.param(
            "editions.yaml", "to: 2017-12-01", "to: 2016-12-01",
            "editions.yaml: eye: from 2016-12-01 to 2017-12-01 no edition is in force", id="gap",
        ),
        pytest.param(
            EYE, "in_force_to: 2017-12-01", "in_force_to: 2017-11-30",
            f"{EYE}: front matter: it differs from editions.yaml on MTUS Eye Chapter 2004",
            id="other dates in the file",
        ),
        pytest.param(
            ODG, "in_force_from: null", "in_force_from: 2010-01-01",
            f"{ODG}: label: ODG is in force from a day, but is no edition", id="date without an edition",
        ),
        pytest.param(
            _FILES[8], "\nAcupuncture for the neck, 6 sessions", "\nBalloon flight",
            f"{_FILES[8]}: decision 1: its service is of no known kind",
            id="illustration of nothing known",
        ),
        pytest.param(
            _FILES[8], ": Overturned", ": Upheld",
            "determinations: acupuncture: no illustrative decision of this category is Overturned", id="one side only",
        ),
        pytest.param(
            ODG, "ODG speaks of needles too.", "Needles may be tried. " * 60,
            f"{ODG}: Needles / acupuncture: the passage has", id="passage over the window",
        ),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named_with_its_file_and_place(
    corpus: Path, name: str, old: str, new: str, line: str
) -> None:
    plant(corpus, name, old, new)
    found = problems(corpus)
    assert [problem for problem in found if line in problem], found
    assert not [problem for problem in found if "\n" in problem]


def test_a_file_that_is_missing_or_no_text_is_a_problem_and_the_rest_is_still_checked(corpus: Path) -> None:
    (corpus / EYE).unlink()
    (corpus / "determinations/acupuncture-neck.md").write_bytes(b"\xff\xfe\x00")
    found = problems(corpus)
    assert "editions.yaml: MTUS Eye Chapter 2004: no guideline file has this label" in found
    assert "determinations/acupuncture-neck.md: the file is missing or is not plain UTF-8 text" in found


def test_an_alias_that_two_kinds_claim_in_the_same_context_is_a_problem(corpus: Path) -> None:
    plant(corpus, "services.yaml", "- eye exam\n", "- eye exam\n  - {alias: laser, context: [Session, eye]}\n")
    plant(
        corpus,
        "services.yaml",
        "- manual acupuncture\n",
        "- manual acupuncture\n  - {alias: laser, context: [session]}\n",
    )
    (found,) = problems(corpus)
    claim = "the alias 'laser' is claimed by acupuncture and by eye_care in the same context, 'session'"
    assert found == f"services.yaml: eye_care: {claim}"


def test_the_command_prints_each_problem_on_a_line_or_the_counts(
    corpus: Path, run_cli: Callable[..., CompletedProcess[str]]
) -> None:
    clean = run_cli("corpus", "check", "--corpus-dir", corpus)
    assert (clean.returncode, clean.stderr) == (0, "")
    assert clean.stdout.startswith("The corpus is whole: 2 kinds of service, ")
    assert clean.stdout.count("\n") == 1
    plant(corpus, EYE, "kind: digest", "kind: novel")
    faulty = run_cli("corpus", "check", "--corpus-dir", corpus)
    assert faulty.returncode == 1
    assert f"{EYE}: kind: Input should be" in faulty.stdout
    nowhere = run_cli("corpus", "check", "--corpus-dir", corpus / "nowhere")
    assert (nowhere.returncode, nowhere.stderr) == (1, "There is no corpus folder nowhere.\n")
