//! Names and types of system call arguments, from the running kernel's own description of them.
//!
//! Only calls without events of their own need them: their generic events carry the result and
//! the arguments behind the two parameters that every reader knows.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::model::{ArgumentRow, Data};

/// Calls that the kernel describes under another name, or not at all: from the man pages and
/// include/linux/syscalls.h of Linux 6.18.
const BY_HAND: &[(&str, &[&str])] = &[
    ("uname", &["buf UINT64 HEX"]),
    ("set_thread_area", &["u_info UINT64 HEX"]),
    ("get_thread_area", &["u_info UINT64 HEX"]),
    (
        "kexec_load",
        &[
            "entry UINT64 HEX",
            "nr_segments UINT64 DEC",
            "segments UINT64 HEX",
            "flags UINT64 HEX",
        ],
    ),
    (
        "kexec_file_load",
        &[
            "kernel_fd FD DEC",
            "initrd_fd FD DEC",
            "cmdline_len UINT64 DEC",
            "cmdline CHARBUF NA",
            "flags UINT64 HEX",
        ],
    ),
    (
        "lookup_dcookie",
        &["cookie UINT64 DEC", "buf UINT64 HEX", "len UINT64 DEC"],
    ),
    (
        "map_shadow_stack",
        &["addr UINT64 HEX", "size UINT64 DEC", "flags UINT32 HEX"],
    ),
    (
        "listns",
        &[
            "req UINT64 HEX",
            "ns_ids UINT64 HEX",
            "nr_ns_ids UINT64 DEC",
            "flags UINT32 HEX",
        ],
    ),
];

/// Arguments that hold paths; other text is text.
const PATHS: &[&str] = &[
    "filename",
    "pathname",
    "path",
    "from_pathname",
    "to_pathname",
    "new_root",
    "put_old",
    "specialfile",
    "library",
];
/// `const char *` that is data and not text.
const DATA: &[&str] = &["u_msg_ptr", "buf", "ubuf"];
/// Integers that are descriptors.
const DESCRIPTORS: &[&str] = &[
    "fd",
    "dfd",
    "epfd",
    "pidfd",
    "ufd",
    "fdin",
    "fdout",
    "group_fd",
    "fs_fd",
    "fanotify_fd",
    "from_dfd",
    "to_dfd",
    "mqdes",
    "ruleset_fd",
];

/// Reads the description of every call that has only the generic event.
pub(crate) fn import(tracefs: &Path, data: &Data) -> Result<Vec<ArgumentRow>> {
    let mut rows = Vec::new();
    for call in &data.syscalls.codes {
        if call.event != Some((0, 1)) {
            continue;
        }
        let format = tracefs.join(format!("events/syscalls/sys_enter_{}/format", call.name));
        let by_hand = BY_HAND.iter().find(|(name, _)| *name == call.name);
        let args = match (by_hand, std::fs::read_to_string(format)) {
            (Some((_, args)), _) => args.iter().map(|arg| (*arg).to_owned()).collect(),
            (None, Ok(text)) => text.lines().filter_map(argument).collect(),
            // Of another architecture.
            (None, Err(_)) => continue,
        };
        rows.push(ArgumentRow {
            call: call.name.clone(),
            args,
        });
    }
    Ok(rows)
}

/// Where the kernel's descriptions are mounted.
pub(crate) fn tracefs() -> Result<PathBuf> {
    ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.join("events/syscalls").is_dir())
        .context("no tracefs: mount -t tracefs nodev /sys/kernel/tracing, as root")
}

/// `field:const char * filename; offset:16; size:8; signed:0;` to a parameter.
fn argument(line: &str) -> Option<String> {
    let declaration = line.trim().strip_prefix("field:")?.split(';').next()?;
    let (ty, name) = declaration.rsplit_once(' ')?;
    if name.starts_with("common_") || name.starts_with("__syscall") {
        return None;
    }
    // Arrays are what newer kernels add about the memory that pointers lead to.
    if ty.contains("__data_loc") || name.contains('[') {
        return None;
    }
    // One name for one thing, so that it is found by that name.
    let name = match name.trim_start_matches('_') {
        "flag" => "flags",
        name => name,
    };
    Some(format!("{name} {}", kind(ty.trim(), name)))
}

fn kind(ty: &str, name: &str) -> &'static str {
    let base = ty
        .trim_start_matches("const ")
        .trim_end_matches("const")
        .trim();
    let flags = name.ends_with("flags") || name.ends_with("flg") || matches!(name, "mask" | "prot");
    match base {
        "char *" if PATHS.contains(&name) => "FSPATH NA",
        "char *" if ty.starts_with("const") && !DATA.contains(&name) => "CHARBUF NA",
        pointer if pointer.ends_with('*') => "UINT64 HEX",
        "mqd_t" => "FD DEC",
        "int" | "unsigned int" | "u32" | "__s32" if DESCRIPTORS.contains(&name) => "FD DEC",
        "pid_t" => "PID DEC",
        "uid_t" => "UID DEC",
        "gid_t" => "GID DEC",
        "umode_t" => "MODE OCT",
        "int" if name == "sig" => "INT32 DEC",
        "int" | "unsigned int" | "unsigned" | "u32" | "__u32" if flags => "UINT32 HEX",
        "int" | "__s32" | "key_t" | "key_serial_t" | "clockid_t" | "timer_t" => "INT32 DEC",
        "unsigned int" | "unsigned" | "u32" | "__u32" | "qid_t" | "rwf_t" => "UINT32 DEC",
        enumeration if enumeration.starts_with("enum ") => "UINT32 DEC",
        "long" | "loff_t" | "off_t" => "INT64 DEC",
        "size_t" => "UINT64 DEC",
        _ if flags || matches!(name, "addr" | "start" | "arg") => "UINT64 HEX",
        "unsigned long" | "u64" | "__u64" => "UINT64 DEC",
        _ => "UINT64 HEX",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_become_parameters() {
        let check = |declaration: &str, expected: Option<&str>| {
            let line = format!("\tfield:{declaration};\toffset:16;\tsize:8;\tsigned:0;");
            assert_eq!(argument(&line).as_deref(), expected, "{declaration}");
        };
        check("int epfd", Some("epfd FD DEC"));
        check("const char * pathname", Some("pathname FSPATH NA"));
        check("const char * _type", Some("type CHARBUF NA"));
        check("struct epoll_event * event", Some("event UINT64 HEX"));
        check("const clockid_t which_clock", Some("which_clock INT32 DEC"));
        check("unsigned int at_flags", Some("at_flags UINT32 HEX"));
        check("unsigned long start", Some("start UINT64 HEX"));
        check("int common_pid", None);
        check("int __syscall_nr", None);
    }
}
