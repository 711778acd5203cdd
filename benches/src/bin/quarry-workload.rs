//! Makes a known number of system calls and says how many and how long it took.
//!
//! `quarry-workload getppid|read-write|open-close COUNT` prints `CALLS NANOSECONDS`.

use anyhow::{Context as _, bail};
use benches::workload::Workload;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, count] = arguments.as_slice() else {
        bail!("expected `getppid`, `read-write` or `open-close`, and a number of calls");
    };
    let workload =
        Workload::of_name(name).with_context(|| format!("there is no workload `{name}`"))?;
    let count = count
        .parse()
        .with_context(|| format!("`{count}` is not a number of calls"))?;
    let (calls, elapsed) = workload.run(count)?;
    println!("{calls} {}", elapsed.as_nanos());
    Ok(())
}
