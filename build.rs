//! Puts the snapshot profiles, the recipes of implementations and the fuzzer's seeds of the repository into the binary, so that it works from any folder.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=snapshots");
    println!("cargo::rerun-if-changed=implementations");
    println!("cargo::rerun-if-changed=corpus/emulator");
    println!("cargo::rerun-if-changed=corpus/sessions");
    println!("cargo::rerun-if-changed=corpus/ceremony");
    let variable = |name| env::var(name).map_err(io::Error::other);
    let (root, out) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    fs::write(Path::new(&out).join("profiles.rs"), profiles(&Path::new(&root).join("snapshots"))?)?;
    let servers = Path::new(&root).join("implementations");
    fs::write(Path::new(&out).join("servers.rs"), implementations(&servers, &[CLIENTS])?)?;
    fs::write(Path::new(&out).join("clients.rs"), implementations(&servers.join(CLIENTS), &[])?)?;
    let mut seeds = Vec::new();
    for target in ["emulator", "sessions", "ceremony"] {
        seeds.extend(entries(&Path::new(&root).join("corpus").join(target))?);
    }
    let seeds: String = seeds.into_iter().map(|(_, path)| format!("include_bytes!({path:?}),\n")).collect();
    fs::write(Path::new(&out).join("seeds.rs"), format!("&[\n{seeds}]"))
}

/// The folder of the recipes of clients, among those of servers.
const CLIENTS: &str = "clients";

/// A table of profiles, each with its snapshots.
fn profiles(folder: &Path) -> io::Result<String> {
    let mut table = String::from("&[\n");
    for (profile, path) in entries(folder)? {
        if !path.is_dir() {
            continue;
        }
        table.push_str(&format!("({profile:?}, &[\n"));
        for (file, path) in entries(&path)? {
            if let Some(case) = file.strip_suffix(".snap") {
                table.push_str(&format!("({case:?}, include_str!({path:?})),\n"));
            }
        }
        table.push_str("]),\n");
    }
    table.push(']');
    Ok(table)
}

/// A table of recipes, each with the files of its folder; these folders are none.
fn implementations(folder: &Path, others: &[&str]) -> io::Result<String> {
    let mut table = String::from("&[\n");
    for (name, path) in entries(folder)? {
        if path.is_dir() && !others.contains(&name.as_str()) {
            table.push_str(&format!("({name:?}, &[\n"));
            files(&path, "", &mut table)?;
            table.push_str("]),\n");
        }
    }
    table.push(']');
    Ok(table)
}

/// The files of a folder and of those in it, by their paths below it.
fn files(folder: &Path, below: &str, table: &mut String) -> io::Result<()> {
    for (name, path) in entries(folder)? {
        if path.is_dir() {
            files(&path, &format!("{below}{name}/"), table)?;
        } else {
            table.push_str(&format!("({:?}, include_bytes!({path:?})),\n", format!("{below}{name}")));
        }
    }
    Ok(())
}

/// What a folder holds, by name; nothing where there is no folder.
fn entries(folder: &Path) -> io::Result<Vec<(String, std::path::PathBuf)>> {
    let read = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let mut all = Vec::new();
    for entry in read {
        let entry = entry?;
        all.extend(entry.file_name().into_string().ok().map(|name| (name, entry.path())));
    }
    all.sort();
    Ok(all)
}
