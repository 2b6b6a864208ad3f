//! What a server says is text, and nothing else.

use serde_json::{Value, json};

use crate::chromium::Chromium;
use crate::{sample, write};

/// Texts that break out of markup, scripts, styles and attributes, or that hide or reorder what stands beside them.
pub(crate) const HOSTILE: [&str; 12] = [
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "\" onmouseover=\"window.pwned=1\" onfocus=\"window.pwned=1\" x=\"",
    "' autofocus onfocus='window.pwned=1",
    "</style><style>*{display:none}</style><svg onload=window.pwned=1>",
    "<!-- ]]> --!> <![CDATA[",
    "</code></pre></details></section></main>",
    "javascript:window.pwned=1",
    "\u{202e}evil\u{2066}\u{200f}\u{feff}",
    "\u{0}\u{7}\u{1b}[2J\r",
    r"\ud800 &lt;b&gt; &#60;i&#62;",
    "`unpaired",
];

/// What became of hostile texts on the page, once everything is opened and was touched. In `place` one is to be read.
pub(crate) fn seen(chromium: &Chromium, place: &str) -> Value {
    let script = r#"
        for (const folded of document.querySelectorAll('details')) folded.open = true;
        for (const element of document.querySelectorAll('*')) {
            element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
            element.focus?.();
        }
        const attributes = [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]);
        const text = document.body.innerText;
        return {
            scripts: document.scripts.length,
            styles: document.querySelectorAll('style').length,
            images: document.querySelectorAll('img, iframe, object, embed').length,
            handlers: attributes.filter((attribute) => attribute.name.startsWith('on')).length,
            schemes: [...new Set([...document.links].map((link) => new URL(link.href).protocol))].sort(),
            last: [...document.body.children].at(-2).tagName,
            sections: document.querySelectorAll('main > section').length,
            shown: document.querySelector('PLACE').innerText.includes('<img src=x onerror=window.pwned=1>'),
            invisible: (text.match(/[\u0000-\u0008\u000b-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g) ?? []).length,
            escaped: text.includes('\\u{202e}evil\\u{2066}'),
            pwned: window.pwned ?? null,
        };"#;
    chromium.js(&script.replace("PLACE", place))
}

#[test]
fn nothing_that_a_server_says_runs_or_hides() {
    let Some(chromium) = Chromium::start("hostile texts in a page") else { return };
    for (name, text) in [("hostile.html", HOSTILE.join(" ")), ("hostile-lines.html", HOSTILE.join("\n"))] {
        let page = write(name, &sample::run(&text));
        chromium.open(&page, "");
        let seen = seen(&chromium, "#fail");
        let wanted = json!({
            "scripts": 1, "styles": 1, "images": 0, "handlers": 0, "schemes": ["file:", "https:"], "last": "FOOTER",
            "sections": 12, "shown": true, "invisible": 0, "escaped": true, "pwned": null,
        });
        assert_eq!(seen, wanted, "{name}");
        assert_eq!(chromium.console(), [""; 0], "{name}");
        assert_eq!(chromium.requests(), [""; 0], "{name}");
        std::fs::remove_file(page).unwrap();
    }
}

#[test]
fn long_lines_stay_in_their_boxes() {
    let Some(chromium) = Chromium::start("long lines in a page") else { return };
    let page = write("long.html", &sample::run(&"x".repeat(100_000)));
    let size = std::fs::metadata(&page).unwrap().len();
    assert!(size < 5_000_000, "{size} bytes: only the curl lines are whole");
    for width in [360, 1280] {
        chromium.size(width, 800);
        chromium.open(&page, "");
        let fits = chromium.js("for (const folded of document.querySelectorAll('details')) folded.open = true;
             return document.documentElement.scrollWidth <= innerWidth;");
        assert_eq!(fits, true, "{width} pixels");
    }
    std::fs::remove_file(page).unwrap();
}

/// The page's own policy would stop what the markup let through: a script that somebody adds does not run.
#[test]
fn the_policy_lets_nothing_else_run() {
    let Some(chromium) = Chromium::start("the policy of a page") else { return };
    let page = write("policy.html", &sample::run("x"));
    let text = std::fs::read_to_string(&page).unwrap();
    assert_eq!(text.matches("<footer>").count(), 1);
    let planted =
        "<footer><script>window.pwned=1</script><img src=x onerror=window.pwned=1><img src=http://127.0.0.1:9/>";
    std::fs::write(&page, text.replace("<footer>", planted)).unwrap();
    chromium.open(&page, "");
    assert_eq!(chromium.js("return [window.pwned ?? null, document.documentElement.className]"), json!([null, "js"]));
    let refused = chromium.console();
    assert!(
        refused.len() >= 3 && refused.iter().all(|line| line.to_string().contains("Content Security Policy")),
        "{refused:?}"
    );
    std::fs::remove_file(page).unwrap();
}
