//! Properties over generated filters and damaged texts.

use filter::{
    Escapes, Extract, Filter, Op, Span, Template, Value,
    ast::{Check, Expr, ExprKind, Function, Literal, Operand, OperandKind, Right, Spanned},
    parse,
};
use proptest::prelude::*;

use crate::toy::{Field, Toy, read_event};

fn at<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        "[a-z0-9./:*-]{0,6}".prop_map(String::into_bytes),
        "\\PC{0,6}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..6),
        prop::sample::select(vec![
            "and",
            "or",
            "not",
            "val",
            "oneof",
            "tolower",
            "#",
            "=",
            "(",
            "3",
            "-1",
            "0x10",
            "true",
            "open",
            "read",
            "10.0.0.1",
            "10.0.0.0/8",
            "::1",
            "1ms",
            "https",
            "<",
            ">",
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
    ]
    .prop_map(at)
}

fn field() -> impl Strategy<Value = Operand> {
    let known = prop::sample::select(vec![
        "evt.num",
        "evt.type",
        "evt.dir",
        "evt.cpu",
        "evt.is_io",
        "evt.latency",
        "evt.buffer",
        "evt.arg.res",
        "proc.name",
        "proc.pname",
        "proc.exe",
        "proc.pid",
        "proc.cpu",
        "proc.args",
        "proc.aname",
        "fd.num",
        "fd.name",
        "fd.types",
        "fd.cip",
        "fd.ip",
        "fd.net",
        "fd.port",
    ])
    .prop_map(str::to_owned);
    let name = prop_oneof![9 => known, 1 => "[a-z_][a-z0-9_]{0,3}(\\.[a-z0-9_]{1,4}){1,3}"];
    let argument = prop::option::weighted(0.1, literal());
    (name, argument).prop_map(|(name, argument)| at(OperandKind::Field { name, argument }))
}

fn operand() -> impl Strategy<Value = Operand> {
    let leaf = prop_oneof![
        4 => field(),
        1 => literal().prop_map(|text| at(OperandKind::Literal(text.node))),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| call(inner).boxed())
}

fn call(inner: impl Strategy<Value = Operand> + Clone) -> impl Strategy<Value = Operand> {
    let list = prop::collection::vec(
        inner.clone().prop_filter("lists do not nest", |item| {
            !matches!(item.node, OperandKind::List(_))
        }),
        0..3,
    )
    .prop_map(|items| at(OperandKind::List(items)));
    let argument = prop_oneof![3 => inner, 1 => list];
    let selector = prop::option::weighted(0.2, "[a-z]".prop_map(|text| at(text.into_bytes())));
    (
        prop::sample::select(Function::ALL.to_vec()),
        prop::collection::vec(argument, 0..4),
        selector,
    )
        .prop_map(|(function, arguments, selector)| {
            at(OperandKind::Call {
                function,
                arguments,
                selector,
            })
        })
}

/// A field or a call: what may stand on a side of a comparison.
fn side() -> impl Strategy<Value = Operand> {
    prop_oneof![3 => field(), 1 => call(operand().boxed())]
}

fn check() -> impl Strategy<Value = Check> {
    let list = || prop::collection::vec(literal(), 0..4).prop_map(at);
    (side(), prop::sample::select(Op::ALL.to_vec())).prop_flat_map(move |(left, op)| {
        let right = match op.arity() {
            filter::Arity::None => Just(Right::Nothing).boxed(),
            filter::Arity::List => prop_oneof![
                list().prop_map(Right::List),
                side().prop_map(Right::Operand)
            ]
            .boxed(),
            filter::Arity::One => prop_oneof![
                4 => literal().prop_map(Right::Constant),
                1 => list().prop_map(Right::OneOf),
                1 => list().prop_map(Right::AllOf),
                1 => side().prop_map(Right::Operand),
            ]
            .boxed(),
        };
        (Just(left), Just(op), right).prop_map(|(left, op, right)| Check {
            left,
            op: at(op),
            right,
        })
    })
}

fn expr() -> impl Strategy<Value = Expr> {
    check()
        .prop_map(|check| at(ExprKind::Check(check)))
        .prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4)
                    .prop_map(|parts| at(ExprKind::And(parts))),
                prop::collection::vec(inner.clone(), 2..4)
                    .prop_map(|parts| at(ExprKind::Or(parts))),
                inner.prop_map(|part| at(ExprKind::Not(Box::new(part)))),
            ]
        })
}

