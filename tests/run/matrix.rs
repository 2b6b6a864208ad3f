//! Matrices of servers that differ in what is known.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cogspec::matrix::{Between, Cell, Matrix, Standing, State};
use cogspec::run::Verdict;

use crate::support::{Served, cogspec, output, results_of_nothing, stderr, stdout, tempfile};

/// A folder of results, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Folder(tempfile(name));
        fs::create_dir_all(&folder.0).unwrap();
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// Runs some cases on a server, with the results in NAME.json.
    fn run(&self, name: &str, endpoint: &str, filters: &[&str]) {
        let report = format!("json={}", self.path(&format!("{name}.json")));
        let mut args = vec!["run", "--endpoint", endpoint, "--report", &report];
        args.extend(filters.iter().flat_map(|filter| ["--filter", filter]));
        let run = output(&args);
        assert!(matches!(run.status.code(), Some(0 | 1)), "{}{}", stdout(&run), stderr(&run));
    }

    fn matrix(&self) -> Matrix {
        let made = output(&["matrix", "--from", &self.path(""), "--report", "json=-"]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        serde_json::from_slice(&made.stdout).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_grid_shows_the_cells_that_differ_and_no_others() {
    let folder = Folder::new("matrix-faults");
    let filters = ["request.method.*", "options.served", "options.timeout.*"];
    for (name, fault) in [("any-method", "request.method.any"), ("seconds", "options.timeout.seconds")] {
        folder.run(name, &Served::faulty(fault).endpoint(), &filters);
    }
    let matrix = folder.matrix();
    let told = |cell: &Cell| {
        let answers: Vec<&str> = cell.answers.iter().filter_map(|answer| answer.class.as_deref()).collect();
        let differs: Vec<String> = cell.differs.iter().map(|d| format!("{d:?}")).collect();
        format!("{} {answers:?} {} {differs:?}", cell.verdict, cell.live.in_words())
    };
    let mut differ = String::new();
    for row in &matrix.rows {
        let cells: Vec<(&String, String)> = row.cells.iter().map(|(name, cell)| (name, told(cell))).collect();
        assert_eq!(cells.len(), 2, "{}", row.case);
        if cells[0].1 != cells[1].1 || !matches!(row.between, Between::Alike | Between::Single) {
            differ.push_str(&format!("{} ({}):\n", row.case, row.between.in_words()));
            differ.extend(row.members.iter().map(|member| format!("  {member:?}\n")));
            differ.extend(cells.iter().map(|(name, told)| format!("  {name}: {told}\n")));
        }
    }
    insta::assert_snapshot!(differ);
    let text = stdout(&output(&["matrix", "--from", &folder.path("")]));
    insta::assert_snapshot!("counts_of_two_servers", text);
}

#[test]
fn the_same_results_make_the_same_bytes() {
    let folder = Folder::new("matrix-bytes");
    folder.run("one", &Served::start().endpoint(), &["request.method.*", "options.served"]);
    let made = |form: &str| {
        let file = folder.path(form);
        let report = format!("{form}={file}");
        let run = output(&["matrix", "--from", &folder.path("one.json"), "--report", &report]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        assert!(stdout(&run).contains(&file), "{}", stdout(&run));
        fs::read(file).unwrap()
    };
    for form in ["json", "markdown"] {
        assert_eq!(made(form), made(form), "{form}");
    }
}

#[test]
fn a_server_that_does_not_know_the_operation_is_a_column_without_cells() {
    let folder = Folder::new("matrix-gone");
    let file = folder.path("gone.json");
    let run = results_of_nothing(&file);
    assert_eq!((run.status.code(), stdout(&run).as_str()), (Some(4), ""), "{}", stderr(&run));
    assert_eq!(stderr(&run).matches("does not implement the operation").count(), 1);
    let matrix = folder.matrix();
    assert!(matrix.rows.is_empty() && matrix.columns[0].all.cells == 0);
    assert!(
        matches!(&matrix.columns[0].state, State::NotImplemented { said } if said.contains("UnknownOperationException"))
    );
    let told = stdout(&output(&["matrix", "--from", &file]));
    assert_eq!(told.matches("UnknownOperationException").count(), 1, "{told}");
}

#[test]
fn a_server_is_run_by_its_recipe_and_told_of_in_the_repository() {
    let folder = Folder::new("matrix-recipe");
    let (results, repository) = (folder.path("results"), folder.path("clone"));
    let run = output(&[
        "matrix",
        "emulator",
        "--filter",
        "request.method.*",
        "--filter",
        "options.served",
        "--results",
        &results,
    ]);
    assert_eq!(run.status.code(), Some(0), "{}{}", stdout(&run), stderr(&run));
    assert!(stderr(&run).contains("judging"), "{}", stderr(&run));

    let here = Path::new(&repository).join("implementations/emulator");
    let write = || cogspec(&["matrix", "--from", &results, "--write"]).current_dir(&repository).output().unwrap();
    fs::create_dir_all(&repository).unwrap();
    let nowhere = write();
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(stderr(&nowhere).contains("no folder `implementations` here"), "{}", stderr(&nowhere));
    fs::create_dir_all(&here).unwrap();
    let written = write();
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let matrix: Matrix = serde_json::from_str(&read(here.join("../matrix.json"))).unwrap();
    assert_eq!(matrix.columns[0].version.as_deref(), Some(env!("CARGO_PKG_VERSION")));
    assert!(matrix.columns[0].homepage.is_some());
    let pass = matrix.columns[0].all.of(Verdict::Pass);
    assert!(pass > 3 && matrix.columns[0].all.standing(Standing::Same) > 0);
    assert!(read(here.join("../matrix.md")).contains(&format!("| {pass} |")));
    let last: BTreeMap<String, serde_json::Value> = serde_json::from_str(&read(here.join("last.json"))).unwrap();
    assert_eq!(
        last["themes"]["request"]["pass"].as_u64(),
        Some(matrix.columns[0].theme(cogspec::suite::Theme::Request).of(Verdict::Pass) as u64)
    );
}

#[test]
fn what_is_no_input_is_told_with_what_to_do_next() {
    let folder = Folder::new("matrix-wrong");
    let empty = folder.path("empty");
    fs::create_dir_all(&empty).unwrap();
    let file = |name: &str, text: &str| {
        fs::write(folder.path(name), text).unwrap();
        folder.path(name)
    };
    let (junk, other) = (file("junk.json", "[]"), file("other.json", r#"{"version": 99}"#));
    let missing = folder.path("missing.json");
    let twice = format!("json={}", folder.path("out"));
    let told = |args: &[&str]| {
        let run = output(&[&["matrix"], args].concat());
        assert_eq!((run.status.code(), stdout(&run).as_str()), (Some(2), ""), "{}", stderr(&run));
        stderr(&run)
    };
    for (args, want) in [
        (&["--from", empty.as_str()][..], "no file NAME.json in"),
        (&["--from", &junk], "is not the results of a run"),
        (&["--from", &other], "version 99"),
        (&["--from", &missing], "cannot read"),
        (&["--from", &junk, "--report", "xml=x"], "json=FILE"),
        (&["--from", &junk, "--report", "json="], "json=FILE"),
        (&["--from", &junk, "--report", &twice, "--report", &twice], "each a file of its own"),
        (&["--from", &junk, "--report", "json=/no/such/folder/x"], "cannot write"),
        (&["--from", &junk, "--snapshots", "no-such"], "no profile `no-such`"),
        (&["--from", &junk, "--filter", "token.*"], "--filter"),
        (&["no-such-server"], "cogspec implementations"),
        (&[], "required"),
    ] {
        let told = told(args);
        assert!(told.contains(want), "{args:?}: {told}");
    }
}

/// The same file is the same by another name, as for the reports of a run.
#[test]
fn two_forms_are_not_written_into_one_file() {
    let folder = Folder::new("matrix-twice");
    let file = folder.path("gone.json");
    results_of_nothing(&file);
    let (one, other) = (folder.path("grid"), folder.path("./grid"));
    let run = output(&[
        "matrix",
        "--from",
        &file,
        "--report",
        &format!("json={one}"),
        "--report",
        &format!("markdown={other}"),
    ]);
    assert_eq!(run.status.code(), Some(2), "{}", stdout(&run));
    assert!(stderr(&run).contains("is written where another report is"), "{}", stderr(&run));
}
