//! What holds for every page, tried on every made transaction in every language.

mod locales;
mod officer;
mod pages;

use std::collections::BTreeSet;

use scraper::{Html, Node, Selector};

use super::assets;

#[path = "../../tests/console/views.rs"]
pub(crate) mod views;

/// Pages without pictures stay below this, style sheets and scripts included.
const BUDGET: usize = 150_000;

/// Every fault of a page as such: whatever it shows.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut faults: Vec<String> = page.errors.iter().map(|e| format!("parse: {e}")).collect();
    let (mut ids, mut refers) = (BTreeSet::new(), Vec::new());
    for node in page.tree.nodes() {
        let Node::Element(element) = node.value() else {
            continue;
        };
        // What is in a template isn't in the page: it has ids of its own.
        let is_apart = node.ancestors().any(|above| {
            let above = above.value().as_element();
            above.is_some_and(|above| above.name() == "template")
        });
        for (name, value) in element.attrs() {
            match name {
                "id" if !ids.insert((is_apart, value.to_owned())) => {
                    faults.push(format!("the id {value} stands twice"));
                }
                "for" | "aria-controls" | "aria-labelledby" | "aria-describedby" => {
                    refers.push((name, (is_apart, value.to_owned())));
                }
                "href" if element.name() == "use" => {
                    let id = value.trim_start_matches('#').to_owned();
                    refers.push((name, (false, id)));
                }
                "style" => faults.push(format!("style={value:?}")),
                _ if name.starts_with("on") => faults.push(format!("{name}={value:?}")),
                "src" | "href" | "action" if !value.starts_with('/') && !value.starts_with('#') => {
                    faults.push(format!("{name}={value:?} leads elsewhere"));
                }
                _ => (),
            }
        }
        match element.name() {
            "script" if element.attr("src").is_none() => faults.push("a script inside".into()),
            "style" => faults.push("a style sheet inside".into()),
            "img" if element.attr("alt").is_none() => faults.push("a picture without alt".into()),
            _ => (),
        }
    }
    for (name, id) in refers {
        if !ids.contains(&id) {
            faults.push(format!("{name} names {}, which isn't there", id.1));
        }
    }
    let weight = html.len() + linked(&page);
    if weight > BUDGET {
        faults.push(format!("{weight} bytes"));
    }
    faults
}

/// The size of the style sheets and scripts that a page asks for.
fn linked(page: &Html) -> usize {
    let selector = Selector::parse("link[href], script[src]").expect("a selector");
    let mut weight = 0;
    for element in page.select(&selector) {
        let path = element
            .attr("href")
            .or(element.attr("src"))
            .unwrap_or_default();
        let name = path.trim_start_matches("/web/");
        let name = name.split('?').next().unwrap_or_default();
        let asset = assets::named(name).unwrap_or_else(|| panic!("{path} isn't an asset"));
        assert_eq!(path, assets::path(name));
        weight += asset.bytes.len();
    }
    weight
}

/// Attributes that people read or hear.
const SPOKEN: &[&str] = &[
    "alt",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "data-ask",
    "data-done",
    "data-down",
    "data-gone",
    "data-offline",
    "data-refused",
    "data-up",
    "label",
    "placeholder",
    "title",
];

/// Text of a page in [`Language::Marked`](super::Language) that is outside the
/// localisation. `data` is what the page shows of its content.
pub(crate) fn unlocalised(html: &str, data: &[String]) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut outside = Vec::new();
    for node in page.tree.nodes() {
        match node.value() {
            Node::Text(text) => {
                let mut above = node
                    .ancestors()
                    .filter_map(|above| above.value().as_element());
                // Names of keys are on the keys; `data` and code are content.
                let is_content = |element: &scraper::node::Element| {
                    let of_class = element.classes().any(|class| class == "data");
                    of_class || matches!(element.name(), "kbd" | "code" | "pre")
                };
                if !above.any(is_content) {
                    outside.push(text.to_string());
                }
            }
            Node::Element(element) => {
                let spoken = SPOKEN.iter().filter_map(|name| element.attr(name));
                outside.extend(spoken.map(str::to_owned));
            }
            _ => (),
        }
    }
    // The longest first, as one may be part of another.
    let mut data: Vec<&String> = data.iter().filter(|known| !known.is_empty()).collect();
    data.sort_by_key(|known| std::cmp::Reverse(known.len()));
    outside.retain(|text| {
        let mut rest = unmarked(text);
        for known in &data {
            rest = rest.replace(known.as_str(), "");
        }
        rest.chars().any(char::is_alphabetic)
    });
    outside
}

/// What of a text stands outside every mark.
fn unmarked(text: &str) -> String {
    let mut depth = 0_usize;
    let mut rest = String::new();
    for c in text.chars() {
        match c {
            '⟦' => depth += 1,
            '⟧' => depth = depth.saturating_sub(1),
            _ if depth == 0 => rest.push(c),
            _ => (),
        }
    }
    rest
}

#[test]
fn faults_are_found() {
    let page = |body: &str| format!("<!DOCTYPE html><html><head></head><body>{body}</body></html>");
    let cases = [
        ("", 0),
        ("<p id=a></p><p id=a></p>", 1),
        ("<p style='color:red'></p>", 1),
        ("<script>1</script>", 1),
        ("<a href='https://elsewhere.example/'></a>", 1),
        ("<a onclick=x() href='/'></a>", 1),
        ("<label for=b></label>", 1),
        ("<svg><use href='#none'/></svg>", 1),
        ("<div><p></div>", 0),
        ("<button><div></span></div></button>", 1),
        ("<img src=/x>", 1),
    ];
    let mut wrong = Vec::new();
    for (body, expected) in cases {
        let found = faults(&page(body));
        if found.len() != expected {
            wrong.push(format!("{body}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let marked = page("<p>⟦said ⟦inside⟧⟧ A1</p><img alt='outside'>");
    assert_eq!(unlocalised(&marked, &["A1".into()]), ["outside"]);
}
