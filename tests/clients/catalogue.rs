//! What there is: the list, a recipe as a whole, an installation, and names of another kind.

use cogspec::implementation::{ClientRecipe, Implementation};
use serde_json::Value;

use crate::support::{Folder, HEAD, ends};

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The names in a list.
fn names(folder: &Folder, args: &[&str]) -> Vec<String> {
    let output = folder.output(&[args, &["--format", "json"]].concat());
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_list_has_every_client_of_the_repository_and_nothing_else() {
    let folder = Folder::new("list");
    let clients = names(&folder, &["clients", "list"]);
    let recipes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("implementations/clients");
    let mut in_repository: Vec<String> = std::fs::read_dir(&recipes)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    in_repository.sort();
    assert_eq!(clients, in_repository);
    let list = folder.output(&["clients", "list"]);
    ends(&list, 0, &[]);
    let list = stdout(&list);
    assert!(list.starts_with("name ") && list.contains(" layer ") && list.contains("\nsdk: hands "), "{list}");
    let readme = std::fs::read_to_string(recipes.join("README.md")).unwrap();
    for recipe in Implementation::<ClientRecipe>::all().map(|client| client.recipe().clone()) {
        let (name, version, licence) = (&recipe.name, &recipe.version, &recipe.licence);
        let row = format!(
            "\n| [{name}]({name}/implementation.toml) | {version} | {licence} | {} | ",
            recipe.role.layer.name()
        );
        assert!(readme.contains(&row), "the README has no row of {name} as its recipe is: {row}");
    }
    for name in &clients {
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(name)), "{list}");
    }
    let servers = names(&folder, &["implementations"]);
    assert!(servers.contains(&"emulator".to_owned()) && !servers.contains(&"clients".to_owned()), "{servers:?}");
    assert!(!servers.iter().any(|server| clients.contains(server)), "{servers:?}");
}

#[test]
fn a_client_is_no_server_and_a_server_no_client() {
    let folder = Folder::with("kinds", "true");
    let wanted = "a client, and a server is wanted here; `cogspec clients` is for clients";
    for args in
        [&["run", "--implementation", "./stub"][..], &["matrix", "./stub"], &["implementations", "show", "./stub"]]
    {
        ends(&folder.output(args), 2, &["stub/implementation.toml is the recipe of ", wanted]);
    }
    for command in ["show", "install"] {
        let wanted = "it is a server, and a client is wanted here: `cogspec clients list` lists those";
        ends(&folder.output(&["clients", command, "emulator"]), 2, &[wanted]);
    }
    ends(&folder.output(&["clients", "show", "stub"]), 2, &["no client has that name", "write ./stub"]);
    ends(&folder.output(&["clients", "show", "nobody"]), 2, &["`cogspec clients list` lists them"]);
    folder.write("stub/implementation.toml", &format!("{HEAD}implements = true\n[adapter]\ncommand = \"sh\"\n"));
    let wrong = ["is not a recipe", "line 9: `implements` is not known here", "line 11: `command` is not a list"];
    ends(&folder.output(&["clients", "show", "./stub"]), 2, &wrong);
}

#[test]
fn a_client_is_shown_with_the_way_to_talk_to_it_by_hand() {
    let folder = Folder::new("show");
    let recipe = format!(
        "{HEAD}[install]\nsteps = [[\"true\"]]\nshows = \"adapter\"\n[adapter]\ncommand = [\"{{prefix}}/adapter\", \"{{data}}\", \
         \"{{version}}\"]\nenv = {{ A = \"b c\" }}\n"
    );
    folder.write("stub/implementation.toml", &recipe);
    let show = stdout(&folder.output(&["clients", "show", "./stub"]));
    for part in [
        "layer = \"sdk\"\n",
        "#   cogspec clients install ./stub\n",
        "#   A='b c' ",
        "/cache/implementations/stub-1.0/adapter . 1.0\n",
    ] {
        assert!(show.contains(part), "{part}: {show}");
    }
}

#[test]
fn clients_are_installed_one_after_another_and_examples_are_not() {
    let folder = Folder::new("install");
    for name in ["one", "two"] {
        std::fs::create_dir(folder.path(name)).unwrap();
        let recipe = format!(
            "{}[install]\nsteps = [[\"cp\", \"{{recipe}}/adapter.sh\", \"{{prefix}}/\"]]\nshows = \"adapter.sh\"\n[adapter]\ncommand = \
             [\"sh\", \"{{prefix}}/adapter.sh\"]\n",
            HEAD.replace("stub", name)
        );
        folder.write(&format!("{name}/implementation.toml"), &recipe);
        folder.write(&format!("{name}/adapter.sh.in"), "read -r line");
    }
    let installed = folder.output(&["clients", "install", "./one", "./two"]);
    ends(&installed, 0, &["installing Stub 1.0 into ", "Stub 1.0 is installed"]);
    assert_eq!(stdout(&installed).matches("Stub is in ").count(), 2, "{}", stdout(&installed));
    for name in ["one", "two"] {
        assert!(folder.path(&format!("cache/implementations/{name}-1.0/adapter.sh")).exists());
    }
    let recipe = folder.read("two/implementation.toml").replace("layer =", "not-run-here = \"no runtime\"\nlayer =");
    folder.write("two/implementation.toml", &recipe);
    let refused = ["was not run: no runtime", "`cogspec clients show two` tells"];
    ends(&folder.output(&["clients", "install", "./one", "./two"]), 2, &refused);
    ends(&folder.output(&["clients", "install"]), 2, &["NAME|FOLDER"]);
}
