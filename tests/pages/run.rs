//! The page of a run, as a person uses it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use cogspec::emulator::{Config, Emulator, Fault};
use serde_json::json;

use crate::chromium::Chromium;
use crate::{path, sample, write};

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

const BASELINE: &str = r#"
version = 1

[known."token.signature.empty"]
fingerprint = ["token.signature: success (200)"]
reason = "signatures are not looked at yet"
link = "https://example.com/issues/17"
expires = 2026-01-01

[known."token.signature.all-zero"]
fingerprint = ["token.signature: InternalErrorException (500)"]
reason = "it answers with 500"

[known."token.scope.missing"]
fingerprint = ["token.scope: success (200)"]
reason = "scopes were not looked at before 1.2"
"#;

/// The page of a real run, which several tests look at; its results are beside it.
pub(crate) fn real_run() -> PathBuf {
    static PAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        judge("real", &["--filter", "token.signature.*", "--filter", "token.scope.*", "--filter", "errors.*"])
    });
    PAGE.clone()
}

/// Has the command judge an emulator that does not verify signatures, held against a baseline.
fn judge(name: &str, options: &[&str]) -> PathBuf {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let fault = Fault::all().find(|fault| fault.name == "token.signature.not-verified");
    let emulator = runtime.block_on(Emulator::start(Config { fault, ..Config::default() })).unwrap();
    let (page, folder) = (path(&format!("{name}.html")), path(name));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("baseline.toml"), BASELINE).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(["run", "--endpoint", &emulator.endpoint(), "--snapshots", "cognito"]).args(options);
    command.current_dir(&folder).args(["--baseline", "baseline.toml", "--report", &format!("html={}", page.display())]);
    command.args(["--report", &format!("json={}", page.with_extension("json").display())]);
    let output = command.env("NO_COLOR", "1").output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_dir_all(folder).unwrap();
    page
}

/// The picture in the documentation, with the fonts of this machine.
#[test]
#[ignore = "makes docs/images/report.png anew: cargo test --test pages picture -- --ignored"]
fn picture() {
    let chromium = Chromium::start("the picture").expect("Chromium and ChromeDriver");
    let page = judge("picture", &[]);
    chromium.size(1280, 1300);
    chromium.open(&page, "");
    let shot = chromium.chrome("Page.captureScreenshot", &json!({ "format": "png" }));
    let picture = data_encoding::BASE64.decode(shot["data"].as_str().unwrap().as_bytes()).unwrap();
    let images = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/images");
    std::fs::create_dir_all(images).unwrap();
    std::fs::write(format!("{images}/report.png"), picture).unwrap();
}

#[test]
fn a_real_run_is_told_and_asks_no_server() {
    let Some(chromium) = Chromium::start("the page of a real run") else { return };
    chromium.open(&real_run(), "");
    let text = chromium.js("return document.body.innerText");
    let text = text.as_str().unwrap();
    for told in [
        "Failed",
        "Exit code 1: a MUST was broken, or what --fail-on names.",
        "The signature is verified with the pool's key over header and claims as they came.",
        "documented written by AWS, Smithy, the W3C or in an RFC:",
        "a refusal: NotAuthorizedException",
        "signatures are not looked at yet",
        "https://example.com/issues/17",
        "cogspec run --endpoint http://127.0.0.1:",
    ] {
        assert!(text.contains(told), "{told} is not in {text}");
    }
    assert_eq!(chromium.console(), [""; 0]);
    assert_eq!(chromium.requests(), [""; 0]);
}

