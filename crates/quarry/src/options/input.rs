//! Options that say where events come from.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Source of events")]
pub(crate) struct Input {
    /// Replay a capture instead of watching this machine.
    ///
    /// May be given several times: files are read one after another. `-` is standard input. Plain,
    /// gzip and zstd files are told apart by content.
    #[arg(short = 'r', long = "readfile", value_name = "FILE", action = super::APPEND)]
    pub(crate) read: Vec<PathBuf>,
    /// Keep this many bytes of each payload.
    ///
    /// 0 keeps none. Only for live captures: a file holds what was kept when it was recorded.
    #[arg(short = 's', long, value_name = "BYTES", default_value = "80",
          hide_default_value = false, value_parser = clap::value_parser!(u32).range(0..=65_000))]
    pub(crate) snaplen: u32,
    /// Record page faults too. Live only.
    #[arg(long)]
    pub(crate) page_faults: bool,
    /// Record context switches too. Live only; also on by itself when the filter asks for them.
    #[arg(long)]
    pub(crate) context_switches: bool,
    /// Drop everything that processes with this command name do, in the kernel. Up to 32 names.
    #[arg(short = 'U', long, value_name = "NAME", action = super::APPEND)]
    pub(crate) suppress_comm: Vec<String>,
    /// Do not look up users and groups.
    #[arg(short = 'E', long)]
    pub(crate) exclude_users: bool,
    /// Read environments of any size, not only their first 4096 bytes.
    #[arg(long)]
    pub(crate) large_environment: bool,
    /// Size of the ring buffer of each CPU, in MiB. Live only.
    #[arg(long, value_name = "MIB", default_value = "8",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) buffer: u32,
}
