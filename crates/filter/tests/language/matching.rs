//! Filters over one event, each with the answer.

use filter::{Extract, Filter, Value};

use crate::toy::{Event, Toy, ip, read_event, texts};

#[track_caller]
fn check_on(event: &Event, cases: &[(&str, bool)]) {
    for &(source, expected) in cases {
        let compiled = match Filter::compile(source, &Toy) {
            Ok(compiled) => compiled,
            Err(error) => panic!("{}", error.render(source)),
        };
        assert_eq!(compiled.filter.matches(event), expected, "{source}");
    }
}

#[track_caller]
fn check(cases: &[(&str, bool)]) {
    check_on(&read_event(), cases);
}

#[test]
fn precedence_is_not_then_and_then_or() {
    check(&[
        ("proc.name = nginx or proc.name = x and evt.num = 1", true),
        (
            "(proc.name = nginx or proc.name = x) and evt.num = 1",
            false,
        ),
        ("not proc.name = x and evt.num = 7", true),
        ("not (proc.name = x and evt.num = 7)", true),
        ("not(proc.name = nginx)", false),
        ("not not proc.name = nginx", true),
        ("evt.num = 1 or(evt.num = 7) and evt.num = 8", false),
        ("evt.num = 7 or(evt.num = 1) and evt.num = 8", true),
        ("evt.num = 7 or(evt.num = 8)and(evt.num = 9)", true),
        ("(proc.name=nginx)and evt.num=7", true),
        ("proc.name=\"nginx\"and evt.num=7", true),
        ("((((evt.num=7))))", true),
    ]);
}

#[test]
fn comments_and_line_breaks_are_blanks() {
    check(&[
        (
            "# the server\nproc.name = nginx # this one\n  and evt.num = 7\r\n# end",
            true,
        ),
        ("proc.name in ( # shells\n bash, # old\n nginx\n)", true),
        ("proc.name\t=\nnginx", true),
        ("not # really\n proc.name = x", true),
        // A value may start with or contain the sign.
        ("proc.name = #x", false),
        ("proc.name != a#b", true),
    ]);
}

#[test]
fn bare_values_reach_to_the_next_blank_or_bracket() {
    let odd = |text: &'static str| read_event().with("proc.name", Value::text(text));
    check_on(
        &odd("a,b"),
        &[("proc.name=a,b", true), ("proc.name in (a,b)", false)],
    );
    check_on(
        &odd("a=b"),
        &[("proc.name=a=b", true), ("proc.name in (a=b)", true)],
    );
    check_on(
        &odd("it's"),
        &[("proc.name=it's", true), ("(proc.name contains t's)", true)],
    );
    check_on(
        &odd("\\x66"),
        &[("proc.name=\\x66", true), ("proc.name=\"\\x66\"", false)],
    );
    check_on(
        &odd("or"),
        &[
            ("proc.name = or", true),
            ("proc.name = or or evt.num=1", true),
        ],
    );
    check_on(
        &odd("oneof"),
        &[
            ("proc.name = oneof", true),
            ("proc.name=oneof and evt.num=7", true),
        ],
    );
    check_on(&odd("tolower"), &[("proc.name = tolower", true)]);
    check_on(&odd("ngix-é"), &[("proc.name = ngix-é", true)]);
    check(&[
        ("evt.dir=< and evt.num=7", true),
        ("evt.dir = >", false),
        ("(evt.dir=<)", true),
    ]);
}

