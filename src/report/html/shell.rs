//! The document around a page: its head, its policy, its style and script.

use super::parts;
use crate::suite::Side;
use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};

/// What a page is besides its body.
pub(super) struct Shell<'a> {
    pub(super) title: &'a str,
    /// The colour of the icon in the browser's tab, as SVG knows it.
    pub(super) icon: &'static str,
    pub(super) script: &'static str,
}

/// A part of the page that stands in its contents.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) lead: Option<&'static str>,
    pub(super) count: usize,
    pub(super) body: Markup,
}

/// The body: a head, then the sections beside their contents, below what searches them all.
pub(super) fn frame(
    side: Side,
    head: &Markup,
    controls: Option<&Markup>,
    sections: &[Section],
    cogspec: &str,
) -> Markup {
    html! {
        a.jump href="#main" { "Skip to the results" }
        header.top { (head) }
        div.columns {
            nav.contents aria-label="Sections" {
                ol {
                    @for section in sections {
                        li { a href={ "#" (section.id) } { (section.name) span.count { (parts::number(section.count)) } } }
                    }
                }
            }
            main #main tabindex="-1" {
                @if let Some(controls) = controls { (controls) }
                @for section in sections {
                    section id=(section.id) aria-labelledby={ (section.id) "-title" } {
                        h2 id={ (section.id) "-title" } {
                            (section.name) " " span.count { (parts::number(section.count)) }
                        }
                        @if let Some(lead) = section.lead { p.lead { (parts::sentence(lead)) } }
                        (section.body)
                    }
                }
                (parts::legend(side))
            }
        }
        footer { p { "Written by cogspec " (parts::shown(cogspec)) ". It holds no secrets of the run, and asks no server." } }
    }
}

/// The whole document. Its policy lets nothing be fetched, sent or run but the one style and the one script.
pub(super) fn page(shell: &Shell<'_>, body: &Markup) -> String {
    let (style, script) = (lines(include_str!("style.css")), lines(shell.script));
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(&style),
        hash(&script)
    );
    let icon = format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' \
         fill='%23{}'/%3E%3C/svg%3E",
        shell.icon
    );
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { (shell.title) }
                link rel="icon" href=(icon);
                style { (PreEscaped(style)) }
            }
            body {
                (body)
                script { (PreEscaped(script)) }
            }
        }
    };
    let mut text = document.into_string();
    text.push('\n');
    text
}

/// A browser takes the hash of what it has read, in which lines end with a line feed, whatever a checkout made of the file.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

pub(super) fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(digest(&SHA256, text.as_bytes()).as_ref()))
}
