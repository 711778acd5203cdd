//! A view ready to run: its filter, key and columns compiled against the fields.

use fields::{Registry, Resolved};
use filter::{Filter, Schema, ValueType};
use toml::Spanned;

use crate::cell::NumberFormat;
use crate::definition::{Aggregate, ColumnDef, Kind, ViewDef};

/// How a view is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Container columns on (`-pc`).
    pub containers: bool,
    /// Nesting depth that `%depth` stands for.
    pub depth: u32,
}

/// A view with everything resolved.
#[derive(Debug)]
pub struct View {
    /// Id of the definition.
    pub id: String,
    /// What it looks like.
    pub kind: Kind,
    /// Events that count, as text, `%depth` replaced; empty for all.
    pub filter_text: String,
    /// Field that a drill-down filters by; none for lists.
    pub selection_field: Option<String>,
    /// Columns on screen.
    pub columns: Vec<Column>,
    /// Index of the column sorted by at first; lists keep their order of arrival.
    pub sort: Option<usize>,
    /// Smallest first.
    pub sort_ascending: bool,
    pub(crate) filter: Option<Filter<Resolved>>,
    pub(crate) key: Option<Resolved>,
    pub(crate) group_by: Option<Resolved>,
    pub(crate) use_defaults: bool,
}

/// A column with its field resolved.
#[derive(Debug)]
pub struct Column {
    /// Heading.
    pub name: String,
    /// Field as written.
    pub field_name: String,
    /// What it means.
    pub help: String,
    /// Characters including one of spacing; 0 is the rest of the line.
    pub width: u16,
    /// How numbers print.
    pub format: NumberFormat,
    /// Numbers and durations stand right and sort largest first.
    pub numeric: bool,
    pub(crate) field: Resolved,
    pub(crate) condition: Option<Filter<Resolved>>,
    pub(crate) aggregate: Aggregate,
    pub(crate) group_aggregate: Aggregate,
    pub(crate) default: Default,
}

/// What a missing value counts as when the view uses defaults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Default {
    Zero,
    EmptyText,
    /// The type has no zero: the event is dropped.
    None,
}

/// A field, filter or condition of a view that the engine refuses, with the part at fault.
#[derive(Debug, thiserror::Error)]
#[error("view `{view}`: {part}: {message}")]
pub struct CompileError {
    /// Id of the view.
    pub view: String,
    /// Which part: `filter`, `key`, `column CPU`…
    pub part: String,
    /// What is wrong, with the text and a caret for filters.
    pub message: String,
    /// Byte offset of the part in the view's file.
    pub offset: usize,
}

impl View {
    /// Resolves a definition.
    ///
    /// # Errors
    /// The first unknown field or invalid filter.
    pub fn compile(def: &ViewDef, options: Options) -> Result<View, CompileError> {
        let compiler = Compiler { def, options };
        let filter_text = def
            .filter
            .as_ref()
            .map_or(String::new(), |text| compiler.at_depth(text.get_ref()));
        let filter = match &def.filter {
            Some(text) => Some(compiler.filter("filter", text)?),
            None => None,
        };
        let key_text = def.key_field(options.containers);
        let key = key_text
            .map(|text| compiler.field("key", text))
            .transpose()?;
        let group_by = def
            .group_by
            .as_ref()
            .map(|text| compiler.field("group_by", text))
            .transpose()?;
        let columns = def
            .visible_columns(options.containers)
            .map(|column| compiler.column(column))
            .collect::<Result<Vec<_>, _>>()?;
        let selection_field = def
            .group_by
            .as_ref()
            .or(def.key_filter.as_ref())
            .or(key_text)
            .map(|text| compiler.at_depth(text.get_ref()));
        let sort = match &def.sort {
            Some(name) => columns
                .iter()
                .position(|column| &column.name == name.get_ref()),
            None if def.kind == Kind::List => None,
            None => Some(usize::from(def.group_by.is_some() && columns.len() > 1)),
        };
        Ok(View {
            id: def.id.get_ref().clone(),
            kind: def.kind,
            filter_text,
            selection_field,
            columns,
            sort,
            sort_ascending: def.sort_ascending,
            filter,
            key,
            group_by,
            use_defaults: def.use_defaults,
        })
    }
}

struct Compiler<'a> {
    def: &'a ViewDef,
    options: Options,
}

impl Compiler<'_> {
    /// Puts the nesting depth into a field or filter. The longer place holders come first.
    fn at_depth(&self, text: &str) -> String {
        let depth = self.options.depth;
        text.replace("%depth+1", &(depth + 1).to_string())
            .replace("%depth-1", &depth.saturating_sub(1).to_string())
            .replace("%depth", &depth.to_string())
    }

    fn error(&self, part: &str, text: &Spanned<String>, message: String) -> CompileError {
        CompileError {
            view: self.def.id.get_ref().clone(),
            part: part.to_owned(),
            message,
            offset: text.span().start,
        }
    }

    fn filter(&self, part: &str, text: &Spanned<String>) -> Result<Filter<Resolved>, CompileError> {
        let source = self.at_depth(text.get_ref());
        match Filter::compile(&source, &Registry) {
            Ok(compiled) => Ok(compiled.filter),
            Err(error) => Err(self.error(part, text, error.render(&source))),
        }
    }

    fn field(&self, part: &str, text: &Spanned<String>) -> Result<Resolved, CompileError> {
        let source = self.at_depth(text.get_ref());
        let (name, bracket) = match source.split_once('[') {
            Some((name, rest)) => (name, Some(rest.strip_suffix(']').unwrap_or(rest))),
            None => (source.as_str(), None),
        };
        match Registry.resolve(name, bracket) {
            Ok((field, _)) => Ok(field),
            Err(error) => Err(self.error(part, text, error.to_string())),
        }
    }

    fn column(&self, def: &ColumnDef) -> Result<Column, CompileError> {
        let part = format!("column {}", def.name);
        let field = self.field(&part, &def.field)?;
        let condition = def
            .condition
            .as_ref()
            .map(|text| self.filter(&format!("{part}, where"), text))
            .transpose()?;
        let ty = field.ty;
        let is_id = field.format == fields::NumberFormat::Id;
        let numeric = !matches!(
            ty,
            ValueType::Text
                | ValueType::Path
                | ValueType::Bytes
                | ValueType::Bool
                | ValueType::IpAddr
                | ValueType::IpNet
        );
        Ok(Column {
            name: def.name.clone(),
            field_name: self.at_depth(def.field.get_ref()),
            help: def.help.clone(),
            width: def.width.unwrap_or(match ty {
                _ if def.field.get_ref().starts_with("user.")
                    || def.field.get_ref().starts_with("group.") =>
                {
                    12
                }
                ValueType::Time | ValueType::IpAddr => 16,
                _ if numeric => 8,
                _ => 32,
            }),
            format: match ty {
                ValueType::Duration => NumberFormat::Duration,
                ValueType::Double => NumberFormat::Decimal,
                ValueType::Port | ValueType::Time => NumberFormat::Id,
                _ if is_id => NumberFormat::Id,
                _ => NumberFormat::Quantity,
            },
            numeric,
            default: match ty {
                ValueType::Port | ValueType::IpAddr | ValueType::IpNet => Default::None,
                ValueType::Text | ValueType::Path | ValueType::Bytes => Default::EmptyText,
                _ if is_id => Default::None,
                _ => Default::Zero,
            },
            field,
            condition,
            aggregate: def.aggregate,
            group_aggregate: def.group_aggregate,
        })
    }
}