#[test]
fn quoted_values_know_escapes() {
    let odd = |text: &'static str| read_event().with("proc.name", Value::text(text));
    check_on(&odd("a\\"), &[(r#"proc.name="a\\""#, true)]);
    check_on(
        &odd("a\"b'c"),
        &[
            (r#"proc.name="a\"b'c""#, true),
            (r"proc.name='a\x22b\'c'", true),
        ],
    );
    check_on(
        &odd("a\nb\tc"),
        &[
            (r#"proc.name="a\nb\tc""#, true),
            ("proc.name='a\nb\tc'", true),
        ],
    );
    check_on(&odd("\u{8}\u{c}\r/"), &[(r#"proc.name="\b\f\r\/""#, true)]);
    check_on(&odd("a\\b"), &[(r#"proc.name="a\ b""#, true)]);
    check_on(
        &odd("a b(c)"),
        &[
            ("proc.name = 'a b(c)'", true),
            ("proc.name in ('a b(c)')", true),
        ],
    );
    check_on(
        &odd(""),
        &[("proc.name = ''", true), ("proc.name exists", true)],
    );
    check(&[(r#"proc.name="\x6eginx""#, true)]);
}

#[test]
fn missing_values_fail_every_comparison() {
    let event = read_event()
        .without("fd.name")
        .without("fd.num")
        .without("fd.ip");
    check_on(
        &event,
        &[
            ("fd.name = x", false),
            ("fd.name != x", false),
            ("not fd.name = x", true),
            ("fd.name exists", false),
            ("not fd.name exists", true),
            ("fd.name contains ''", false),
            ("fd.name glob *", false),
            ("fd.name pmatch (/)", false),
            ("fd.num in ()", false),
            ("fd.num >= -1", false),
            ("fd.ip != 1.2.3.4", false),
            ("proc.name = val(fd.name)", false),
            ("proc.name != val(fd.name)", false),
            ("not proc.name != val(fd.name)", true),
            ("tolower(fd.name) exists", false),
            ("concat(proc.name, fd.name) exists", false),
            ("proc.name != toupper(fd.name)", false),
        ],
    );
    let placeholder = read_event().with("proc.name", Value::text("<NA>"));
    check_on(
        &placeholder,
        &[("proc.name = <NA>", true), ("proc.name exists", true)],
    );
}

#[test]
fn integers_compare_by_value() {
    check(&[
        ("fd.num = 5", true),
        ("fd.num == 5", true),
        ("fd.num=+5", true),
        ("fd.num=005", true),
        ("fd.num = ' 5'", true),
        ("fd.num = 0x5", true),
        ("fd.num != 5", false),
        ("fd.num < 5", false),
        ("fd.num <= 5", true),
        ("fd.num > -1", true),
        ("fd.num >= 6", false),
        ("fd.num in (1, 5, 9)", true),
        ("fd.num in 5", true),
        ("fd.num intersects (5)", true),
        ("fd.num in ()", false),
        ("fd.num = oneof (4, 5)", true),
        ("fd.num != allof (4, 6)", true),
        ("fd.num != anyof (5, 6)", true),
        ("proc.uid > 4294967294", false),
        ("evt.num < 18446744073709551615", true),
    ]);
}

#[test]
fn other_numbers_have_their_own_constants() {
    check(&[
        ("evt.latency = 1500000", true),
        ("evt.latency = 1.5ms", true),
        ("evt.latency > 1ms", true),
        ("evt.latency >= 2ms", false),
        ("evt.latency < 1s", true),
        ("evt.rawtime > 1506127476000000000", true),
        ("proc.cpu > 12.4", true),
        ("proc.cpu = 12.5", true),
        ("proc.cpu in (1, 12.5)", true),
        ("proc.cpu < 12", false),
        ("fd.sport = https", true),
        ("fd.sport = 443", true),
        ("fd.sport in (http, https)", true),
        ("evt.is_io = true", true),
        ("evt.is_io != true", false),
        ("evt.is_io in (true, false)", true),
    ]);
}

#[test]
fn text_compares_byte_by_byte() {
    check(&[
        ("proc.name = nginx", true),
        ("proc.name = Nginx", false),
        ("proc.name != x", true),
        ("proc.name < o", true),
        ("proc.name >= nginx", true),
        ("proc.name >= 5", true),
        ("proc.name contains gin", true),
        ("proc.name contains ''", true),
        ("proc.name contains Gin", false),
        ("proc.name icontains GIN", true),
        ("proc.pname icontains system", true),
        ("proc.name startswith ng", true),
        ("proc.name startswith x", false),
        ("proc.name endswith nx", true),
        ("proc.name in (bash, nginx)", true),
        ("proc.name in (bash, 'nginx',)", true),
        ("proc.name in bash", false),
        ("proc.name intersects (nginx)", true),
        ("proc.name in (a,b,c,d,e,f,g,h,i,j,nginx)", true),
        ("proc.name contains oneof (x, gi)", true),
        ("proc.name contains allof (ng, nx)", true),
        ("proc.name contains allof (ng, xx)", false),
        ("proc.name startswith anyof ng", true),
        ("proc.name contains oneof ()", false),
        ("proc.name contains allof ()", true),
        ("proc.exe contains/sbin", true),
    ]);
}

#[test]
fn patterns_cover_the_whole_value() {
    check(&[
        ("proc.exe glob /usr/*", true),
        ("proc.exe glob nginx", false),
        ("proc.exe glob *[x-z]", true),
        ("proc.name glob ngin?", true),
        ("proc.pname glob sys*", false),
        ("proc.pname iglob sys*", true),
        ("proc.name regex ng[i]nx?", true),
        ("proc.name regex gin", false),
        ("proc.name regex 'x|nginx'", true),
        ("proc.name regex '(?i)NGINX'", true),
        ("proc.name regex oneof ('a.*', 'n.*')", true),
        ("proc.exe pmatch (/usr)", true),
        ("proc.exe pmatch (/us)", false),
        ("proc.exe pmatch (/etc, usr/sbin/)", true),
        ("proc.exe pmatch /usr/*/nginx", true),
        ("proc.exe pmatch (/)", true),
        ("proc.exe pmatch ()", false),
    ]);
}

#[test]
fn bytes_may_hold_anything() {
    check(&[
        ("evt.buffer contains GET", true),
        (r#"evt.buffer contains "\x00""#, true),
        (r#"evt.buffer endswith "\x00\xff""#, true),
        ("evt.buffer bcontains 00ff", true),
        ("evt.buffer bcontains 00FE", false),
        ("evt.buffer bstartswith 474554", true),
        ("evt.buffer startswith POST", false),
        (r#"evt.buffer = "GET /\x00\xff""#, true),
        (r#"evt.buffer in ("x", "GET /\x00\xff")"#, true),
        ("len(evt.buffer) = 7", true),
    ]);
}

#[test]
fn addresses_and_networks_look_at_both_ends() {
    check(&[
        ("fd.cip = 10.0.0.1", true),
        ("fd.cip != 10.0.0.1", false),
        ("fd.cip = ::1", false),
        ("fd.cip != ::1", true),
        ("fd.cip in (::1, 10.0.0.1)", true),
        ("fd.ip = 10.0.0.2", true),
        ("fd.ip = 10.0.0.3", false),
        ("fd.ip != 10.0.0.2", false),
        ("fd.ip != 10.0.0.3", true),
        ("fd.ip in (1.2.3.4, 10.0.0.2)", true),
        ("fd.ip in (1.2.3.4)", false),
        ("fd.ip intersects (10.0.0.1)", true),
        ("fd.ip exists", true),
        ("fd.net = 10.0.0.2/32", true),
        ("fd.net = 10.0.0.0/8", true),
        ("fd.net = 11.0.0.0/8", false),
        ("fd.net = ::/0", false),
        ("fd.net != 10.0.0.2/32", false),
        ("fd.net != 11.0.0.0/8", true),
        ("fd.net in (11.0.0.0/8, 10.0.0.0/8)", true),
        ("fd.port = 443", true),
        ("fd.port = https", true),
        ("fd.port != 443", false),
        ("fd.port != 80", true),
        ("fd.port < 1024", true),
        ("fd.port > 50000", false),
        ("fd.port in (80, 443)", true),
        ("not fd.port = 443", false),
    ]);
    let bound = read_event().with("fd.port", Value::Ends(vec![Value::U64(80)]));
    check_on(
        &bound,
        &[
            ("fd.port = 80", true),
            ("fd.port != 443", true),
            ("fd.port != 80", false),
        ],
    );
    let v6 = read_event().with("fd.net", Value::Ends(vec![ip("fe80::1")]));
    check_on(
        &v6,
        &[("fd.net = fe80::/10", true), ("fd.net = 0.0.0.0/0", false)],
    );
}

#[test]
fn ancestors_satisfy_together() {
    check(&[
        ("proc.aname = sshd", true),
        ("proc.aname = zsh", false),
        ("proc.aname != bash", true),
        ("not proc.aname = bash", false),
        ("proc.aname in (zsh, sshd)", true),
        ("proc.aname contains ss", true),
        ("proc.aname exists", true),
        ("proc.aname[1] = bash", true),
        ("proc.aname[1] = sshd", false),
        ("proc.aname[2] exists", false),
    ]);
}

#[test]
fn lists_know_all_and_any() {
    check(&[
        ("fd.types in (ipv4, file, pipe)", true),
        ("fd.types in (ipv4)", false),
        ("fd.types intersects (ipv4, x)", true),
        ("fd.types intersects (x)", false),
        ("fd.types exists", true),
        ("len(proc.args) = 3", true),
        ("proc.args intersects val(proc.args)", true),
        ("proc.name in val(proc.args)", false),
        ("proc.name in getopt(proc.args, 'c:vx')", false),
    ]);
    let empty = read_event().with("fd.types", Value::List(vec![]));
    check_on(
        &empty,
        &[
            ("fd.types in (ipv4)", true),
            ("fd.types in ()", true),
            ("fd.types intersects (ipv4)", false),
            ("fd.types exists", true),
        ],
    );
}

#[test]
fn around_is_a_distance_in_milliseconds() {
    check(&[("evt.around[1000]=3", true), ("evt.around[1000]=2", false)]);
}

#[test]
fn fields_compare_with_fields() {
    check(&[
        ("proc.pid > val(proc.ppid)", true),
        ("proc.pid = val(proc.ppid)", false),
        ("proc.pid != val(evt.num)", true),
        ("proc.name = val(proc.name)", true),
        ("proc.exe endswith val(proc.name)", true),
        ("proc.exe contains val( proc.name )", true),
        ("proc.pname icontains val(proc.pname)", true),
        ("proc.name glob val(proc.name)", true),
        ("proc.pname = toupper(proc.pname)", false),
        ("fd.cip != val(fd.sip)", true),
        ("proc.name in val(proc.name)", true),
        ("evt.is_io = val(evt.is_io)", true),
    ]);
}

#[test]
fn transformers_nest_and_mix() {
    let event = read_event()
        .with("evt.arg.data", Value::text("bmdpbng="))
        .with(
            "proc.args",
            Value::List(texts(&["-c", "conf", "-vx", "file"])),
        );
    check_on(
        &event,
        &[
            ("tolower(proc.pname) = systemd", true),
            ("toupper(basename(proc.exe)) = toupper(proc.name)", true),
            ("basename(proc.exe) = val(proc.name)", true),
            ("b64(evt.arg.data) = nginx", true),
            ("b64(proc.name) exists", false),
            ("len(proc.name) = 5", true),
            ("len(concat(proc.name, '-', 12)) > 7", true),
            ("join(',', proc.args) = '-c,conf,-vx,file'", true),
            (
                "join('/', (proc.name, \"x\", 3, tolower(proc.pname))) = nginx/x/3/systemd",
                true,
            ),
            ("concat(proc.name, ':', proc.pname) startswith nginx:", true),
            ("getopt(proc.args, 'c:vx')[c] = conf", true),
            ("getopt(proc.args, 'c:vx')[v] = v", true),
            ("getopt(proc.args, 'c:vx')[z] exists", false),
            ("getopt(proc.args, 'c:vx') intersects (conf)", true),
            ("getopt(proc.args, 'c:vx') in (c, conf, v, x)", true),
            ("len(getopt(proc.args, 'c:vx')) = 4", true),
            ("tolower( proc.name ) in (nginx)", true),
        ],
    );
}

/// A view that cannot be asked: whatever is decided without it needs no field.
struct Untouchable;

impl Extract<crate::toy::Field> for Untouchable {
    fn extract<'v>(&'v self, field: &crate::toy::Field) -> Option<Value<'v>> {
        panic!("asked for {field:?}")
    }
}

#[test]
fn evaluation_stops_at_the_first_decisive_part() {
    let filter = Filter::compile("evt.type = open", &Toy).unwrap().filter;
    assert_eq!(filter.decide(3), Some(true));
    assert_eq!(filter.decide(7), Some(false));
    assert!(
        !filter
            .decide(7)
            .unwrap_or_else(|| filter.matches(&Untouchable))
    );
    let filter = Filter::compile("evt.type = open and proc.name = x", &Toy)
        .unwrap()
        .filter;
    assert_eq!(filter.decide(3), None);
    assert_eq!(filter.decide(7), Some(false));
    let filter = Filter::compile("not evt.type = open or proc.name = x", &Toy)
        .unwrap()
        .filter;
    assert_eq!(filter.decide(7), Some(true));
    assert_eq!(filter.decide(2), None);
}

#[test]
fn values_of_an_unexpected_kind_are_just_not_equal() {
    let event = read_event()
        .with("fd.num", Value::text("5"))
        .with("proc.name", Value::U64(3));
    check_on(
        &event,
        &[
            ("fd.num = 5", false),
            ("proc.name = 3", false),
            ("len(proc.name) exists", false),
        ],
    );
}
