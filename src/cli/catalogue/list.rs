//! The list of implementations.

use std::io::Write;

use serde_json::{Value, json};

use super::Listed;
use crate::cli::rules::{BOLD, DIM};
use crate::cli::{Exit, Failure, Format, Out};
use crate::implementation::{Cache, Implementation, Last};
use crate::run::Verdict;

pub(in crate::cli) fn list<R: Listed>(format: Format) -> Result<Exit, Failure> {
    // A machine without a place for them has none installed.
    let cache = Cache::find().ok();
    let rows: Vec<Row<R>> = Implementation::all().map(|of| Row::new(of, cache.as_ref())).collect::<Result<_, _>>()?;
    let mut out = Out::stdout();
    match format {
        Format::Text => out.write_all(table(&rows).as_bytes())?,
        Format::Json => writeln!(out, "{:#}", rows.iter().map(Row::to_json).collect::<Value>())?,
    }
    Ok(Exit::Held)
}

struct Row<R> {
    of: Implementation<R>,
    installed: bool,
    last: Option<Last>,
}

impl<R: Listed> Row<R> {
    fn new(of: Implementation<R>, cache: Option<&Cache>) -> Result<Self, Failure> {
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
        [recipe.name.clone(), recipe.version.clone(), recipe.licence.clone(), R::cell(recipe), installed.to_owned()]
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
            R::OWN.1: R::value(recipe),
            "not_run_here": recipe.not_run_here,
            "needs_installation": recipe.install.is_some(),
            "installed": self.installed,
            "last": self.last,
        })
    }
}

fn table<R: Listed>(rows: &[Row<R>]) -> String {
    let heads = ["name", "version", "licence", R::OWN.0, "installed"];
    let cells: Vec<[String; 5]> = rows.iter().map(Row::cells).collect();
    let widths: [usize; 5] = std::array::from_fn(|column| {
        cells.iter().map(|row| row[column].len()).chain([heads[column].len()]).max().unwrap_or_default()
    });
    let line = |cells: [&str; 5], last: &str| {
        let cells: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}  {last}", cells.join("  ")).trim_end().to_owned()
    };
    let mut text = format!("{BOLD}{}{BOLD:#}\n", line(heads, "last run"));
    for (row, cells) in rows.iter().zip(&cells) {
        text.push_str(&line(cells.each_ref().map(String::as_str), &told(row.last.as_ref())));
        text.push('\n');
    }
    text.push_str(&format!("\n{DIM}{}{DIM:#}\n", R::FOOT));
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
