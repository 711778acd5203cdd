//! Output formats: whatever is typed compiles or is refused with a message.

#![no_main]

use fields::Registry;
use filter::{Escapes, Template};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(error) = Template::compile(text, Escapes::Translate, &Registry) {
        error.render(text);
    }
});
