//! The examples run, and print what the pages show.

#[path = "../../examples/negotiate/story.rs"]
mod negotiate;
#[path = "../../examples/three_domains/story.rs"]
mod three_domains;

/// What stands on a page between the markers of an output.
fn shown<'p>(page: &'p str, name: &str) -> &'p str {
    let marker = format!("<!-- output:{name} -->\n```text\n");
    let (_, rest) = page.split_once(&marker).unwrap_or_else(|| panic!("no output:{name}"));
    rest.split_once("```\n").expect("an end").0
}

#[test]
fn a_negotiation_goes_as_the_page_says() {
    let page = include_str!("../../../../docs/protocol/follow-a-session.md");
    assert_eq!(negotiate::tell().unwrap(), shown(page, "negotiate"), "run `make generate`");
}

/// The amounts of document 001 as they add up: 10.00 in, 9.50 out, 0.50 kept.
#[test]
fn three_domains_pay_what_the_page_says() {
    let page = include_str!("../../../../docs/protocol/quote-a-path.md");
    let told = three_domains::tell().unwrap();
    assert_eq!(told, shown(page, "three_domains"), "run `make generate`");
    assert!(told.contains("A paid 10, C got 9.5, B keeps 0.5"));
}