#[test]
fn search_and_filters_show_what_they_say() {
    let Some(chromium) = Chromium::start("search in the page of a run") else { return };
    let page = write("search.html", &sample::run("something"));
    chromium.open(&page, "");
    let state = || {
        chromium.js(
            "const shown = (selector) => [...document.querySelectorAll(selector)].filter((e) => !e.closest('[hidden]')).length;
             return [document.getElementById('matches').textContent, shown('#cases tbody tr'), shown('details.case'), location.hash];",
        )
    };
    assert_eq!(state(), json!(["14 cases", 14, 13, ""]));
    // `/` goes to the search from anywhere, and what is typed there is found in answers, too.
    chromium.press("/");
    chromium.press("signature.flip");
    assert_eq!(state(), json!(["1 of 14 cases", 1, 1, "#q=signature.flip"]));
    assert_eq!(chromium.js("return document.querySelector('#fail h2 .count').textContent"), "1 of 4");
    assert_eq!(chromium.js("return document.getElementById('warn').hidden"), true);
    chromium.press(ESCAPE);
    assert_eq!(state(), json!(["14 cases", 14, 13, ""]));
    assert_eq!(chromium.js("return document.querySelectorAll('[data-opened]').length"), 0);
    for (selector, wanted) in [
        ("input[value=fail]", json!(["4 of 14 cases", 4, 4, "#verdict=fail"])),
        ("input[value=known]", json!(["5 of 14 cases", 5, 5, "#verdict=fail&verdict=known"])),
        (
            "select[name=theme] option[value=token]",
            json!(["5 of 14 cases", 5, 5, "#verdict=fail&verdict=known&theme=token"]),
        ),
        (
            "select[name=level] option[value=MAY]",
            json!(["0 of 14 cases", 0, 0, "#verdict=fail&verdict=known&theme=token&level=MAY"]),
        ),
        ("#clear", json!(["14 cases", 14, 13, ""])),
    ] {
        chromium.click(selector);
        chromium.wait(&format!("location.hash === {}", wanted[3]));
        assert_eq!(state(), wanted, "{selector}");
    }
    // A link brings the search with it, and a number of the table of themes is one.
    chromium.open(&page, "q=state&verdict=skip");
    assert_eq!(state(), json!(["2 of 14 cases", 2, 2, "#q=state&verdict=skip"]));
    assert_eq!(chromium.js("return document.getElementById('q').value"), "state");
    chromium.open(&page, "");
    chromium.click("table.themes td[data-theme=token][data-verdict=fail] a");
    chromium.wait("document.getElementById('matches').textContent === '4 of 14 cases'");
    assert_eq!(chromium.console(), [""; 0]);
    std::fs::remove_file(page).unwrap();
}

#[test]
fn a_link_to_a_case_opens_it() {
    let Some(chromium) = Chromium::start("links in the page of a run") else { return };
    let page = write("links.html", &sample::run("something"));
    for id in ["token.scope.missing", "state.two", "request.drifts", "request.plain", "request.drifts-softly"] {
        chromium.open(&page, &format!("case-{id}"));
        chromium.wait("document.activeElement !== document.body");
        let seen = chromium.js(&format!(
            "const element = document.getElementById('case-{id}'), box = element.getBoundingClientRect();
             return [element.checkVisibility(), element.open ?? true, box.top >= 0 && box.top < innerHeight, element.contains(document.activeElement)];"
        ));
        assert_eq!(seen, json!([true, true, true, true]), "{id}");
    }
    // Every link within the page leads somewhere, once.
    let lost = chromium.js(
        "const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
         const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
         const inner = [...document.links].map((link) => link.getAttribute('href')).filter((href) => href.startsWith('#') && !href.includes('='));
         return [twice, inner.filter((href) => !document.getElementById(href.slice(1)))];",
    );
    assert_eq!(lost, json!([[], []]));
    std::fs::remove_file(page).unwrap();
}

