//! The subcommands that need no privileges.

use serde_json::Value;

use crate::{Folder, quarry, replay, sample};

fn capture() -> &'static str {
    sample::capture().to_str().unwrap()
}

#[test]
fn explain_shows_the_tree_and_the_events() {
    let ran = quarry(&["explain", "evt.type=open", "and", "not", "proc.name=web"]);
    for part in ["and", "evt.type = open", "not", "proc.name = web", "open"] {
        assert!(ran.ok().contains(part), "{part}: {ran:?}");
    }
    let never = quarry(&["explain", "evt.type=open and evt.type=close"]);
    assert!(
        never.ok().contains("the filter can never hold"),
        "{never:?}"
    );
    assert_eq!(quarry(&["explain", "evt.nmu=1"]).code, Some(2));
    assert_eq!(quarry(&["explain"]).code, Some(2));
}

#[test]
fn info_tells_what_is_in_a_capture() {
    let ran = quarry(&["info", capture()]);
    for part in [
        "Machine     sample, 2 CPUs, 1024 MiB\n",
        "From        2023-11-14 22:13:20",
        "Duration    2.001 s\n",
        "Threads     3 at the beginning\n",
        "Events      13\n",
        "         6 open\n",
        "Damage      none\n",
    ] {
        assert!(ran.ok().contains(part), "{part}: {}", ran.stdout);
    }
}

#[test]
fn info_is_json_on_demand() {
    let ran = quarry(&["info", "-j", capture(), capture()]);
    let values: Vec<Value> = ran
        .ok()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(values.len(), 2);
    assert_eq!(values[0]["events"], 13);
    assert_eq!(values[0]["by_type"]["open"], 6);
    assert_eq!(values[0]["damage"], serde_json::json!([]));
}

#[test]
fn info_reports_damage() {
    let folder = Folder::new();
    let bytes = std::fs::read(sample::capture()).unwrap();
    std::fs::write(folder.path("cut.scap"), &bytes[..bytes.len() - 10]).unwrap();
    let ran = quarry(&["info", &folder.text("cut.scap")]);
    assert_eq!(ran.code, Some(4));
    assert!(ran.stdout.contains("Damage      offset 0x"), "{ran:?}");
}

#[test]
fn cut_copies_a_part_that_can_be_read_alone() {
    let folder = Folder::new();
    let out = folder.text("part.scap");
    let types = |args: &[&str]| {
        quarry(&[&["cut", capture(), &out], args].concat()).ok();
        let ran = quarry(&["-r", &out, "-p", "*%evt.dir%evt.type %fd.name"]);
        ran.ok().replace('\n', ";")
    };
    assert_eq!(
        types(&["--from", "+3ms", "--to", "+5ms"]),
        ">read /etc/passwd;<read /etc/passwd;"
    );
    assert_eq!(
        types(&["--events", "5-6"]),
        "<read /etc/passwd;>close /etc/passwd;"
    );
    assert_eq!(
        types(&["evt.type=close and evt.dir=>"]),
        ">close /etc/passwd;"
    );
}

#[test]
fn merge_puts_the_earliest_first() {
    let folder = Folder::new();
    let (late, out) = (folder.text("late.scap"), folder.text("out.scap"));
    quarry(&["cut", capture(), &late, "--from", "+2s", "evt.num>0"]).ok();
    quarry(&["merge", "-w", &out, &late, capture()]).ok();
    let ran = quarry(&["-r", &out]);
    assert_eq!(ran.lines().len(), sample::SHOWN + 2);
    let first = replay(&["-n1"]);
    assert_eq!(ran.lines()[0], first.lines()[0]);
    assert!(quarry(&["info", &out]).ok().contains("Sections    2\n"));
}

#[test]
fn merge_refuses_to_overwrite_its_input() {
    let folder = Folder::new();
    sample::write(&folder.path("a.scap"));
    let a = folder.text("a.scap");
    assert_eq!(quarry(&["merge", "-w", &a, &a, capture()]).code, Some(2));
}

#[test]
fn run_refuses_a_capture() {
    let ran = quarry(&["run", "-r", capture(), "--", "true"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(quarry(&["run"]).code, Some(2));
}
