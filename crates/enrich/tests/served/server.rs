//! A small HTTP server on a Unix or TCP socket, one thread per connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;

/// What is answered to one request.
pub(crate) enum Reply {
    /// Status and body.
    Body(u16, String),
    /// Lines as they come, until the sender is dropped.
    Lines(Receiver<String>),
    /// The beginning of an answer whose first line never comes.
    Quiet,
    /// Nothing, ever.
    Silence,
    /// Bytes that are no HTTP.
    Garbage,
    /// A body of so many bytes that begins like JSON.
    Huge(u64),
}

/// A body with status 200.
pub(crate) fn ok(body: impl Into<String>) -> Reply {
    Reply::Body(200, body.into())
}

/// Counts of what the server did.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) requests: AtomicU64,
    pub(crate) body_bytes: AtomicU64,
}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

/// A request as far as tests look at it.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) authorization: String,
}

/// Serves a Unix socket for as long as the test program runs.
pub(crate) fn unix(
    path: &Path,
    handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Arc<Counts> {
    let listener = UnixListener::bind(path).expect("a socket");
    let counts = Arc::new(Counts::default());
    let (served, handler) = (Arc::clone(&counts), Arc::new(handler));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (served, handler) = (Arc::clone(&served), Arc::clone(&handler));
            let reader = stream.try_clone().expect("a second handle");
            std::thread::spawn(move || serve(reader, stream, &served, &*handler));
        }
    });
    counts
}

/// Serves a TCP socket; its URL.
pub(crate) fn tcp(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let handler = Arc::new(handler);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let handler = Arc::clone(&handler);
            let reader = stream.try_clone().expect("a second handle");
            std::thread::spawn(move || serve(reader, stream, &Counts::default(), &*handler));
        }
    });
    url
}

fn serve(reader: impl Read, mut writer: impl Write, counts: &Counts, handler: &Handler) {
    let mut reader = BufReader::new(reader);
    while let Some(request) = read_request(&mut reader) {
        counts.requests.fetch_add(1, Ordering::Relaxed);
        // A client that goes away in the middle is what some tests are about.
        if write_reply(&mut writer, counts, handler(&request)).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|&n| n > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut authorization = String::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|&n| n > 0)?;
        let header = header.trim_end();
        if header.is_empty() {
            return Some(Request {
                path,
                authorization,
            });
        }
        if let Some((name, value)) = header.split_once(": ")
            && name.eq_ignore_ascii_case("authorization")
        {
            value.clone_into(&mut authorization);
        }
    }
}

fn write_reply(writer: &mut impl Write, counts: &Counts, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Body(status, body) => {
            write!(
                writer,
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        }
        Reply::Lines(lines) => {
            write!(
                writer,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            )?;
            for line in lines {
                write!(writer, "{:x}\r\n{line}\n\r\n", line.len() + 1)?;
                writer.flush()?;
            }
            write!(writer, "0\r\n\r\n")
        }
        Reply::Quiet => {
            write!(
                writer,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            )?;
            writer.flush()?;
            loop {
                std::thread::park();
            }
        }
        Reply::Silence => loop {
            std::thread::park();
        },
        Reply::Garbage => {
            writer.write_all(b"\x00\xff!\r\n\r\n")?;
            Err(std::io::ErrorKind::ConnectionAborted.into())
        }
        Reply::Huge(bytes) => {
            write!(
                writer,
                "HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n[\""
            )?;
            let part = [b'x'; 65_536];
            let mut left = bytes;
            while left > 0 {
                let n = left.min(part.len() as u64);
                writer.write_all(&part[..n as usize])?;
                counts.body_bytes.fetch_add(n, Ordering::Relaxed);
                left -= n;
            }
            Ok(())
        }
    }
}
