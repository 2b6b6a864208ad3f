//! `cogspec completions` and `cogspec man`.

use std::process::{Command, Output};

use super::{folder, is_there, succeed, written};

fn cogspec(arguments: &[&str]) -> Output {
    succeed(Command::new(env!("CARGO_BIN_EXE_cogspec")).args(arguments))
}

/// What bash offers for a command line.
fn offered(script: &str, line: &[&str]) -> Vec<String> {
    let words: Vec<String> = line.iter().map(|word| format!("'{word}'")).collect();
    let code = format!(
        "source '{script}'; complete -p cogspec >&2; COMP_WORDS=({}); COMP_CWORD={}; COMP_LINE='{}'; COMP_POINT=${{#COMP_LINE}}; \
         _cogspec cogspec \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        line.len() - 1,
        line.join(" "),
    );
    let output = succeed(Command::new("bash").args(["--noprofile", "--norc", "-c", &code]));
    assert!(written(&output.stderr).contains("-F _cogspec"), "{}", written(&output.stderr));
    written(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let script = folder("completions").join("cogspec.bash");
    std::fs::write(&script, cogspec(&["completions", "bash"]).stdout).unwrap();
    succeed(Command::new("bash").arg("-n").arg(&script));
    let script = script.to_str().unwrap();
    assert_eq!(offered(script, &["cogspec", "sel"]), ["self-test"]);
    assert_eq!(offered(script, &["cogspec", "run", "--fail-o"]), ["--fail-on"]);
    assert_eq!(offered(script, &["cogspec", "run", "--fail-on", ""]), ["fail", "warn", "note"]);
    assert_eq!(offered(script, &["cogspec", "token", "n"]), ["new"]);
}

#[test]
fn other_shells_take_their_scripts() {
    let folder = folder("completions-of-shells");
    for (shell, check) in [("zsh", "-n"), ("fish", "--no-execute")] {
        let script = folder.join(shell);
        let completions = cogspec(&["completions", shell]).stdout;
        assert!(written(&completions).contains("self-test"), "{shell}");
        std::fs::write(&script, completions).unwrap();
        if is_there(shell) {
            succeed(Command::new(shell).arg(check).arg(&script));
        }
    }
    for shell in ["elvish", "powershell"] {
        assert!(written(&cogspec(&["completions", shell]).stdout).contains("self-test"), "{shell}");
    }
}

#[test]
fn each_command_has_a_page_that_renders_without_warnings() {
    let folder = folder("man");
    let man = folder.join("of/cogspec");
    cogspec(&["man", man.to_str().unwrap()]);
    let mut pages: Vec<String> =
        std::fs::read_dir(&man).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    pages.sort();
    for page in ["cogspec.1", "cogspec-run.1", "cogspec-token-new.1", "cogspec-self-test.1"] {
        assert!(pages.iter().any(|made| made == page), "{page}: {pages:?}");
    }
    let alone = cogspec(&["man"]).stdout;
    assert_eq!(written(&alone), std::fs::read_to_string(man.join("cogspec.1")).unwrap());
    if !is_there("groff") {
        return;
    }
    let rendered: Vec<String> = pages
        .iter()
        .map(|page| {
            let output = succeed(Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(man.join(page)));
            assert!(output.stderr.is_empty(), "{page}: {}", written(&output.stderr));
            let output =
                Command::new("groff").args(["-man", "-Tascii", "-P-cbou"]).arg(man.join(page)).output().unwrap();
            written(&output.stdout)
        })
        .collect();
    let of = |page: &str| &rendered[pages.iter().position(|made| made == page).unwrap()];
    let run = of("cogspec-run.1");
    assert!(run.contains("--endpoint"), "{run}");
    // Examples keep their lines.
    let line = "cogspec run --endpoint http://127.0.0.1:9229 ";
    assert!(run.lines().any(|text| text.trim_start().starts_with(line)), "{run}");
    assert!(
        of("cogspec.1").lines().any(|text| text.trim_start().starts_with("70  a bug in cogspec")),
        "{}",
        of("cogspec.1")
    );
    if is_there("mandoc") {
        for page in &pages {
            succeed(Command::new("mandoc").args(["-Tlint", "-Werror"]).arg(man.join(page)));
        }
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let file = folder("man-file").join("file");
    std::fs::write(&file, "x").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cogspec")).arg("man").arg(file.join("man1")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(written(&output.stderr).contains("file/man1"), "{}", written(&output.stderr));
}
