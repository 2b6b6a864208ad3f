//! The page of the matrix, as a person uses it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::chromium::Chromium;
use crate::hostile::{HOSTILE, seen};
use crate::run::real_run;
use crate::{path, sample};

const ENTER: &str = "\u{E007}";

/// The page that the command writes of a real run, of a run in which everything happens with `text` in it, and of a server that
/// does not know the operation.
pub(crate) fn page(name: &str, text: &str) -> PathBuf {
    let page = path(name);
    let folder = page.with_extension("results");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(real_run().with_extension("json"), folder.join("unsigned.json")).unwrap();
    let mut run = sample::run(text);
    std::fs::write(folder.join("odd.json"), run.to_string()).unwrap();
    run["cases"] = json!([]);
    run["notices"] = json!([format!("it does not implement the operation: {text}")]);
    run["summary"]["interrupted"] = json!(false);
    std::fs::write(folder.join("none.json"), run.to_string()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(["matrix", "--report", &format!("html={}", page.display()), "--from"]).arg(&folder);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_dir_all(folder).unwrap();
    page
}

#[test]
fn the_grid_is_searched_and_filtered() {
    let Some(chromium) = Chromium::start("search in the page of the matrix") else { return };
    let page = page("grid.html", "something");
    chromium.open(&page, "");
    let state = || {
        chromium.js("const rows = [...document.querySelectorAll('#grid tbody tr')].filter((row) => !row.hidden);
             return [document.getElementById('matches').textContent.split(' ')[0] === String(rows.length), rows.length,
                     document.querySelectorAll('#grid details.theme[open]').length, location.hash];")
    };
    let all = state()[1].as_u64().unwrap();
    assert!(all > 60, "{all}");
    assert_eq!(state(), json!([true, all, 0, ""]));
    chromium.press("/");
    chromium.press("signature.empty");
    assert_eq!(state(), json!([true, 1, 1, "#q=signature.empty"]));
    let cells = chromium.js("return [...document.getElementById('case-token.signature.empty').cells].map((cell) => cell.innerText.split('\\n')[0])");
    assert_eq!(cells, json!(["token.signature.empty", "not known", "not run", "fail"]));
    chromium.open(&page, "verdict=fail&live=another+class");
    let [found, failed] = [state(), chromium.js("return [...document.querySelectorAll('#grid tbody tr:not([hidden])')].every((row) => row.innerText.includes('fail'))")];
    assert!(
        found[0] == true && found[1].as_u64() > Some(5) && found[1].as_u64() < Some(all) && failed == true,
        "{found}"
    );
    chromium.open(&page, "theme=state");
    assert_eq!(state(), json!([true, 3, 1, "#theme=state"]));
    chromium.click("#clear");
    chromium.wait("document.getElementById('clear').hidden");
    assert_eq!(state(), json!([true, all, 0, ""]));
    // No case was run with both: nothing differs.
    chromium.click("input[name=differ]");
    chromium.wait("location.hash === '#differ=yes'");
    assert_eq!(state(), json!([true, 0, 0, "#differ=yes"]));
    assert_eq!(chromium.console(), [""; 0]);
    assert_eq!(chromium.requests(), [""; 0]);
    std::fs::remove_file(page).unwrap();
}

#[test]
fn a_cell_explains_itself_to_the_keyboard_and_the_heads_stay_in_sight() {
    let Some(chromium) = Chromium::start("the keyboard in the page of the matrix") else { return };
    let page = page("cells.html", "something");
    chromium.open(&page, "case-token.signature.doubled");
    chromium.wait("document.activeElement.closest('tr')?.id === 'case-token.signature.doubled'");
    chromium.js("document.querySelector('#case-token\\\\.signature\\\\.doubled td:last-child summary').focus()");
    chromium.press(ENTER);
    let told = chromium.js("return document.activeElement.parentElement.innerText");
    for wanted in [
        "fail",
        "another class",
        "success",
        "a refusal: NotAuthorizedException",
        "- live Cognito",
        "400",
        "token.signature",
    ] {
        assert!(told.as_str().unwrap().contains(wanted), "{wanted} is not in {told}");
    }
    let sight = chromium.js(
        "const pane = document.activeElement.closest('.pane');
         pane.scrollTo(120, 900);
         const box = pane.getBoundingClientRect(), head = pane.querySelector('thead th').getBoundingClientRect();
         const names = [...pane.querySelectorAll('tbody th')].map((th) => Math.round(th.getBoundingClientRect().left - box.left));
         return [Math.round(head.top - box.top) <= 1, new Set(names).size, names[0]];",
    );
    assert_eq!(sight, json!([true, 1, 0]));
    std::fs::remove_file(page).unwrap();
}

#[test]
fn a_phone_scrolls_the_grid_and_not_the_page() {
    let Some(chromium) = Chromium::start("the page of the matrix on a phone") else { return };
    let page = page("phone.html", "something");
    for (scheme, width) in [("light", 360), ("dark", 360), ("light", 1280)] {
        chromium.prefers(scheme);
        chromium.size(width, 740);
        chromium.open(&page, "");
        let fits = chromium.js("for (const folded of document.querySelectorAll('details')) folded.open = true;
             return document.documentElement.scrollWidth <= innerWidth;");
        assert_eq!(fits, true, "{scheme}, {width} pixels");
    }
    std::fs::remove_file(page).unwrap();
}

#[test]
fn nothing_that_a_server_says_runs_in_the_matrix() {
    let Some(chromium) = Chromium::start("hostile texts in the matrix") else { return };
    let page = page("hostile-matrix.html", &HOSTILE.join(" "));
    chromium.open(&page, "");
    let wanted = json!({
        "scripts": 1, "styles": 1, "images": 0, "handlers": 0, "schemes": ["file:", "https:"], "last": "FOOTER",
        "sections": 7, "shown": true, "invisible": 0, "escaped": true, "pwned": null,
    });
    assert_eq!(seen(&chromium, "#grid"), wanted);
    assert_eq!(chromium.console(), [""; 0]);
    assert_eq!(chromium.requests(), [""; 0]);
    std::fs::remove_file(page).unwrap();
}
