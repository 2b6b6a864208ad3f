//! Links from page to page, to files, and to headings.

use std::path::Path;

use crate::page::{anchors, prose};
use crate::{pages, root};

/// The targets of the links and pictures of a page.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let mut links = Vec::new();
    for (at, _) in prose.match_indices("](") {
        let rest = &prose[at + 2..];
        links.push(rest[..rest.find(')').unwrap()].to_owned());
    }
    links
}

#[test]
fn every_link_leads_somewhere() {
    let (mut checked, mut wrong) = (0, Vec::new());
    for page in pages() {
        let text = std::fs::read_to_string(root().join(&page)).unwrap();
        for link in links(&text) {
            checked += 1;
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) =
                link.split_once('#').map_or((link.as_str(), None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap_or(Path::new("")).join(file) };
            let there = root().join(&target);
            let holds = match anchor {
                _ if link.starts_with("http:") => false,
                None => there.exists(),
                Some(anchor) => {
                    std::fs::read_to_string(&there).is_ok_and(|text| anchors(&text).iter().any(|a| a == anchor))
                }
            };
            if !holds {
                wrong.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(checked > 40, "only {checked} links were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page that nothing leads to is not read.
#[test]
fn the_guide_names_every_page() {
    let guide = std::fs::read_to_string(root().join("docs/README.md")).unwrap();
    for page in pages() {
        if let Ok(page) = page.strip_prefix("docs") {
            let page = page.to_str().unwrap();
            assert!(page == "README.md" || guide.contains(&format!("]({page})")), "{page} is not in docs/README.md");
        }
    }
}
