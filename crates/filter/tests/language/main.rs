//! The language seen from outside: what holds, what is refused and how, what prints.

mod corpus;
mod matching;
mod properties;
mod template;
mod toy;
mod tree;
