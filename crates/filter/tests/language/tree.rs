//! The parsed tree, its printed form, and what a compiled filter tells about itself.

use filter::{Constant, ErrorKind, Filter, MAX_DEPTH, Op, Quantifier, parse};

use crate::toy::Toy;

/// The printed form of a filter, which must parse to an equal tree.
fn printed(source: &str) -> String {
    let tree = parse(source).unwrap_or_else(|error| panic!("{}", error.render(source)));
    let text = tree.node.to_string();
    let again = parse(&text).unwrap_or_else(|error| panic!("{}", error.render(&text)));
    assert_eq!(again, tree, "{source} prints as {text}");
    text
}

#[test]
fn the_printed_form_is_canonical() {
    for (source, expected) in [
        ("a.b==x", "a.b = x"),
        ("  a.b  =\n'x' # c", "a.b = x"),
        ("a.b = 'x y'", r#"a.b = "x y""#),
        ("a.b = \"\"", r#"a.b = """#),
        (r#"a.b = "\x01\n\xff\"é\\""#, r#"a.b = "\x01\n\xff\"é\\""#),
        ("a.b in(x,'y z',\"(\")", r#"a.b in (x, "y z", "(")"#),
        ("a.b in x", "a.b in (x)"),
        ("a.b in ()", "a.b in ()"),
        (
            "a.b=1 or a.b=2 and not a.b=3",
            "a.b = 1 or (a.b = 2 and not a.b = 3)",
        ),
        (
            "((a.b=1)) and (a.b=2 and a.b=3)",
            "a.b = 1 and (a.b = 2 and a.b = 3)",
        ),
        ("not(not(a.b exists))", "not not a.b exists"),
        ("not (a.b=1 or a.b=2)", "not (a.b = 1 or a.b = 2)"),
        ("a.b[ 'x y' ] = 3", r#"a.b["x y"] = 3"#),
        ("a.b.c-d/e[0] = 3", "a.b.c-d/e[0] = 3"),
        ("a.b = val( c.d )", "a.b = val(c.d)"),
        ("a.b = 'val'", r#"a.b = "val""#),
        ("a.b = and", r#"a.b = "and""#),
        ("a.b startswith anyof (x)", "a.b startswith oneof (x)"),
        ("a.b startswith allof x", "a.b startswith allof (x)"),
        (
            "join( 1 ,('a',b.c,len(d.e) ) )=3",
            r#"join("1", ("a", b.c, len(d.e))) = 3"#,
        ),
        ("a.b=tolower(c.d)", "a.b = tolower(c.d)"),
        (
            "getopt(a.b,'x:')[x] exists",
            r#"getopt(a.b, "x:")[x] exists"#,
        ),
        ("a.b=#x", r##"a.b = "#x""##),
    ] {
        assert_eq!(printed(source), expected, "{source}");
    }
}

#[test]
fn spans_cover_what_was_written() {
    let source = "not (a.b = 'x y' or c.d[1] in (z))";
    let tree = parse(source).unwrap();
    assert_eq!(&source[tree.span.start..tree.span.end], source);
    let filter::ast::ExprKind::Not(inner) = tree.node else {
        panic!("a negation")
    };
    let filter::ast::ExprKind::Or(parts) = inner.node else {
        panic!("a choice")
    };
    let texts: Vec<&str> = parts
        .iter()
        .map(|part| &source[part.span.start..part.span.end])
        .collect();
    assert_eq!(texts, ["a.b = 'x y'", "c.d[1] in (z)"]);
}

#[test]
fn nesting_has_a_limit_and_chains_have_none() {
    let nested = |n: usize| format!("{}a.b=1{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(
        parse(&nested(MAX_DEPTH + 1)).unwrap_err().kind,
        ErrorKind::TooDeep
    );
    assert_eq!(
        parse(&nested(1_000_000)).unwrap_err().kind,
        ErrorKind::TooDeep
    );
    let negated = format!("{}a.b=1", "not ".repeat(200_000));
    assert_eq!(parse(&negated).unwrap_err().kind, ErrorKind::TooDeep);
    let calls = format!("{}a.b{}=1", "tolower(".repeat(500), ")".repeat(500));
    assert_eq!(parse(&calls).unwrap_err().kind, ErrorKind::TooDeep);
    let chain = vec!["a.b=1"; 20_000].join(" or ");
    assert!(parse(&chain).is_ok());
}

#[test]
fn a_filter_tells_which_events_it_can_match() {
    let types = |source: &str| -> Vec<u16> {
        Filter::compile(source, &Toy)
            .unwrap()
            .filter
            .event_types()
            .iter()
            .take(9)
            .collect()
    };
    assert_eq!(types("evt.type = open"), [2, 3]);
    assert_eq!(types("evt.type in (open, close)"), [2, 3, 4, 5]);
    assert_eq!(types("not evt.type in (open, close)"), [6, 7]);
    assert_eq!(types("evt.type = open and proc.name = x"), [2, 3]);
    assert_eq!(
        types("evt.type = open or evt.type = read and evt.arg.data exists"),
        [2, 3, 7]
    );
    assert_eq!(types("evt.arg.fd = 3"), [3, 4, 6]);
    assert_eq!(types("tolower(evt.arg.data) = x"), [7]);
    assert_eq!(types("proc.name = tolower(evt.arg.data)"), [7]);
    assert_eq!(
        types("evt.type = oneof (open, read) and evt.arg.fd exists"),
        [3, 6]
    );
    assert_eq!(types("not evt.arg.fd = 3").len(), 9);
    assert_eq!(types("proc.name = x").len(), 9);
}

#[test]
fn conjuncts_are_what_must_hold() {
    let source = "proc.name = nginx and (fd.num in (1, 2) and not not evt.num > 3) \
                  and (proc.pid = 1 or proc.pid = 2) and not evt.cpu = 1 \
                  and proc.exe startswith oneof (/a, /b)";
    let filter = Filter::compile(source, &Toy).unwrap().filter;
    let conjuncts = filter.conjuncts();
    let seen: Vec<(&str, Op)> = conjuncts
        .iter()
        .map(|c| (c.field().expect("plain fields").name, c.op()))
        .collect();
    assert_eq!(
        seen,
        [
            ("proc.name", Op::Eq),
            ("fd.num", Op::In),
            ("evt.num", Op::Gt),
            ("proc.exe", Op::StartsWith)
        ]
    );
    assert_eq!(
        conjuncts[0].constants(),
        Some(&[Constant::Bytes(b"nginx".to_vec())][..])
    );
    assert_eq!(
        conjuncts[1].constants(),
        Some(&[Constant::Int(1), Constant::Int(2)][..])
    );
    assert_eq!(conjuncts[3].quantifier(), Quantifier::Any);
    assert_eq!(filter.fields().len(), 7);
}

#[test]
fn explanations_show_types_and_readings() {
    let source = "fd.sport=https and (evt.latency>1ms or not proc.name=nginx)";
    let tree = Filter::compile(source, &Toy).unwrap().filter.explain();
    assert_eq!(
        tree.to_string(),
        "and\n  \
           fd.sport = https  (port, compared with 443)\n  \
           or\n    \
             evt.latency > 1ms  (duration, compared with 1000000)\n    \
             not\n      \
               proc.name = nginx  (text)"
    );
    assert_eq!(tree.children.len(), 2);
}