/// Values that need not fit the field they come from.
fn value() -> impl Strategy<Value = Value<'static>> {
    let text = || prop::collection::vec(any::<u8>(), 0..8);
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::I64),
        any::<u64>().prop_map(Value::U64),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(Value::F64),
        text().prop_map(Value::owned_text),
        text().prop_map(|bytes| Value::Bytes(bytes.into())),
        any::<std::net::IpAddr>().prop_map(Value::Ip),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let items = prop::collection::vec(inner, 0..3);
        prop_oneof![
            items.clone().prop_map(Value::List),
            items.clone().prop_map(Value::AnyOf),
            items.prop_map(Value::Ends),
        ]
    })
}

/// Answers every field with one of a few values.
struct Arbitrary(Vec<Option<Value<'static>>>);

impl Extract<Field> for Arbitrary {
    fn extract<'v>(&'v self, field: &Field) -> Option<Value<'v>> {
        self.0.get(field.name.len() % self.0.len().max(1))?.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_parsing_gives_the_tree_back(tree in expr()) {
        let text = tree.node.to_string();
        match parse(&text) {
            Ok(again) => prop_assert_eq!(again, tree, "{}", text),
            Err(error) => prop_assert!(false, "{}", error.render(&text)),
        }
    }

    #[test]
    fn whatever_compiles_can_be_evaluated(
        tree in expr(),
        values in prop::collection::vec(prop::option::of(value()), 1..5),
    ) {
        let text = tree.node.to_string();
        match Filter::compile(&text, &Toy) {
            Ok(compiled) => {
                compiled.filter.matches(&Arbitrary(values));
                compiled.filter.matches(&read_event());
                compiled.filter.explain().to_string();
                compiled.warnings.iter().for_each(|warning| { warning.render(&text); });
            }
            Err(error) => { error.render(&text); }
        }
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        entry(text.as_bytes());
        entry(&bytes);
    }

    #[test]
    fn text_of_the_languages_words_is_parsed_or_refused(
        words in prop::collection::vec(prop::sample::select(vec![
            "and", "or", "not", "(", ")", ",", "=", "!=", "<", ">=", "in", "exists", "contains",
            "oneof", "allof", "val(", "tolower(", "join(", "[", "]", "[0]", "\"", "'", "\\", "\\x",
            "#", "\n", " ", "evt.num", "proc.name", "evt.type", "open", "7", "%", "*", ".", "é",
        ]), 0..24),
        glue in prop::bool::ANY,
    ) {
        entry(words.join(if glue { "" } else { " " }).as_bytes());
    }
}

/// What a fuzz target calls: nothing in here may panic.
fn entry(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Filter::compile(&text, &Toy) {
        Ok(compiled) => {
            compiled.filter.matches(&read_event());
            compiled.warnings.iter().for_each(|warning| {
                warning.render(&text);
            });
        }
        Err(error) => {
            error.render(&text);
        }
    }
    for escapes in [Escapes::Translate, Escapes::Keep] {
        match Template::compile(&text, escapes, &Toy) {
            Ok(template) => {
                let mut render =
                    |_: &filter::Column<Field>, _: &Value<'_>, out: &mut Vec<u8>| out.push(b'x');
                template.write(&read_event(), &mut render, &mut Vec::new());
            }
            Err(error) => {
                error.render(&text);
            }
        }
    }
}

/// Every text of the corpora with bytes dropped, doubled, changed and cut off.
#[test]
fn damaged_corpora_are_parsed_or_refused() {
    let corpora = [
        include_str!("../corpus/errors.txt"),
        include_str!("../corpus/warnings.txt"),
        include_str!("../corpus/format_errors.txt"),
    ];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        // Xorshift: the same damage in every run.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below.max(1) as u64) as usize
    };
    let sources = corpora
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|l| l.strip_prefix("> "));
    for source in sources {
        entry(source.as_bytes());
        for cut in 0..source.len() {
            entry(&source.as_bytes()[..cut]);
        }
        for _ in 0..20 {
            let mut bytes = source.as_bytes().to_vec();
            for _ in 0..1 + next(3) {
                if bytes.is_empty() {
                    break;
                }
                let place = next(bytes.len());
                match next(4) {
                    0 => drop(bytes.remove(place)),
                    1 => bytes.insert(place, bytes[place]),
                    2 => bytes[place] = next(256) as u8,
                    _ => bytes.insert(place, b"()[],'\"\\=# %"[next(12)]),
                }
            }
            entry(&bytes);
        }
    }
}
