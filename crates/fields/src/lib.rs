//! Every filter and display field, one self-describing item each, and the rendering of parameters.
//!
//! A field is looked up by name in the [`Registry`], which is the schema that filters and formats
//! are compiled against, and read from a [`View`]: an event, the state right after it, what it
//! touched, and the output settings.
//!
//! ```
//! use capture_format::{EventBuilder, EventType};
//! use fields::{Context, Registry, View};
//! use filter::Schema;
//! use state::State;
//!
//! let chdir = EventBuilder::new(EventType(95), 0, 1).i64(-2).text("/nowhere").build();
//! let mut state = State::new();
//! let applied = state.apply(&chdir.as_event());
//! let context = Context::default();
//! let view = View::new(chdir.as_event(), 1, &state, &applied, &context);
//!
//! let (field, _) = Registry.resolve("evt.args", None)?;
//! let mut line = Vec::new();
//! assert!(view.write_text(&field, &mut line));
//! assert_eq!(line, b"res=-2(ENOENT) path=/nowhere ");
//! # Ok::<(), filter::SchemaError>(())
//! ```
//!
//! Nothing here prints, opens files or looks at the clock.

#![forbid(unsafe_code)]

mod class;
mod context;
mod descriptor;
mod field;
mod json;
mod kin;
mod labels;
mod names;
mod param;
mod path;
mod payload;
mod registry;
mod render;
mod selection;
mod syslog;
mod time;
mod view;

pub use class::{CLASSES, fields};
pub use context::{Context, Payload, TimeStyle};
pub use field::{Argument, Class, ClassInfo, ExtractFn, Field, Flags, NumberFormat, Suffix};
pub use json::write_string as write_json_string;
pub use registry::{Arg, ParamByName, Registry, Resolved};
pub use render::{render, render_json};
pub use view::View;
