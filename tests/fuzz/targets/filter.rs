//! Filters: whatever is typed parses or is refused; what parses prints and parses to the same again.

#![no_main]

use fields::Registry;
use filter::Filter;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(expr) = filter::parse(text) else { return };
    let printed = expr.node.to_string();
    let again = filter::parse(&printed).unwrap_or_else(|error| panic!("{}", error.render(&printed)));
    assert_eq!(again, expr);
    if let Err(error) = Filter::compile(text, &Registry) {
        error.render(text);
    }
});
