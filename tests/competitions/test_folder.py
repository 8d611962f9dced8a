"""A competition's folder: what is wrong with one is said in sentences; a real table loads."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.folders import FolderError, Split, content_hash
from competitions.predictions.folder import check_folder, load_folder
from competitions.predictions.score import score
from competitions.predictions.split import public_rows
from competitions.predictions.tables import ids_of
from tests.competitions.folders import FILES, SPEC, make_folder

SEEDED = SPEC.replace("{column: Usage}", "{public: 0.5, seed: 7}")


def changed(old: str, new: str) -> dict[str, str]:
    assert old in SPEC
    return {"spec": SPEC.replace(old, new)}


def table(name: str, old: str, new: str) -> dict[str, str]:
    content = FILES["sample_submission.csv" if name == "sample" else f"{name}.csv"]
    assert old in content
    return {name: content.replace(old, new)}


SAMPLE_OF_TRUTH = "".join(f"{','.join(line.split(',')[:2])}\n" for line in FILES["solution.csv"].split())
BAD_SPECS = [
    # (name, what is changed, where, words of the English message)
    ("no description", {"spec": None}, "competition.yaml", "missing"),
    ("not YAML", {"spec": "slug: [\n"}, "competition.yaml:2", "cannot be read as YAML"),
    ("not UTF-8", {"spec": b"slug: \xff\n"}, "competition.yaml", "cannot be read as YAML"),
    ("nested without end", {"spec": "[" * 60_000}, "competition.yaml", "cannot be read as YAML"),
    ("a list", {"spec": "- slug\n"}, "competition.yaml", "mapping"),
    ("python object", {"spec": "slug: !!python/object/apply:os.getcwd []\n"}, "competition.yaml:1", "YAML"),
    ("misspelt field", changed("daily_quota", "dayly_quota"), "competition.yaml:8", "dayly_quota: There is no such field"),
    ("no slug", changed("slug: six-houses\n", ""), "competition.yaml", "slug: It must be text"),
    ("slug that climbs", changed("six-houses", "../six"), "competition.yaml", "slug: Only a-z"),
    ("Korean title missing", changed("title_ko: 집 여섯 채\n", ""), "competition.yaml", "title_ko"),
    ("a number as title", changed("Six Houses", "6"), "competition.yaml", "title_en: It must be text"),
    ("kind", changed("kind: predictions", "kind: guesses"), "competition.yaml", "kind: It must be one of: predictions"),
    ("metric", changed("metric: mae", "metric: mean"), "competition.yaml", "mae, map@k"),
    ("metric as a list", changed("metric: mae", "metric: [mae]"), "competition.yaml", "metric: It must be one of"),
    ("text for MAE", changed("metric: mae", "metric: mae\nvalues: text"), "competition.yaml", "does not suit mae"),
    ("id is target", changed("target: Price", "target: Id"), "competition.yaml", "must be different"),
    ("quota of 0", changed("daily_quota: 3", "daily_quota: 0"), "competition.yaml", "daily_quota"),
    ("quota true", changed("daily_quota: 3", "daily_quota: true"), "competition.yaml", "daily_quota"),
    ("source missing", changed("source_en: Made for a test.\n", ""), "competition.yaml", "source_en"),
    ("all public", changed("{column: Usage}", "{public: 1.0, seed: 1}"), "competition.yaml", "split"),
    ("split without seed", changed("{column: Usage}", "{public: 0.5}"), "competition.yaml", "split"),
    ("stratified by a word", changed("{column: Usage}", "{public: 0.5, seed: 1, stratified: so}"), "competition.yaml",
     "split"),
    ("both splits", changed("{column: Usage}", "{column: U, public: 0.5, seed: 1}"), "competition.yaml", "split"),
    ("infinite baseline", {"spec": SPEC + "baselines: [{title_ko: ㄱ, title_en: a, score: .inf}]\n"},
     "competition.yaml", "baselines"),
    ("baseline is text", {"spec": SPEC + "baselines: many\n"}, "competition.yaml", "baselines"),
    ("no statement", {"statement_en_md": None}, "statement.en.md", "missing or empty"),
    ("empty statement", {"statement_ko_md": " \n"}, "statement.ko.md", "missing or empty"),
    ("no test data", {"test": None}, "test.csv", "missing"),
    ("no solution", {"solution": None}, "solution.csv", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changes", "where", "words"), BAD_SPECS, ids=[case[0] for case in BAD_SPECS]
)
def test_bad_descriptions_are_refused_with_the_reason(tmp_path, name, changes, where, words) -> None:
    with pytest.raises(FolderError) as refused:
        load_folder(make_folder(tmp_path, **changes))
    said = [(problem.where, problem.message.en) for problem in refused.value.problems]
    assert any(place.startswith(where) and words in message for place, message in said), said
    assert all(problem.message.ko for problem in refused.value.problems)
    assert check_folder(tmp_path) == refused.value.problems


LEAKS = [
    ("the solution", "solution.csv"),
    ("the solution in capitals", "SOLUTION.CSV"),
    ("one's way out", "../../etc/passwd"),
    ("the solution by a detour", "./solution.csv"),
    ("an absolute path", "/etc/passwd"),
    ("a backslash", "..\\\\solution.csv"),
    ("a folder", ".."),
    ("a hidden file", ".secret"),
    ("a copy of the solution", "copy.csv"),
    ("a link, which may be turned later", "link.csv"),
    ("no such file", "nothing.csv"),
    ("a NUL", "a\\0b"),
    ("nothing", ""),
]


@pytest.mark.parametrize(("name", "file"), LEAKS, ids=[case[0] for case in LEAKS])
def test_only_plain_files_of_the_folder_can_be_downloaded_and_never_the_solution(
    tmp_path, name, file
) -> None:
    folder = make_folder(tmp_path, **changed("[train.csv, ", f'["{file}", train.csv, '))
    shutil.copy(folder / "solution.csv", folder / "copy.csv")
    (folder / "link.csv").symlink_to("train.csv")
    (folder / "SOLUTION.CSV").write_text("Id,Price\n")
    (folder / ".secret").write_text("x")
    with pytest.raises(FolderError, match="files: "):
        load_folder(folder)


def test_path_gives_out_listed_files_only(tmp_path) -> None:
    competition = load_folder(make_folder(tmp_path))
    assert competition.path("train.csv").read_text() == FILES["train.csv"]
    for name in ("solution.csv", "competition.yaml", "../x", "./train.csv", ""):
        with pytest.raises(KeyError):
            competition.path(name)


BAD_TABLES = [
    ("test lacks a feature", table("test", "Area", "Surface"), "test.csv", 'lacks the column "Area"'),
    ("train lacks a feature", table("test", "Area", "Surface"), "train.csv", 'lacks the column "Surface"'),
    ("a column twice", table("train", "Alley", "Area"), "train.csv", '"Area" is there twice'),
    ("answers in test.csv", {"test": FILES["test.csv"].replace("Alley", "Price")}, "test.csv", "target as a column"),
    ("no target in train", table("train", "Price", "Cost"), "train.csv", 'no column "Price"'),
    ("a target that is none", table("train", "2000", "NA"), "train.csv", 'target "NA" of id 2'),
    ("a short row", table("train", "2,200,Paved,2000", "2,200,2000"), "train.csv", "Row 3 has 3 cells"),
    ("train holds test ids", table("train", "2,200", "11,200"), "train.csv", "ids of test.csv: 11"),
    ("an id twice", table("test", "12,120", "11,120"), "test.csv", "empty or there twice"),
    ("solution of other ids", table("solution", "12,", "99,"), "solution.csv", "2 ids differ from those of test.csv: 12, 99"),
    ("sample of other ids", table("sample", "12,", "99,"), "sample_submission.csv", "differ"),
    ("a truth that is none", table("solution", "300", "NaN"), "solution.csv", '"NaN" of Id 13'),
    ("an unknown usage", table("solution", "Ignored", "Secret"), "solution.csv", '"secret" does not fit'),
    ("no usage column", table("solution", "Usage", "Part"), "solution.csv", 'no column "Usage"'),
    ("nothing is private", table("solution", "Private", "Public"), "solution.csv", "No row is private"),
    ("nothing is public", table("solution", "Public", "Private"), "solution.csv", "No row is public"),
    ("a sample that is refused", table("sample", "12,0", "12,x"), "sample_submission.csv", 'Row 3, Price: "x"'),
    ("a sample with the answers", {"sample": SAMPLE_OF_TRUTH}, "sample_submission.csv", "true answers"),
    ("no rows", {"test": "Id,Area,Alley\n"}, "test.csv", "no row of data"),
    ("not UTF-8", {"train": FILES["train.csv"].replace("Paved", "포장").encode("cp949")}, "", "cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "changes", "where", "words"), BAD_TABLES, ids=[case[0] for case in BAD_TABLES]
)
def test_inconsistent_tables_are_said_in_sentences(tmp_path, name, changes, where, words) -> None:
    folder = make_folder(tmp_path, **changes)
    load_folder(folder)  # the description itself is fine
    problems = check_folder(folder)
    said = [(problem.where, problem.message.en) for problem in problems]
    assert any(place == where and words in message for place, message in said), said
    assert all(problem.message.ko for problem in problems)


def test_all_that_is_wrong_is_said_at_once(tmp_path) -> None:
    spec = SPEC.replace("mae", "x").replace("daily_quota: 3", "daily_quota: -1")
    folder = make_folder(tmp_path, spec=spec, statement_en_md=None, test=None)
    assert {problem.where.partition(":")[0] for problem in check_folder(folder)} == {
        "competition.yaml",
        "statement.en.md",
        "test.csv",
    }
    assert len(check_folder(folder)) >= 4


@pytest.mark.parametrize(
    "spec", [SPEC, SEEDED, SPEC.replace("daily_quota: 3\n", "")], ids=["usage", "seed", "no quota"]
)
def test_a_sound_folder_has_no_problem(tmp_path, spec: str) -> None:
    assert check_folder(make_folder(tmp_path, spec=spec)) == []


def test_what_a_competition_holds(tmp_path) -> None:
    competition = load_folder(
        make_folder(tmp_path, spec=SPEC + "baselines: [{title_ko: 값, title_en: one, score: 9}]\n")
    )
    assert competition.title.pick("ko") == "집 여섯 채"
    assert competition.statement.pick("en") == "Predict the price.\n"
    assert (competition.metric, competition.higher_is_better, competition.values) == ("mae", False, "number")
    assert competition.required_columns == ("Id", "Price")
    assert [(line.title.en, line.score) for line in competition.baselines] == [("one", 9.0)]
    with pytest.raises(AttributeError):
        competition.slug = "other"  # type: ignore[misc]
    assert hash(competition) == hash(load_folder(tmp_path))


@pytest.mark.parametrize("file", [name for name in FILES if not name.endswith((".md", ".yaml"))])
def test_the_hash_changes_with_every_file_that_is_judged_by(tmp_path, file: str) -> None:
    folder = make_folder(tmp_path)
    before = content_hash(load_folder(folder))
    assert before == content_hash(load_folder(folder))
    (folder / file).write_text(FILES[file] + "\n")
    assert content_hash(load_folder(folder)) != before


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("competition.yaml", "metric: ", "metric: rmse #", True),
        ("competition.yaml", "title_en: ", "title_en: Other ", False),
        ("competition.yaml", "slug: ", "# a comment\nslug: ", False),
        ("statement.ko.md", "가격", "값", False),
    ],
)
def test_the_hash_changes_with_what_is_judged_and_not_with_words(tmp_path, file, old, new, changes) -> None:
    folder = make_folder(tmp_path)
    before = content_hash(load_folder(folder))
    assert old in FILES[file]
    (folder / file).write_text(FILES[file].replace(old, new, 1))
    assert (content_hash(load_folder(folder)) != before) == changes


def test_new_data_in_the_same_place_brings_new_ids(tmp_path) -> None:
    """A web process that has read the ids once must not go on refusing those of data loaded since."""
    competition = load_folder(make_folder(tmp_path))
    assert ids_of(competition).find("11") == 0
    make_folder(tmp_path, sample="Id,Price\n21,0\n22,0\n")
    assert ids_of(competition).find("11") is None
    assert ids_of(competition).find("22.0") == 1


def test_the_split_by_seed_never_moves() -> None:
    """The first six by `printf 1:$id | sha256sum`. A change here would change scores that were already given."""
    ids = [str(row) for row in range(20)]
    parts = public_rows(ids, Split(public=0.3, seed=1))
    assert [name for name, is_public in zip(ids, parts, strict=True) if is_public] == [
        "4",
        "6",
        "7",
        "8",
        "11",
        "17",
    ]
    turned = public_rows(ids[::-1], Split(public=0.3, seed=1))
    assert turned == parts[::-1]
    assert public_rows(ids, Split(public=0.3, seed=2)) != parts


@pytest.mark.parametrize(("public", "count"), [(0.5, 730), (0.3, 438), (0.001, 1)])
def test_the_split_by_seed_has_the_size_asked_for(public: float, count: int) -> None:
    parts = public_rows([str(row) for row in range(1459)], Split(public=public, seed=3))
    assert sum(part is True for part in parts) == count
    assert None not in parts


def test_a_table_as_kaggle_ships_it_loads(tmp_path) -> None:
    """79 features, NA as text, CRLF, a byte order mark, quoted cells with commas: nothing of it is in the way."""
    features = [f"Feature{number}" for number in range(78)] + ["Zone, of the city"]

    def rows(ids: range, price: bool) -> str:
        lines = [["Id", *features, *(["SalePrice"] if price else [])]]
        for row in ids:
            cells = ["NA" if (row + n) % 7 == 0 else f"{row * n % 91}" for n in range(78)] + ["RL, old (all)"]
            lines.append([str(row), *cells, *([str(1000 * row)] if price else [])])
        # Only train.csv was saved by Excel: the names of the two headers must still be the same.
        return "\ufeff" * price + "".join(
            ",".join(f'"{c}"' if "," in c else c for c in line) + "\r\n" for line in lines
        )

    solution = "Id,SalePrice\r\n" + "".join(f"{row},{row * 1000}\r\n" for row in range(51, 101))
    folder = make_folder(
        tmp_path, spec=SEEDED.replace("target: Price", "target: SalePrice"), train=rows(range(1, 51), True),
        test=rows(range(51, 101), False), solution=solution,
        sample="Id,SalePrice\r\n" + "".join(f"{row},169277.05\r\n" for row in range(51, 101)),
    )  # fmt: skip
    assert check_folder(folder) == []
    competition = load_folder(folder)
    result = score(solution.replace("000\r\n", "010\r\n").encode(), competition)
    assert (result.public, result.private, result.rows) == (10.0, 10.0, 50)


STRATA = [
    # (truth of each row, the stratum that a row belongs to)
    ("classes as text", ["cat"] * 60 + ["dog"] * 30 + ["owl"] * 10, lambda value: value),
    ("classes as numbers", [0.0] * 70 + [1.0] * 30, lambda value: value),
    ("tenths of a number", [float(value) for value in range(100)], lambda value: value // 10),
]


@pytest.mark.parametrize(("why", "truth", "stratum"), STRATA, ids=[row[0] for row in STRATA])
def test_a_stratified_split_takes_the_same_share_of_each_stratum(why, truth, stratum):
    ids = [str(row) for row in range(len(truth))]
    parts = public_rows(ids, Split(public=0.4, seed=7, is_stratified=True), truth)
    sizes, public = Counter(map(stratum, truth)), Counter()
    for value, is_public in zip(truth, parts, strict=True):
        public[stratum(value)] += is_public
    assert {key: public[key] for key in sizes} == {key: round(0.4 * size) for key, size in sizes.items()}
    assert parts[::-1] == public_rows(ids[::-1], Split(public=0.4, seed=7, is_stratified=True), truth[::-1])
    assert parts != public_rows(ids, Split(public=0.4, seed=8, is_stratified=True), truth)


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=60), st.floats(0.05, 0.95))
def test_strata_change_no_total(truth, public):
    ids = [str(row) for row in range(len(truth))]
    parts = public_rows(ids, Split(public=public, seed=1, is_stratified=True), truth)
    assert sum(parts) == round(public * len(truth))
