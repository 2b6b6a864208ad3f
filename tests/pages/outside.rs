//! The pages held to what others say of good pages: axe-core's rules of accessibility, and html-validate.
//!
//! Both are made by npm, in a folder below `target`. Where that cannot be, a test says so and passes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::chromium::Chromium;
use crate::{clients, matrix, sample, skipped, write};

const PACKAGES: [&str; 2] = ["axe-core@4.14.1", "html-validate@10.9.0"];

/// The folder of the packages.
fn packages(test: &str) -> Option<&'static Path> {
    static MADE: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("npm-pages");
        let is_there = PACKAGES.iter().all(|package| {
            let (name, version) = package.split_once('@').unwrap();
            let told = std::fs::read_to_string(folder.join("node_modules").join(name).join("package.json"));
            told.is_ok_and(|told| told.contains(&format!("\"version\": \"{version}\"")))
        });
        if is_there {
            return Ok(folder);
        }
        std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]);
        let output = npm.arg(&folder).args(PACKAGES).output().map_err(|e| format!("npm cannot run: {e}"))?;
        match output.status.success() {
            true => Ok(folder),
            false => Err(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("npm failed").to_owned()),
        }
    });
    MADE.as_ref().map_err(|why| skipped(test, why)).ok().map(PathBuf::as_path)
}

/// What axe finds wrong on the page as it is now: a line for each rule, with the first place.
fn found_by_axe(chromium: &Chromium, packages: &Path) -> Vec<String> {
    let axe = std::fs::read_to_string(packages.join("node_modules/axe-core/axe.min.js")).unwrap();
    chromium.js(&axe);
    let found = chromium.js_later(
        "const done = arguments[arguments.length - 1];
         axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(
             ({ violations }) => done(violations.map(({ id, nodes }) => `${id}: ${nodes[0].target} ${nodes[0].failureSummary}`)),
             (e) => done([String(e)]));",
    );
    found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_run_is_accessible() {
    let page = write("axe.html", &sample::run("something"));
    accessible(&page, &["", "q=signature"]);
    std::fs::remove_file(page).unwrap();
}

#[test]
fn a_matrix_is_accessible() {
    accessible(&matrix::page("axe-matrix.html", "something"), &["", "differ=yes"]);
}

#[test]
fn the_pages_of_clients_are_accessible() {
    accessible(&clients::page("axe-client.html", "something"), &[""]);
    accessible(&clients::matrix("axe-clients.html", "something"), &[""]);
}

fn accessible(page: &Path, fragments: &[&str]) {
    let Some(packages) = packages("axe-core on a page") else { return };
    let Some(chromium) = Chromium::start("axe-core on a page") else { return };
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)] {
        for fragment in fragments {
            chromium.prefers(scheme);
            chromium.size(width, 900);
            chromium.open(page, fragment);
            chromium.js("for (const folded of document.querySelectorAll('details')) folded.open = true;");
            assert_eq!(found_by_axe(&chromium, packages), [""; 0], "{scheme}, {width} pixels, {fragment}");
        }
    }
}

#[test]
fn a_run_is_valid_html() {
    let page = write("valid.html", &sample::run("something"));
    valid(&page);
    std::fs::remove_file(page).unwrap();
}

#[test]
fn a_matrix_is_valid_html() {
    valid(&matrix::page("valid-matrix.html", "something"));
}

#[test]
fn the_pages_of_clients_are_valid_html() {
    valid(&clients::page("valid-client.html", "something"));
    valid(&clients::matrix("valid-clients.html", "something"));
}

fn valid(page: &Path) {
    let Some(packages) = packages("html-validate on a page") else { return };
    let config = page.with_extension("config.json");
    // Its other rules are of style; and the search needs no button, for it finds while one types.
    let rules = r#"{ "long-title": "off", "no-trailing-whitespace": "off", "wcag/h32": "off" }"#;
    let extends = r#"["html-validate:standard", "html-validate:a11y"]"#;
    std::fs::write(&config, format!(r#"{{ "root": true, "extends": {extends}, "rules": {rules} }}"#)).unwrap();
    let mut validate = Command::new("node");
    validate
        .arg(packages.join("node_modules/html-validate/bin/html-validate.mjs"))
        .arg("--config")
        .arg(&config)
        .arg(page);
    let output = validate.output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}", told.chars().take(4000).collect::<String>());
    std::fs::remove_file(config).unwrap();
}
