//! Compiles the BPF programs, once per flavour.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use libbpf_cargo::SkeletonBuilder;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    println!("cargo::rerun-if-changed=bpf");
    println!("cargo::rerun-if-changed=include");

    let mut programs = Vec::new();
    collect(&root.join("bpf/programs"), &mut programs).expect("bpf/programs is readable");
    programs.sort();
    let list: String = programs
        .iter()
        .map(|path| format!("#include \"{}\"\n", path.display()))
        .collect();
    fs::write(out.join("programs.h"), list).expect("OUT_DIR is writable");

    for (object, flavour) in [
        ("probe.bpf.o", None),
        ("probe_raw.bpf.o", Some("-DRAW_TRACEPOINTS")),
    ] {
        let mut args = vec![
            "-I".to_owned(),
            root.join("include").display().to_string(),
            "-I".to_owned(),
            root.join("bpf").display().to_string(),
            "-I".to_owned(),
            out.display().to_string(),
            // v2 has the comparisons that CLAMP uses; v3's 32-bit registers cost older verifiers
            // the bounds of lengths.
            "-mcpu=v2".to_owned(),
            "-Wall".to_owned(),
            "-Wextra".to_owned(),
            "-Werror".to_owned(),
            "-Wno-unused-parameter".to_owned(),
            "-Wno-missing-declarations".to_owned(),
        ];
        args.extend(flavour.map(str::to_owned));
        SkeletonBuilder::new()
            .source(root.join("bpf/probe.bpf.c"))
            .obj(out.join(object))
            .clang_args(args)
            .build()
            .unwrap_or_else(|error| panic!("cannot compile the BPF programs: {error:#}"));
    }
}

/// All C files below `dir`.
fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "c") {
            files.push(path);
        }
    }
    Ok(())
}
