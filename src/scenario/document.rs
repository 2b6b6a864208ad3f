//! Creation options, good and bad: the documents that browsers were asked about, and forms of JSON that every one may have.

use serde::Deserialize;
use serde_json::Value;

use super::build::{output, served};
use super::{Demand, Layer, Outcome, Reply, Scenario, What};
use crate::browser::fitting_origin;
use crate::cognito::Rule;
use crate::cognito::rules::client as rules;
use crate::generate::options::Base;

/// Documents one place away from a good one, which browsers were asked about.
const ROWS: &str = include_str!("../../tests/data/documents/creation-options.jsonl");

/// A line of [`ROWS`]; CONTRIBUTING.md describes it.
#[derive(Deserialize)]
struct Row {
    id: String,
    title: String,
    verdict: String,
    rules: Vec<String>,
    chromium: String,
    firefox: Option<String>,
    origin: Option<String>,
    text: String,
}

pub(super) fn scenarios() -> Vec<Scenario> {
    // That each line can be read is what the tests of the data are there for.
    let rows = ROWS.lines().filter_map(|line| serde_json::from_str(line).ok());
    // Where an authenticator has to refuse, a browser waits for as long as the options let it, which is five minutes.
    let rows = rows.filter(|row: &Row| row.chromium != "create NotAllowedError");
    rows.map(of_row).chain(forms()).collect()
}

/// A document that browsers were asked about. To an SDK any JSON value is a document. A client that reads it as options must
/// accept what is right and what both browsers make a passkey of, and refuse what is wrong and what both refuse.
fn of_row(row: Row) -> Scenario {
    let id = format!("document.{}", in_lower_case(&row.id));
    let scenario = Scenario::new(id, format!("Options: {}", row.title), vec![Reply::new(200, output(&row.text))]);
    let origin = row.origin.clone().unwrap_or_else(|| fitting_origin(row.text.as_bytes()));
    let value = strict(&row.text);
    let is_twice = row.rules.iter().any(|rule| rule == "options.json.duplicate-member");
    let of_sdk = |rule, what| Demand::new(rule, what).of(Layer::Sdk);
    let scenario = match value.clone() {
        // The output has no options then, which is open.
        Some(Value::Null) => scenario.demand(of_sdk(&rules::OPTIONS_UNHARMED, What::Options(vec![Value::Null]))),
        Some(value) => scenario
            .demand(of_sdk(&rules::SUCCESS_JSON, What::Outcome(&[Outcome::Success])))
            .demand(of_sdk(&rules::OPTIONS_UNHARMED, What::Options(vec![value]))),
        // A parser may read more than JSON, and other values out of what is read in several ways (RFC 8259, 9 and 8.2).
        None => match serde_json::from_str(&row.text) {
            Ok(read) if !is_twice => {
                scenario.demand(of_sdk(&rules::OPTIONS_UNHARMED, What::Options(vec![read, Value::Null])))
            }
            _ => scenario,
        },
    };
    let of_webauthn = |rule, what| Demand::new(rule, what).of(Layer::Webauthn);
    let firefox = row.firefox.as_deref().unwrap_or(&row.chromium);
    let browsers = [row.chromium.as_str(), firefox];
    let scenario = match (value, refusal(&row)) {
        (Some(value), None)
            if row.verdict == "accept" && browsers == ["made"; 2] && !is_left_to_others(&row, &origin) =>
        {
            scenario
                .demand(of_webauthn(&rules::OPTIONS_ACCEPTED, What::Outcome(&[Outcome::Success])))
                .demand(of_webauthn(&rules::OPTIONS_UNCHANGED, What::Options(vec![value])))
        }
        (_, Some(rule)) if browsers.iter().all(|browser| is_refused(browser)) => {
            scenario.demand(of_webauthn(rule, What::Outcome(&[Outcome::Error, Outcome::Failure])))
        }
        _ => scenario,
    };
    scenario.on(origin)
}

/// Whether right options may be refused for something that is not in them: a user who is too slow, an authenticator without a
/// blob, a client that has no passkeys for pages of localhost.
fn is_left_to_others(row: &Row, origin: &str) -> bool {
    ["timeout.zero", "extensions.large-blob.required"].contains(&row.id.as_str()) || origin.ends_with("//localhost")
}

/// The rule by which a client refuses a wrong document: what `create()` itself refuses and what lacks a member is to be refused
/// by every client, and what is of another type by those that read as strictly as Web IDL. Extensions are ignored by clients
/// that do not have them.
fn refusal(row: &Row) -> Option<&'static Rule> {
    let is_broken = |by: &[&str]| row.rules.iter().any(|rule| by.iter().any(|by| rule.starts_with(by)));
    if row.verdict == "accept" || is_broken(&["options.extensions."]) {
        None
    } else if is_broken(&[
        "options.rp-id.url",
        "options.rp-id.ip-address",
        "options.rp-id.domain",
        "options.rp-id.empty",
        "options.rp-id.origin",
        "options.rp-id.public-suffix",
        "options.user.id.length",
        "options.params.none-usable",
        "options.object",
        "options.member.case",
    ]) || row.rules.iter().any(|rule| rule.ends_with(".required"))
    {
        Some(&rules::OPTIONS_REFUSED)
    } else {
        Some(&rules::OPTIONS_STRICT)
    }
}

