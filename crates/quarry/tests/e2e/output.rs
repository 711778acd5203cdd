//! Options for what is printed.

use serde_json::Value;

use crate::{quarry, replay, sample};

#[test]
fn formats_are_filled_in() {
    assert_eq!(
        replay(&["-n1", "-p", r"[%evt.num]\t%10proc.name|%4evt.type|%%\e[0m"]).ok(),
        "[2]\tweb       |open|%\x1b[0m\n"
    );
    assert_eq!(
        replay(&["-n1", "--print=*%fd.name %proc.name"]).ok(),
        "<NA> web\n"
    );
    assert_eq!(
        replay(&["-p", "%fd.name", "evt.num=2"]).ok(),
        "",
        "no value, no line"
    );
}

#[test]
fn ready_formats_are_known_by_letter_and_word() {
    for (short, long) in [
        ("-pc", "-pcontainer"),
        ("-pk", "-pkubernetes"),
        ("-pm", "-pmesos"),
    ] {
        let ran = replay(&[short, "-n1"]);
        assert!(ran.ok().contains(" (host) web (200:200) > open"), "{ran:?}");
        assert_eq!(ran.stdout, replay(&[long, "-n1"]).stdout);
    }
    assert_eq!(
        quarry(&["-pp"]).ok(),
        "*%evt.num %evt.outputtime %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info\n"
    );
}

#[test]
fn time_styles() {
    for (style, expected) in [
        ("h", "22:13:20.001000000"),
        ("a", "1700000000.1000000"),
        ("r", "0.001000000"),
        ("d", "0.000000000"),
        ("D", "0.000000000"),
        ("iso", "2023-11-14T22:13:20.001000000+0000"),
    ] {
        let ran = replay(&["-t", style, "-n1", "-p", "%evt.outputtime"]);
        assert_eq!(ran.ok().trim_end(), expected, "-t {style}");
    }
    assert_eq!(
        replay(&["-td", "-p", "%evt.outputtime", "evt.num=3"]).ok(),
        "0.001000000\n"
    );
}

#[test]
fn json_lines_are_objects_with_sorted_keys() {
    let ran = replay(&["-j"]);
    let lines = ran.ok().lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), sample::SHOWN);
    for line in &lines {
        let value: Value = serde_json::from_str(line).unwrap();
        let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert!(keys.is_sorted(), "{line}");
    }
    assert!(
        lines[0].starts_with("{\"evt.cpu\":1,\"evt.dir\":\">\",\"evt.info\":"),
        "{}",
        lines[0]
    );
}

#[test]
fn json_shows_missing_values_as_null_with_a_star() {
    assert_eq!(
        replay(&["-j", "-n1", "-p", "*%fd.name %evt.num"]).ok(),
        "{\"evt.num\":2,\"fd.name\":null}\n"
    );
    assert_eq!(replay(&["-j", "-p", "%fd.name", "evt.num=2"]).ok(), "");
}

#[test]
fn bytes_that_are_no_text_are_replaced_in_json() {
    let ran = replay(&["-j", "-p", "%evt.rawarg.name", "evt.num=13"]);
    let value: Value = serde_json::from_str(ran.ok().trim_end()).unwrap();
    assert_eq!(value["evt.rawarg.name"], "/bad\u{1b}[2J\u{fffd}");
}

#[test]
fn pipes_get_the_bytes_as_they_are() {
    let output = crate::command(&[
        "-r",
        sample::capture().to_str().unwrap(),
        "-p",
        "%evt.rawarg.name",
        "evt.num=13",
    ])
    .output()
    .unwrap();
    assert_eq!(output.stdout, b"/bad\x1b[2J\xff\n");
}

