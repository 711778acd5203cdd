//! Options that select events.

use crate::{Folder, Ran, quarry, replay, sample};

fn numbers(ran: &Ran) -> Vec<u64> {
    ran.lines()
        .iter()
        .filter_map(|line| line.split(' ').next()?.parse().ok())
        .collect()
}

#[test]
fn default_lines_show_everything_but_bookkeeping() {
    let ran = replay(&[]);
    ran.ok();
    assert_eq!(numbers(&ran), (2..=13).collect::<Vec<u64>>());
    assert_eq!(
        ran.lines()[1],
        "3 22:13:20.002000000 0 web (200) < open fd=3(<f>/etc/passwd) name=/etc/passwd \
         flags=1(O_RDONLY) mode=0 dev=0 ino=0 "
    );
}

#[test]
fn host_names_in_a_filter_are_looked_up() {
    let by_address = replay(&["fd.sip=10.0.0.2 or fd.cip=10.0.0.2"]);
    by_address.ok();
    assert!(!by_address.lines().is_empty());
    // An address is its own name, which needs no name server.
    let by_name = replay(&["fd.sip.name=10.0.0.2 or fd.cip.name=10.0.0.2"]);
    by_name.ok();
    assert_eq!(by_name.stdout, by_address.stdout);
    let unknown = replay(&["fd.sip.name=no-such-host.invalid"]);
    unknown.ok();
    assert_eq!(unknown.stdout, "");
    assert!(
        unknown.stderr.contains("host name `no-such-host.invalid`"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn filter_words_and_options_may_be_mixed() {
    let capture = sample::capture().to_str().unwrap();
    let ran = quarry(&[
        "evt.type=open",
        "-r",
        capture,
        "and",
        "-n",
        "1",
        "evt.dir=<",
    ]);
    ran.ok();
    assert_eq!(numbers(&ran), [3]);
}

#[test]
fn options_may_be_bundled_and_arguments_glued() {
    let capture = sample::capture().to_str().unwrap();
    let ran = quarry(&["-Sqr", capture, "-n5"]);
    assert!(ran.ok().contains("> read            1"), "{ran:?}");
}

#[test]
fn long_options_may_be_abbreviated() {
    assert_eq!(replay(&["--numev", "2"]).lines().len(), 2);
    assert_eq!(replay(&["--numevents=2"]).lines().len(), 2);
}

#[test]
fn a_double_dash_ends_the_options() {
    let ran = replay(&["-n", "1", "--", "evt.num=5"]);
    assert_eq!(numbers(&ran), [5]);
}

#[test]
fn negative_numbers_are_filter_words() {
    let ran = replay(&["evt.rawres", "<", "-1"]);
    assert_eq!(numbers(&ran), [11, 13]);
}

#[test]
fn numevents_counts_what_is_seen() {
    assert_eq!(numbers(&replay(&["-n", "2"])), [2, 3]);
    assert_eq!(replay(&["-n", "-1"]).lines().len(), sample::SHOWN);
}

#[test]
fn event_seconds_count_from_the_first_event() {
    assert_eq!(numbers(&replay(&["-M", "2"])).last(), Some(&11));
    assert_eq!(numbers(&replay(&["--duration", "5ms"])), [2, 3, 4, 5]);
}

#[test]
fn time_ranges_are_absolute_or_relative() {
    for (args, expected) in [
        (["--from", "+2s"], &[12, 13][..]),
        (["--from", "1700000002"], &[12, 13]),
        (["--from", "2023-11-14T22:13:22Z"], &[12, 13]),
        (["--from", "2023-11-14 22:13:22"], &[12, 13]),
        (["--from", "22:13:22"], &[12, 13]),
        (["--from", "-1ms"], &[12, 13]),
        (["--to", "+3ms"], &[2, 3]),
        (["--to", "1700000000.003"], &[2, 3]),
    ] {
        assert_eq!(numbers(&replay(&args)), expected, "{args:?}");
    }
}

#[test]
fn events_before_the_range_still_count_for_the_state() {
    let ran = replay(&["--from", "+3ms", "-n1", "-p", "%fd.name"]);
    assert_eq!(ran.ok(), "/etc/passwd\n");
}

#[test]
fn processes_are_followed_to_their_children() {
    assert_eq!(replay(&["--pid", "100"]).lines().len(), 8, "web is bash's");
    assert_eq!(replay(&["--pid", "300"]).lines().len(), 4);
    assert_eq!(replay(&["--pid", "100,300"]).lines().len(), 12);
    assert_eq!(replay(&["--pid=200", "--pid=300"]).lines().len(), 12);
}

#[test]
fn internal_events_are_shown_on_demand() {
    assert_eq!(numbers(&replay(&["-D"]))[0], 1);
    assert_eq!(numbers(&replay(&["--debug", "evt.num=9"])), [1, 9]);
}

#[test]
fn a_filter_may_come_from_a_file() {
    let folder = Folder::new();
    std::fs::write(
        folder.path("f"),
        "# opens\nevt.type=open # of any kind\n  and evt.dir=<\n",
    )
    .unwrap();
    let file = folder.text("f");
    assert_eq!(numbers(&replay(&["--filter-file", &file])), [3, 11, 13]);
    let both = replay(&["--filter-file", &file, "proc.name=web", "or", "evt.num=11"]);
    assert_eq!(numbers(&both), [3, 11]);
}

#[test]
fn several_files_are_read_one_after_another() {
    let capture = sample::capture().to_str().unwrap();
    let ran = quarry(&["-r", capture, "-r", capture]);
    ran.ok();
    assert_eq!(numbers(&ran).last(), Some(&26));
}

#[test]
fn standard_input_can_be_read() {
    use std::process::Stdio;
    let input = std::fs::File::open(sample::capture()).unwrap();
    let output = crate::command(&["-r", "-", "-n", "1"])
        .stdin(Stdio::from(input))
        .output()
        .unwrap();
    assert_eq!(numbers(&crate::finished(output)), [2]);
}

#[test]
fn users_can_be_left_out() {
    let names = |args: &[&str]| replay(&[args, &["-p", "*%user.name", "-n1"]].concat()).stdout;
    assert_eq!(names(&[]), "www\n");
    assert_eq!(names(&["-E"]), "<NA>\n");
}

#[test]
fn options_without_effect_on_a_replay_say_so() {
    for args in [
        &["-s", "200"][..],
        &["--page-faults"],
        &["--context-switches"],
        &["-U", "x"],
        &["--buffer", "16"],
    ] {
        let ran = replay(&[args, &["-n1"]].concat());
        ran.ok();
        assert!(ran.stderr.contains("has no effect with -r"), "{ran:?}");
    }
    replay(&["--large-environment", "-n1"]).ok();
}
