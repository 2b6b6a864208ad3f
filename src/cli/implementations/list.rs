//! The list of implementations.

use std::io::Write;

use serde_json::{Value, json};

use crate::cli::rules::{BOLD, DIM};
use crate::cli::{Exit, Failure, Format, Out};
use crate::implementation::{Cache, Implementation, Last};
use crate::run::Verdict;

pub(super) fn list(format: Format) -> Result<Exit, Failure> {
    // A machine without a place for them has none installed.
    let cache = Cache::find().ok();
    let rows: Vec<Row> = Implementation::all().map(|of| Row::new(of, cache.as_ref())).collect::<Result<_, _>>()?;
    let mut out = Out::stdout();
    match format {
        Format::Text => out.write_all(table(&rows).as_bytes())?,
        Format::Json => writeln!(out, "{:#}", rows.iter().map(Row::to_json).collect::<Value>())?,
    }
    Ok(Exit::Held)
}

struct Row {
    of: Implementation,
    installed: bool,
    last: Option<Last>,
}

impl Row {
    fn new(of: Implementation, cache: Option<&Cache>) -> Result<Self, Failure> {
        let installed = cache.is_some_and(|cache| of.is_installed(cache));
        let last = of.last().map_err(|e| Failure::usage(e.to_string()))?;
        Ok(Row { of, installed, last })
    }

    fn cells(&self) -> [String; 5] {
        let recipe = self.of.recipe();
        let installed = match (&recipe.not_run_here, &recipe.install, self.installed) {
            (Some(_), _, _) => "not run here",
            (None, None, _) => "not needed",
            (None, Some(_), true) => "yes",
            (None, Some(_), false) => "no",
        };
        [
            recipe.name.clone(),
            recipe.version.clone(),
            recipe.licence.clone(),
            match (&recipe.not_run_here, recipe.implements) {
                (Some(_), _) => "not tried",
                (None, true) => "implemented",
                (None, false) => "not implemented",
            }
            .to_owned(),
            installed.to_owned(),
        ]
    }

    fn to_json(&self) -> Value {
        let recipe = self.of.recipe();
        json!({
            "name": recipe.name,
            "title": recipe.title,
            "version": recipe.version,
            "licence": recipe.licence,
            "language": recipe.language,
            "home": recipe.home,
            "implements": recipe.implements,
            "not_run_here": recipe.not_run_here,
            "needs_installation": recipe.install.is_some(),
            "installed": self.installed,
            "last": self.last,
        })
    }
}

const HEADS: [&str; 5] = ["name", "version", "licence", "operation", "installed"];

fn table(rows: &[Row]) -> String {
    let cells: Vec<[String; 5]> = rows.iter().map(Row::cells).collect();
    let widths: [usize; 5] = std::array::from_fn(|column| {
        cells.iter().map(|row| row[column].len()).chain([HEADS[column].len()]).max().unwrap_or_default()
    });
    let line = |cells: [&str; 5], last: &str| {
        let cells: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}  {last}", cells.join("  ")).trim_end().to_owned()
    };
    let mut text = format!("{BOLD}{}{BOLD:#}\n", line(HEADS, "last run"));
    for (row, cells) in rows.iter().zip(&cells) {
        text.push_str(&line(cells.each_ref().map(String::as_str), &told(row.last.as_ref())));
        text.push('\n');
    }
    text.push_str(&format!(
        "\n{DIM}the operation is StartWebAuthnRegistration; `cogspec run --implementation NAME` installs, starts, judges and stops \
         one{DIM:#}\n"
    ));
    text
}

fn told(last: Option<&Last>) -> String {
    let Some(last) = last else { return "none yet".to_owned() };
    let showed = match &last.not_judged {
        // The whole sentence is in its last.json; it repeats the column before.
        Some(why) => why.rsplit_once(": ").map_or(why.as_str(), |(_, answer)| answer).to_owned(),
        None => {
            let counts = last.counts();
            let some = Verdict::ALL.into_iter().filter(|verdict| counts.of(*verdict) > 0);
            some.map(|verdict| format!("{} {}", counts.of(verdict), verdict.name())).collect::<Vec<_>>().join(", ")
        }
    };
    format!("{}: {showed}", last.date)
}
