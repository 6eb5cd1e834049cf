"""Where a data set is: a folder of tables, one workbook, or a scenario file; and its way to a `Problem`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from matcher.domain.policy import Policy
from matcher.domain.problem import Problem, build_problem
from matcher.domain.tables import TABLES
from matcher.errors import DataError, Issue, PolicyError, UsageError
from matcher.io.csv_files import read_csv_table
from matcher.io.faults import UNREAD, FaultLog, RepairGroups, as_typed
from matcher.io.frames import CheckedTable, check_table
from matcher.io.mapping import NO_MAPPING, ColumnMapping, TableTerms
from matcher.io.mapping_file import read_mapping
from matcher.io.policy_file import Scenario, set_overrides, validated
from matcher.io.raw import RawTable
from matcher.io.references import check_rows
from matcher.io.skill_lists import split_lists
from matcher.io.strangers import Stranger, is_like_policy, report_strangers
from matcher.io.yaml_text import YamlText, read_yaml

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
TABLE_FILES = (".csv", ".tsv", ".parquet")
SCENARIO_NAMES = ("scenario.yaml", "scenario.yml")
POLICY_NAMES = ("policy.yaml", "policy.yml")
SETTINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Place:
    """What a source turned out to be: the data, a title, and its policy (a mapping not yet judged).

    `is_policy_named` says whether a scenario file names its policy, rather than that one was found beside the data.
    """

    data: Path
    title: str = ""
    policy: YamlText = field(default_factory=lambda: YamlText("", {}))
    policy_base: tuple[str, ...] = ()
    is_policy_named: bool = False
    encoding: str | None = None
    mapping: Path | None = None


@dataclass(frozen=True)
class Reading:
    """What reading a source gave: the judged tables, the policy (None if it has faults), and where it came from."""

    tables: dict[str, CheckedTable]
    policy: Policy | None
    policy_text: YamlText
    title: str
    source: str
    n_policy_faults: int
    mapping: str = ""
    terms: ColumnMapping = NO_MAPPING

    def problem(self) -> Problem:
        """Return the problem; only for a reading without faults."""
        frames = {name: table.frame for name, table in self.tables.items()}
        problem = build_problem(frames, policy=self.policy, title=self.title, source=self.source)
        return replace(problem, mapping=self.mapping) if self.mapping else problem


def read_source(
    path: str | Path,
    *,
    policy: str | Path | None = None,
    overrides: Sequence[str] = (),
    mapping: str | Path | None = None,
    on_check: Callable[[], None] | None = None,
    on_unread: Callable[[Issue], None] | None = None,
    on_repairs: Callable[[RepairGroups], None] | None = None,
    strict: bool = False,
    encoding: str | None = None,
) -> Problem:
    """Return the checked data set and policy that `path` names.

    Parameters
    ----------
    path : a folder of CSV, TSV or Parquet files named after the tables, a workbook (.xlsx, .xls) whose sheets are the
        tables, or a scenario file (.yaml)
    policy : a policy file that stands in for the one of the source
    overrides : settings such as ``weights.network=0``, put over the policy in their order
    mapping : a mapping file with the user's own words for sheets, columns and values; it stands in for the one of the
        scenario file
    on_check : called when the files are read and their cells are about to be judged
    on_unread : called with every file, sheet and column that is there and was not read, also before an exception
    on_repairs : called once with the cells that were read although they are not written as their column asks
    strict : such a cell is a fault
    encoding : of the CSV and TSV files, one of `ENCODINGS`; None for what the files tell themselves

    Raises
    ------
    DataError
        If the data has faults: all were collected; the first thousand are kept.
    PolicyError
        If the policy, scenario or mapping file has faults.
    UsageError
        If there is nothing at `path`, or a setting has no ``=``.
    """

    def hand_on(issue: Issue) -> None:
        if on_unread is not None and issue.rule in UNREAD:
            on_unread(issue)

    log = FaultLog(hand_on, is_strict=strict, hands_on_repairs=False)
    reading = read(
        Path(path), log, policy=policy, overrides=overrides, mapping=mapping, on_check=on_check, encoding=encoding
    )
    if on_repairs is not None:
        on_repairs(log.repair_groups)
    if reading is None or 0 < log.n_faults == reading.n_policy_faults:
        raise PolicyError("policy_has_faults", issues=log.faults, source=str(path), n=log.n_faults)
    if log.n_faults:
        raise DataError("data_has_faults", issues=log.faults, n_issues=log.n_faults, source=str(path), n=log.n_faults)
    return reading.problem()


def read(
    path: Path,
    log: FaultLog,
    *,
    policy: str | Path | None,
    overrides: Sequence[str],
    mapping: str | Path | None = None,
    on_check: Callable[[], None] | None = None,
    encoding: str | None = None,
) -> Reading | None:
    """Return all that could be read, with all faults in `log`; None where a scenario or mapping is of no use."""
    place = _place(path, log)
    if place is None:
        return None
    if policy is None:
        _warn_of_settings(place, log)
    judged, text = _read_policy(place, log, policy, overrides)
    n_policy_faults = log.n_faults  # so far only settings have been looked at
    file = place.mapping if mapping is None else Path(mapping)
    terms = NO_MAPPING if file is None else read_mapping(file, log)
    if terms is None:
        return None
    if place.data.is_dir():
        raws = read_folder(place.data, log, terms, encoding=encoding or place.encoding)
    else:
        from matcher.io.workbook import read_workbook

        raws = read_workbook(place.data, log, terms)
    if on_check is not None:
        on_check()
    tables = {}
    if raws is not None:
        tables = {name: check_table(raw, log) for name, raw in split_lists(raws, log).items()}
        check_rows(tables, log)
    own = "" if mapping is None else Path(mapping).as_posix()  # that of a scenario file is found with the scenario
    return Reading(tables, judged, text, place.title, str(path), n_policy_faults, own, terms)


def _place(path: Path, log: FaultLog) -> Place | None:
    if path.is_dir():
        for name in (*SCENARIO_NAMES, *POLICY_NAMES):
            if not (path / name).is_file() and ((path / name).exists() or (path / name).is_symlink()):
                log.fault(Issue("not_a_file", name))
        scenario = next((path / name for name in SCENARIO_NAMES if (path / name).is_file()), None)
        if scenario is not None:
            return _read_scenario(scenario, log)
        policy = next((path / name for name in POLICY_NAMES if (path / name).is_file()), None)
        text = None if policy is None else read_yaml(policy, log, shown=policy.name)
        return Place(path, policy=text or YamlText(policy.name if policy else "", {}))
    if not path.exists():
        raise UsageError("source_not_found", path=str(path))
    if not path.is_file():  # opening a pipe would wait for whoever writes into it
        raise UsageError("source_no_file", path=str(path))
    if path.suffix.lower() in (".yaml", ".yml"):
        return _read_scenario(path, log)
    if path.suffix.lower() in WORKBOOKS:
        return Place(path)
    code = "source_one_table" if path.suffix.lower() in TABLE_FILES else "source_kind_unknown"
    raise UsageError(code, path=str(path), suffix=path.suffix)


def _warn_of_settings(place: Place, log: FaultLog) -> None:
    """Name files that stand where their owner may take them for the policy, and are not."""
    if place.is_policy_named:
        return
    if place.data.is_file():
        names = [f"{place.data.stem}-policy.yaml", *POLICY_NAMES]
        lying = [name for name in names if place.data.with_name(name).is_file()]
    else:
        files = [path for path in sorted(place.data.iterdir()) if path.is_file() and not path.name.startswith(".")]
        is_read = place.policy.file in POLICY_NAMES
        kinds = (*SETTINGS, ".txt", ".json")
        lying = [
            path.name
            for path in files
            if path.name in POLICY_NAMES or (not is_read and path.suffix.lower() in kinds and is_like_policy(path.stem))
        ]
    for name in lying:
        if name != place.policy.file:
            log.warn(Issue("settings_unread", name))


def places_of(path: Path) -> tuple[Path, ...]:
    """Return the files and folders that hold a source: itself, and where its scenario file says that the data is."""
    scenarios = [path / name for name in SCENARIO_NAMES] if path.is_dir() else [path]
    scenario = next((file for file in scenarios if file.is_file() and file.suffix.lower() in (".yaml", ".yml")), None)
    if scenario is None:
        return (path,)
    text = read_yaml(scenario, FaultLog(), shown=scenario.name)
    data = None if text is None else text.content.get("data")
    return (path, scenario.parent / (data if isinstance(data, str) and data else "."))


def _read_scenario(path: Path, log: FaultLog) -> Place | None:
    text = read_yaml(path, log, shown=path.name)
    if text is None:
        return None
    shell = YamlText(text.file, {k: v for k, v in text.content.items() if k != "policy"}, text.places, text.typed)
    scenario = validated(Scenario, shell, log)
    if scenario is None:
        return None
    data = path.parent / (scenario.data or ".")
    if not _is_there(data) or (data.is_file() and data.suffix.lower() not in WORKBOOKS):
        log.fault(text.issue("scenario_data_missing", ("data",), scenario.data or ".", place=as_typed(data)))
        return None
    mapping = None if scenario.mapping is None else path.parent / scenario.mapping
    if mapping is not None and not (_is_there(mapping) and mapping.is_file()):
        log.fault(text.issue("scenario_mapping_missing", ("mapping",), scenario.mapping, place=as_typed(mapping)))
        return None
    policy = text.content.get("policy")
    if isinstance(policy, dict):
        return Place(
            data,
            scenario.title,
            text,
            ("policy",),
            is_policy_named=True,
            encoding=scenario.encoding,
            mapping=mapping,
        )
    if isinstance(policy, str):
        file = path.parent / policy
        if not _is_there(file) or not file.is_file():
            log.fault(text.issue("scenario_policy_missing", ("policy",), policy, place=as_typed(file)))
            return None
        named = read_yaml(file, log, shown=file.name) or YamlText(file.name, {})
        return Place(
            data,
            scenario.title,
            named,
            is_policy_named=True,
            encoding=scenario.encoding,
            mapping=mapping,
        )
    if policy is not None:
        log.fault(text.issue("not_a_section", ("policy",), str(policy)))
    beside = next((data / name for name in POLICY_NAMES if data.is_dir() and (data / name).is_file()), None)
    inside = None if beside is None else read_yaml(beside, log, shown=beside.name)
    return Place(data, scenario.title, inside or YamlText(path.name, {}), encoding=scenario.encoding, mapping=mapping)


def _is_there(path: Path) -> bool:
    """Whether a path leads anywhere; a name that the system refuses, such as one too long, leads nowhere."""
    try:
        return path.exists()
    except OSError:
        return False


def _read_policy(
    place: Place, log: FaultLog, policy: str | Path | None, overrides: Sequence[str]
) -> tuple[Policy | None, YamlText]:
    text, base = place.policy, place.policy_base
    if policy is not None:
        path = Path(policy)
        if not path.is_file():
            raise UsageError("policy_not_found", path=str(path))
        text, base = read_yaml(path, log, shown=path.name) or YamlText(path.name, {}), ()
    if base:
        text = text.below(base[0])
    set_overrides(text, overrides)
    return validated(Policy, text, log), text


def read_folder(
    folder: Path, log: FaultLog, mapping: ColumnMapping = NO_MAPPING, *, encoding: str | None = None
) -> dict[str, RawTable] | None:
    """Return the tables of a folder, or None if it holds none."""
    found: dict[str, Path] = {}
    strangers: list[Stranger] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        suffix = path.suffix.lower()
        if mapping.ignores(path.name):
            continue
        table = mapping.table_of(path.name) if suffix in TABLE_FILES else None
        if not path.is_file():
            if table is not None:
                log.fault(Issue("not_a_file", path.name))
        elif table is None:
            kind = "" if suffix in TABLE_FILES else suffix or path.name
            strangers.append(Stranger(path.name, path.stem, suffix=kind))
        elif table in found:
            log.fault(Issue("table_twice", path.name, params={"table": table, "first": found[table].name}))
        else:
            found[table] = path
    mapping.report([path.name for path in sorted(folder.iterdir()) if path.suffix.lower() in TABLE_FILES], log)
    if not found:
        near = tuple(one.file for one in strangers if not one.suffix or one.suffix in WORKBOOKS)
        log.fault(Issue("not_a_data_set", folder.name or str(folder), params={"near": near}))
        return None
    report_strangers(strangers, {table: path.name for table, path in found.items()}, folder.name, log)
    raws = {}
    for table in TABLES:
        if table in found:
            raw = _read_table_file(table, found[table], log, mapping.terms(table, found[table].name), encoding)
            if raw is not None:
                raws[table] = raw
    return raws


def _read_table_file(table: str, path: Path, log: FaultLog, terms: TableTerms, encoding: str | None) -> RawTable | None:
    if path.suffix.lower() == ".parquet":
        from matcher.io.parquet_files import read_parquet_table

        return read_parquet_table(table, path, log, shown=path.name, terms=terms)
    return read_csv_table(table, path, log, shown=path.name, encoding=encoding, terms=terms)
