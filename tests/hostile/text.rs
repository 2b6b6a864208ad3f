//! Text that would steer a terminal, break a page, or pass for another report.

use serde_json::json;

use crate::act::send;
use crate::run::FORGED;
use crate::table::{RIGHT, answer, hold, hostile, large, with_headers};

/// Sets colours and the title, clears the screen, rings, goes back over what was written; in one byte and in two.
const ESCAPES: &str = "\u{1b}[31m\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}1A\u{9d}8;;http://evil.example\u{9c}\r\u{8}\u{7f}";

/// Turns the direction of what follows, hides, and breaks lines.
const BIDI: &str = "\u{202e}ssap\u{202c}\u{2066}\u{200f}\u{61c}\u{200b}\u{2028}\u{feff}";

/// Would close whatever a report puts it into.
const MARKUP: &str = "</td></script><script>alert(1)</script><!--]]>\"'&lt;<?xml?>`$(id)`";

fn error(name: &str, message: &str) -> Vec<u8> {
    json!({ "__type": name, "message": message }).to_string().into_bytes()
}

#[test]
fn steering_text() {
    let known = "InvalidParameterException";
    let named = format!("X-Amzn-ErrorType: {known}\r\n");
    let member = |name: &str| json!({ "__type": known, "message": "m", name: 1 }).to_string();
    let options = |name: &str| json!({ "CredentialCreationOptions": { name: { name: name } } }).to_string();
    hold(large(vec![
        hostile("text.escapes-in-message", known, vec![answer(400, error(known, ESCAPES))]),
        hostile("text.bidi-in-message", known, vec![answer(400, error(known, BIDI))]),
        hostile("text.markup-in-message", known, vec![answer(400, error(known, MARKUP))]),
        hostile(
            "text.lines-in-message",
            known,
            vec![answer(400, error(known, &format!("m\n\n{FORGED}\n\r\n{FORGED}\u{85}{FORGED}\u{2028}{FORGED}")))],
        ),
        hostile("text.large-message", known, vec![answer(400, error(known, &"long ".repeat(50_000)))]),
        hostile("text.large-message-of-escapes", known, vec![answer(400, error(known, &"\u{1b}".repeat(40_000)))]),
        hostile("text.escapes-in-error", "unknown:a\\u{1b}[31mb", vec![answer(400, error("a\u{1b}[31mb", "m"))]),
        hostile(
            "text.bidi-in-error",
            "unknown:a\\u{202e}b\\u{61c}",
            vec![answer(400, error("a\u{202e}b\u{61c}", "m"))],
        ),
        hostile("text.markup-in-error", "unknown:<b>x</b>", vec![answer(400, error("<b>x</b>", "m"))]),
        hostile("text.escapes-in-member", known, vec![answer(400, member(ESCAPES))]),
        hostile("text.escapes-in-options", "success", vec![answer(200, options(ESCAPES))]),
        hostile("text.bidi-in-options", "success", vec![answer(200, options(BIDI))]),
        hostile("text.markup-in-options", "success", vec![answer(200, options(MARKUP))]),
        hostile(
            "text.bidi-in-request-id",
            known,
            vec![with_headers(400, &format!("{named}X-Amzn-RequestId: {BIDI}\r\n"), RIGHT)],
        ),
        hostile("text.bidi-in-header", known, vec![with_headers(400, &format!("X-{}: {BIDI}\r\n", "A"), RIGHT)]),
        hostile(
            "text.html-page",
            "not-aws-json:html",
            vec![answer(404, format!("<!DOCTYPE html><html><title>{ESCAPES}{MARKUP}</title></html>"))],
        ),
        hostile(
            "text.xml-page",
            "not-aws-json:xml",
            vec![answer(404, format!("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"{BIDI}\">]><a>&b;</a>"))],
        ),
    ]));
}

#[test]
fn encodings() {
    let utf16 = |bom: &[u8]| [bom, &RIGHT.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
    let broken =
        [br#"{"__type":"InvalidParameterException","message":""#, &b"\xff\xfe\xc0\x80\xed\xa0\x80"[..], b"\"}"]
            .concat();
    hold(large(vec![
        hostile("text.utf-16", "not-aws-json:not-json", vec![answer(400, utf16(b""))]),
        hostile("text.utf-16-with-mark", "not-aws-json:not-json", vec![answer(400, utf16(b"\xff\xfe"))]),
        hostile("text.byte-order-mark", "not-aws-json:not-json", vec![answer(400, format!("\u{feff}{RIGHT}"))]),
        hostile("text.not-utf-8", "not-aws-json:not-json", vec![answer(400, broken)]),
        hostile("text.nul-bytes", "not-aws-json:not-json", vec![answer(400, vec![0; 4096])]),
        hostile("text.empty-200", "not-aws-json:empty", vec![send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]),
        hostile("text.empty-204", "not-aws-json:empty", vec![send("HTTP/1.1 204 No Content\r\n\r\n")]),
    ]));
}
