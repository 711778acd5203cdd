//! Output templates over one event.

use filter::{Column, Escapes, Segment, Template, Value};

use crate::toy::{Event, Field, Toy, read_event};

/// Renders plainly, as a caller would.
fn plain(_: &Column<Field>, value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::I64(n) => out.extend_from_slice(n.to_string().as_bytes()),
        Value::U64(n) => out.extend_from_slice(n.to_string().as_bytes()),
        Value::Bool(b) => out.extend_from_slice(b.to_string().as_bytes()),
        Value::F64(n) => out.extend_from_slice(format!("{n:.1}").as_bytes()),
        Value::Ip(ip) => out.extend_from_slice(ip.to_string().as_bytes()),
        Value::Text(text) | Value::Bytes(text) => out.extend_from_slice(text),
        Value::List(_) | Value::AnyOf(_) | Value::Ends(_) => panic!("lists arrive in elements"),
    }
}

fn line(source: &str, event: &Event) -> Option<String> {
    let template = match Template::compile(source, Escapes::Translate, &Toy) {
        Ok(template) => template,
        Err(error) => panic!("{}", error.render(source)),
    };
    let mut out = b"before|".to_vec();
    let written = template.write(event, &mut plain, &mut out);
    let text = String::from_utf8_lossy(&out).into_owned();
    let text = text
        .strip_prefix("before|")
        .expect("what was there stays")
        .to_owned();
    assert!(
        written || text.is_empty(),
        "a suppressed line leaves nothing"
    );
    written.then_some(text)
}

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(
        line(source, &read_event()).as_deref(),
        Some(expected),
        "{source}"
    );
}

#[test]
fn text_and_fields_alternate() {
    check("%evt.num", "7");
    check("%evt.num %proc.name (%proc.pid) %evt.dir", "7 nginx (42) <");
    check("no field", "no field");
    check("*", "");
    check("a*%evt.num*", "a*7*");
    check("é%evt.num√", "é7√");
}

#[test]
fn the_longest_known_name_wins_and_the_rest_is_text() {
    check("%evt.numx", "7x");
    check("%proc.namespace", "nginxspace");
    check("%proc.pname", "Systemd");
    check("%evt.num.", "7.");
    check("%evt.num%proc.name", "7nginx");
}

#[test]
fn arguments_follow_in_brackets_where_the_field_takes_one() {
    check("%proc.aname[1]", "bash");
    check("%evt.arg.res!", "80!");
    check("%proc.name[%proc.pid]", "nginx[42]");
    check("%proc.aname", "(bash,sshd)");
}

#[test]
fn a_width_pads_and_cuts_on_the_right() {
    check("%2proc.name|", "ng|");
    check("%10proc.name|", "nginx     |");
    check("%5proc.name|", "nginx|");
    check("%0proc.name|", "nginx|");
    check("%05evt.num|", "7    |");
    check("*%6fd.name", "10.0.0");
    let event = read_event().with("proc.name", Value::text("naïveté"));
    assert_eq!(line("%3proc.name|", &event).as_deref(), Some("naï|"));
    assert_eq!(line("%9proc.name|", &event).as_deref(), Some("naïveté  |"));
    let event = read_event().with("proc.name", Value::Text(vec![0xff, 0xfe, b'a'].into()));
    assert_eq!(
        line("%4proc.name|", &event).map(|text| text.len() > 4),
        Some(true)
    );
}

#[test]
fn a_missing_value_suppresses_the_line_unless_there_is_a_star() {
    let event = read_event().without("proc.name");
    assert_eq!(line("%evt.num %proc.name", &event), None);
    assert_eq!(
        line("*%evt.num %proc.name.", &event).as_deref(),
        Some("7 <NA>.")
    );
    assert_eq!(line("*%6proc.name.", &event).as_deref(), Some("<NA>  ."));
    assert_eq!(line("*%2proc.name.", &event).as_deref(), Some("<N."));
    assert_eq!(line("%toupper(proc.name)", &event), None);
}

#[test]
fn percent_signs_and_escapes() {
    check("100%% of %evt.num%%", "100% of 7%");
    check("%evt.num\\t\\e[0m\\n\\\\n\\q\\", "7\t\u{1b}[0m\n\\n\\q\\");
    let template = Template::compile("\\n%evt.num", Escapes::Keep, &Toy).unwrap();
    assert!(matches!(&template.segments()[0], Segment::Text(text) if text == b"\\n"));
}

#[test]
fn transformers_and_lists_print() {
    check("%toupper(proc.name)", "NGINX");
    check("%7toupper(proc.name)|", "NGINX  |");
    check("%len(proc.name)", "5");
    check("%proc.args", "(-c,conf,-vx)");
    check("%join(' ', proc.args)!", "-c conf -vx!");
    check("%getopt(proc.args, 'c:vx')[c]", "conf");
    check("%fd.types %evt.num", "(ipv4,file) 7");
}

#[test]
fn columns_have_names_for_json() {
    let source = "*%evt.num %proc.aname[1] %3evt.arg.res %toupper(proc.name)";
    let template = Template::compile(source, Escapes::Keep, &Toy).unwrap();
    let names: Vec<&str> = template.columns().map(Column::name).collect();
    assert_eq!(
        names,
        [
            "evt.num",
            "proc.aname[1]",
            "evt.arg.res",
            "toupper(proc.name)"
        ]
    );
    assert!(template.prints_missing());
    assert_eq!(template.fields().len(), 4);
    let column = template.columns().nth(2).unwrap();
    assert_eq!(column.width(), Some(3));
    assert_eq!(column.value(&read_event()), Some(Value::text("80")));
    assert_eq!(
        &source[column.span().start..column.span().end],
        "%3evt.arg.res"
    );
}