/// An id with the names of members in it as ids have words.
fn in_lower_case(id: &str) -> String {
    id.chars().fold(String::new(), |id, c| {
        if c.is_ascii_uppercase() {
            format!("{id}-{}", c.to_ascii_lowercase())
        } else {
            id + c.encode_utf8(&mut [0; 4])
        }
    })
}

/// Whether a browser refuses the document as WebAuthn tells it to; not because its authenticators have no such key.
fn is_refused(browser: &str) -> bool {
    !matches!(browser, "made" | "mended") && !browser.ends_with("NotAllowedError") && !browser.ends_with("RangeError")
}

/// The value, of a text that every parser reads alike: JSON, without members twice.
fn strict(text: &str) -> Option<Value> {
    let found = crate::options::check(text.as_bytes(), &Base::Cognito.context());
    let is_json = !found.iter().any(|finding| finding.rule.id.starts_with("options.json."));
    is_json.then(|| serde_json::from_str(text).ok()).flatten()
}

/// The same options in other forms of JSON, and values that are no options.
fn forms() -> Vec<Scenario> {
    let own = Base::Cognito.text();
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let pretty = serde_json::to_string_pretty(Base::Cognito.document()).unwrap_or_default();
    let deep =
        |levels: usize| own.replacen('{', &format!("{{\"deep\":{}{},", "[".repeat(levels), "]".repeat(levels)), 1);
    let more = |members: &str| own.replacen('{', &format!("{{{members},"), 1);
    let mut all = vec![served_as("document.form.plain", "The options as Cognito sends them.", own.to_owned())];
    for (what, words, text) in [
        ("pretty", "Over many lines.", pretty.replace('\n', "\r\n\t")),
        (
            "escapes",
            "Names and texts are written with escapes.",
            own.replace("rp", "\\u0072p").replace("james", "\\u006aam\\u0065s"),
        ),
        ("slashes", "A slash is written with an escape.", more(r#""hint":"a\/b""#)),
        (
            "unicode",
            "Names are in other scripts.",
            own.replace("\"displayName\":\"\"", "\"displayName\":\"Ada \u{1f9ee} 愛\""),
        ),
        (
            "surrogates",
            "A letter is written as two escapes.",
            own.replace("\"displayName\":\"\"", r#""displayName":"\ud83e\uddee""#),
        ),
        ("exponent", "A number has an exponent.", own.replace("60000", "6e4")),
        ("fraction", "A number has a fraction of nought.", own.replace("60000", "60000.0")),
        ("unknown", "There are members that nobody knows.", more(r#""zone":{"a":[1,2.5,null,true,"b"],"":{}}"#)),
        (
            "type-member",
            "There is a member `__type`.",
            more(r#""__type":"NotAuthorizedException","code":"x","message":"y""#),
        ),
        ("deep-100", "A member is nested 100 times.", deep(100)),
    ] {
        all.push(served_as(&format!("document.form.{what}"), words, text));
    }
    // What many parsers do not read, or read with another value.
    for (what, words, text) in [
        ("deep-500", "A member is nested 500 times.", deep(500)),
        ("deep-10000", "A member is nested 10,000 times.", deep(10_000)),
        ("large-integer", "A number is larger than a float holds exactly.", more(r#""n":9007199254740993"#)),
        ("huge-number", "A number is larger than any float.", more(r#""n":1e999"#)),
        ("long-fraction", "A number has more digits than a float.", more(r#""n":0.12345678901234567890123456789"#)),
        ("negative-zero", "A number is a negative nought.", more(r#""n":-0"#)),
        ("twice", "A member stands twice.", more(r#""timeout":1"#)),
        ("prototype", "There is a member `__proto__`.", more(r#""__proto__":{"polluted":true}"#)),
        ("lone-surrogate", "A text has an unpaired surrogate.", more(r#""n":"\ud83d""#)),
    ] {
        let id = format!("document.form.{what}");
        all.push(Scenario::new(id, words, vec![Reply::new(200, output(&text))]));
    }
    let large = more(&format!(r#""large":"{}""#, "a".repeat(1 << 18)));
    all.push(served_as("document.form.large", "A member has 256 KiB.", large));
    for (what, text) in [
        ("string", r#""{\"challenge\":\"AA\"}""#),
        ("array", "[1,2]"),
        ("number", "17"),
        ("false", "false"),
        ("empty", "{}"),
    ] {
        let id = format!("document.value.{what}");
        let title = format!("In the place of options is {text}.");
        let scenario = Scenario::new(id, title, vec![Reply::new(200, output(text))]).options(vec![read(text)]);
        let sdk = Demand::new(&rules::SUCCESS_JSON, What::Outcome(&[Outcome::Success])).of(Layer::Sdk);
        let refused = What::Outcome(&[Outcome::Error, Outcome::Failure]);
        all.push(scenario.demand(sdk).demand(Demand::new(&rules::OPTIONS_REFUSED, refused).of(Layer::Webauthn)));
    }
    let again = Scenario::success("document.again", "The options are served.", served(), &rules::SUCCESS, &read(own));
    all.push(again);
    all
}

/// Options in a form that every client reads.
fn served_as(id: &str, words: &str, text: String) -> Scenario {
    let value = serde_json::from_str(&text).unwrap_or_default();
    let reply = Reply::new(200, output(&text));
    let scenario = Scenario::success(id, format!("Options: {words}"), reply, &rules::SUCCESS_JSON, &value);
    let accepted = Demand::new(&rules::OPTIONS_ACCEPTED, What::Outcome(&[Outcome::Success]));
    scenario.demand(accepted.of(Layer::Webauthn))
}