#[test]
fn payloads_have_styles() {
    let read = |args: &[&str]| {
        replay(&[args, &["-p", "%evt.arg.data", "evt.num=5"]].concat())
            .ok()
            .to_owned()
    };
    assert_eq!(
        read(&[]),
        format!("GET / HTTP/1.0...x{}...\n", "a".repeat(59))
    );
    let whole = format!("GET / HTTP/1.0...x{}\n", "a".repeat(82));
    assert_eq!(read(&["-v"]), whole);
    assert_eq!(read(&["--uncut"]), whole);
    assert!(read(&["-A"]).contains("GET / HTTP/1.0\nx"));
    assert!(
        read(&["-x"]).starts_with("\n\t0x0000: 4745 5420"),
        "{}",
        read(&["-x"])
    );
    assert!(read(&["-X"]).contains("  GET / HTTP/1.0.."));
    assert!(read(&["-b"]).starts_with("R0VUIC8gSFRUUC8xLjANCht4"));
    assert_eq!(read(&["--print-base64"]), read(&["-b"]));
}

#[test]
fn payload_styles_exclude_each_other() {
    for pair in [["-A", "-x"], ["-x", "-A"], ["-b", "-X"]] {
        assert_eq!(replay(&pair).code, Some(2), "{pair:?}");
    }
}

#[test]
fn quiet_prints_no_events() {
    assert_eq!(replay(&["-q"]).ok(), "");
}

#[test]
fn the_summary_counts_what_is_seen() {
    let ran = replay(&["-S", "-q"]);
    let rule = "----------------------\n";
    let head = format!("{rule}Event           #Calls\n{rule}");
    assert_eq!(
        ran.ok(),
        head + "> open            3\n< open            3\n> close           1\n\
                < close           1\n> read            1\n< read            1\n\
                > write           1\n< write           1\n"
    );
    let json = replay(&["-S", "-q", "-j"]);
    let value: Value = serde_json::from_str(json.ok()).unwrap();
    assert_eq!(value["summary"][0]["count"], 3);
}

#[test]
fn progress_goes_to_standard_error() {
    let ran = replay(&["-P", "-q"]);
    ran.ok();
    assert!(ran.stderr.contains("\r100.00\n"), "{ran:?}");
}

#[test]
fn statistics_go_to_standard_error() {
    for option in ["-v", "--stats"] {
        let ran = replay(&[option, "-q"]);
        ran.ok();
        assert!(ran.stderr.starts_with("Driver Events:0\nDriver Drops:0\n"));
        assert!(ran.stderr.contains("Captured Events: 12,"), "{ran:?}");
    }
}

#[test]
fn ports_get_names_on_demand() {
    let port = |args: &[&str]| {
        replay(&[args, &["-p", "%fd.sport", "evt.num=9"]].concat())
            .ok()
            .to_owned()
    };
    assert_eq!(port(&[]), "53\n");
    // The service's name comes from the machine's own list, which may be absent.
    assert!(["domain\n", "53\n"].contains(&port(&["-R"]).as_str()));
}

#[test]
fn colors_are_for_terminals_unless_demanded() {
    assert!(!replay(&["-n1"]).ok().contains('\x1b'));
    let colored = replay(&["-n1", "--color=always"]);
    assert!(
        colored
            .ok()
            .starts_with("2 22:13:20.001000000 1 \x1b[01;32mweb\x1b[00m (\x1b[01;36m200"),
        "{colored:?}"
    );
    assert_eq!(replay(&["-n1", "--color"]).stdout, colored.stdout);
    assert!(!replay(&["-n1", "--color=never"]).ok().contains('\x1b'));
}

#[test]
fn unbuffered_changes_nothing_but_when() {
    assert_eq!(replay(&["--unbuffered"]).stdout, replay(&[]).stdout);
}

#[test]
fn every_json_line_fits_the_published_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/quarry-json.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for args in [
        &["-j"][..],
        &["-j", "-X"],
        &["-j", "-pc"],
        &[
            "-j",
            "-p",
            "*%evt.arg.name %evt.rawarg.flags %fd.sport %evt.buffer %proc.aname[1] %evt.latency",
        ],
        &["-j", "-p", "*%toupper(proc.name) %evt.failed"],
    ] {
        for line in replay(args).ok().lines() {
            let value = serde_json::from_str(line).unwrap();
            if let Err(error) = validator.validate(&value) {
                panic!("{line}\n{error}");
            }
        }
    }
    for wrong in [
        serde_json::json!({"evt.num": "1"}),
        serde_json::json!({"no.such.field": 1}),
        serde_json::json!([]),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
