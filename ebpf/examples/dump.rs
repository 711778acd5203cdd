//! Prints raw events as they come: `cargo run -p ebpf --example dump [SECONDS [TID]]`.

use std::time::{Duration, Instant};

use ebpf::{Probe, ProbeConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let seconds = args.next().map_or(Ok(2), |text| text.parse())?;
    let tid: Option<i64> = args.next().map(|text| text.parse()).transpose()?;
    let started = Instant::now();
    let all = std::env::var_os("ALL").is_some();
    let config = ProbeConfig {
        page_faults: all,
        switches: all,
        ..ProbeConfig::default()
    };
    let mut probe = Probe::load(&config)?;
    eprintln!("loaded in {:?}", started.elapsed());
    let until = Instant::now() + Duration::from_secs(seconds);
    loop {
        if Instant::now() >= until {
            probe.stop()?;
        }
        let stopped = Instant::now() >= until;
        let Some(event) = probe.next(Duration::from_millis(100))? else {
            if stopped {
                break;
            }
            continue;
        };
        if tid.is_some_and(|tid| tid != event.tid) {
            continue;
        }
        let name = event.info().map_or("?", |info| info.symbol);
        print!("{} {} {} {name}", event.timestamp_ns, event.cpu, event.tid);
        for (index, bytes) in event.params().enumerate() {
            let label = event
                .info()
                .and_then(|info| info.params.get(index))
                .map_or("?", |param| param.name);
            match bytes.try_into().map(i64::from_le_bytes) {
                Ok(number) => print!(" {label}={number}"),
                Err(_) => print!(" {label}={}", bytes.escape_ascii()),
            }
        }
        println!();
    }
    eprintln!("{:#?}", probe.stats().total());
    Ok(())
}
