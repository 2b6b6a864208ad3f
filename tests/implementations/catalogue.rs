//! What there is: the list, a recipe as a whole, and names that there are not.

use serde_json::Value;

use crate::support::{Folder, ends, stdout};

#[test]
fn the_list_tells_what_can_be_judged() {
    let folder = Folder::new("list");
    let list = folder.output(&["implementations"]);
    ends(&list, 0, &[]);
    let list = stdout(&list);
    let json = folder.output(&["implementations", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let rows = json.as_array().unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    for name in
        ["awsim", "cognito-local", "cognitox", "emulator", "fakecloud", "floci", "localstack", "ministack", "moto"]
    {
        assert!(names.contains(&name), "{names:?}");
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(name)), "{list}");
    }
    for row in rows {
        let runs_here = row["not_run_here"].is_null();
        assert!(!runs_here || row["version"] != "latest", "{row} is not pinned");
        assert_eq!(row["installed"], !row["needs_installation"].as_bool().unwrap(), "{row}");
    }
    let fakecloud = rows.iter().find(|row| row["name"] == "fakecloud").unwrap();
    assert_eq!(fakecloud["licence"], "AGPL-3.0-or-later");
}

#[test]
fn a_recipe_is_shown_with_the_way_to_start_it_by_hand() {
    let folder = Folder::new("show");
    let show = stdout(&folder.output(&["implementations", "show", "fakecloud"]));
    for part in [
        "version = \"0.51.0\"\n",
        "#   cogspec implementations install fakecloud\n",
        "/cache/implementations/fakecloud-0.51.0/bin/fakecloud --addr 127.0.0.1:PORT --log-level warn\n",
        "#   cogspec run --endpoint http://127.0.0.1:PORT --timeout 90 --case-timeout 300\n",
    ] {
        assert!(show.contains(part), "{part}: {show}");
    }
    let show = stdout(&folder.output(&["implementations", "show", "cognito-local"]));
    assert!(show.contains("#   CODE=1234 HOST=127.0.0.1 PORT=PORT "), "{show}");
}

#[test]
fn an_unknown_name_is_told_with_those_near_it() {
    let folder = Folder::starting("unknown", "true");
    ends(&folder.output(&["run", "--implementation", "awsm"]), 2, &["near it: awsim", "`cogspec implementations`"]);
    ends(&folder.output(&["implementations", "show", "cognito"]), 2, &["near it: cognito-local"]);
    ends(&folder.output(&["run", "--implementation", "stub"]), 2, &["for the recipe in the folder write ./stub"]);
    ends(&folder.output(&["run", "--implementation", "./none"]), 2, &["cannot read the recipe in ./none"]);
    ends(&folder.output(&["run", "--implementation", "."]), 2, &["it has no implementation.toml"]);
    folder.write("stub/implementation.toml", "name = 1\n");
    ends(
        &folder.output(&["run", "--implementation", "./stub"]),
        2,
        &["is not a recipe", "line 1: `name` is not a text"],
    );
}

#[test]
fn an_example_that_was_not_run_is_refused_with_the_reason() {
    let folder = Folder::new("not-run-here");
    for command in [&["run", "--implementation"][..], &["implementations", "install"]] {
        for (name, why) in [("floci", "Docker was not at hand"), ("localstack", "neither was at hand")] {
            ends(&folder.output(&[command, &[name]].concat()), 2, &["was not run", why]);
        }
    }
}

#[test]
fn one_server_is_named_at_a_time() {
    let folder = Folder::new("one");
    let args = ["run", "--implementation", "emulator", "--endpoint", "http://127.0.0.1:1"];
    ends(&folder.output(&args), 2, &["cannot be used with"]);
}