#[test]
fn the_keyboard_is_enough() {
    let Some(chromium) = Chromium::start("the keyboard in the page of a run") else { return };
    let page = write("keyboard.html", &sample::run("something"));
    chromium.open(&page, "");
    chromium.press(TAB);
    assert_eq!(chromium.js("return document.activeElement.textContent"), "Skip to the results");
    chromium.press(ENTER);
    assert_eq!(chromium.js("return document.activeElement.id"), "main");
    // From there through the controls to the first failure, with the focus always in sight.
    let mut names = Vec::new();
    for _ in 0..40 {
        chromium.press(TAB);
        let focus = chromium.js(
            "const e = document.activeElement, box = e.getBoundingClientRect();
             const style = getComputedStyle(e.matches('.verdicts input') ? e.parentElement : e);
             const isSeen = style.outlineStyle !== 'none' && box.bottom > 0 && box.top < innerHeight;
             return [e.name || e.id || e.closest('details')?.id || e.textContent, isSeen, e.matches('.case > summary')];",
        );
        assert_eq!(focus[1], true, "{focus}");
        names.push(focus[0].as_str().unwrap().to_owned());
        if focus[2] == true {
            break;
        }
    }
    assert_eq!(names[..3], ["q", "verdict", "verdict"], "{names:?}");
    assert!(names.contains(&"theme".to_owned()) && names.contains(&"evidence".to_owned()), "{names:?}");
    assert_eq!(names.last().unwrap(), "case-response.bug");
    chromium.press(ENTER);
    chromium.wait("document.getElementById('case-response.bug').open");
    std::fs::remove_file(page).unwrap();
}

#[test]
fn commands_are_copied() {
    let Some(chromium) = Chromium::start("copying from the page of a run") else { return };
    let page = write("copy.html", &sample::run("<b>\"it's\"</b>"));
    let curl =
        r#"curl -sS -i 'http://127.0.0.1:4000/' --data-binary '{"AccessToken":"'"$ACCESS_TOKEN"'"}' <b>"it's"</b>"#;
    // With the clipboard's own interface, and without the permission to use it.
    for permission in ["granted", "denied"] {
        chromium.chrome(
            "Browser.setPermission",
            &json!({ "permission": { "name": "clipboard-write" }, "setting": permission }),
        );
        chromium.open(&page, "case-token.signature.flipped");
        chromium.js(
            "window.written = []; document.addEventListener('copy', () => written.push(document.activeElement.value));
             const own = navigator.clipboard.writeText.bind(navigator.clipboard);
             navigator.clipboard.writeText = (text) => own(text).then(() => { written.push(text); });",
        );
        chromium.click("#case-token\\.signature\\.flipped .exchange .copy");
        chromium.wait(
            "document.querySelector('#case-token\\\\.signature\\\\.flipped .exchange .copy').textContent === 'Copied'",
        );
        assert_eq!(chromium.js("return written"), json!([curl]), "{permission}");
        assert_eq!(chromium.js("return document.getElementById('announced').textContent"), "Copied.");
    }
    std::fs::remove_file(page).unwrap();
}

#[test]
fn it_is_read_without_a_script_and_on_a_phone() {
    let Some(chromium) = Chromium::start("the page of a run on a phone") else { return };
    let page = real_run();
    for (scheme, width) in [("dark", 360), ("light", 360), ("dark", 1280)] {
        chromium.prefers(scheme);
        chromium.size(width, 740);
        chromium.open(&page, "");
        let seen = chromium.js("for (const folded of document.querySelectorAll('details')) folded.open = true;
             const [r] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g);
             return [document.documentElement.scrollWidth <= innerWidth, Number(r) < 128];");
        assert_eq!(seen, json!([true, scheme == "dark"]));
    }
    chromium.chrome("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    chromium.open(&page, "");
    let seen = chromium.js(
        "const details = document.querySelector('#fail details.case');
         return [document.querySelector('.controls').checkVisibility(), document.querySelector('.copy').checkVisibility(),
                 document.querySelectorAll('#cases tbody tr').length > 50, details.open];",
    );
    assert_eq!(seen, json!([false, false, true, false]));
    chromium.click("#fail details.case > summary");
    assert_eq!(chromium.js("return document.querySelector('#fail details.case .exchange').checkVisibility()"), true);
}
