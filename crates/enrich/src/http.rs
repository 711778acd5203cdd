//! HTTP/1.1 to a local socket or a URL, with limits on time, size and number of requests.
//!
//! Redirects are answers here, not followed: whoever asks decides where credentials may go.

use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use reqwest::Client;
use serde_json::Value;

use crate::Error;
use crate::gate::Gate;

/// Largest answer read. The list of a thousand containers takes about three megabytes.
pub const MAX_BODY_BYTES: usize = 16 << 20;
/// Largest single line of an event stream.
const MAX_LINE_BYTES: usize = 4 << 20;

/// A client for one server.
#[derive(Debug)]
pub struct Http {
    client: Client,
    /// URL without a slash at the end.
    base: String,
    authorization: Option<Authorization>,
    gate: Gate,
    deadline: Duration,
    max_body_bytes: usize,
}

/// How requests prove who we are. Shown in no log: `Debug` hides the contents.
pub enum Authorization {
    /// The same header each time.
    Header(String),
    /// A bearer token in a file that is renewed from outside; read for each request.
    TokenFile(std::path::PathBuf),
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Location` header, for redirects.
    pub location: Option<String>,
    /// Body, at most the client's limit.
    pub body: Vec<u8>,
}

impl Http {
    /// A client for the server behind a Unix socket.
    pub fn unix(path: &Path, deadline: Duration) -> Result<Http, Error> {
        // No certificates are needed here, and loading the system's takes a while.
        let builder = builder().tls_certs_only([]).unix_socket(path);
        Http::build(builder, "http://localhost", deadline)
    }

    /// A client for a URL such as `http://10.0.0.1:5050`; user and password in it become an
    /// `Authorization` header.
    pub fn url(url: &str, deadline: Duration) -> Result<Http, Error> {
        let plain = url.starts_with("http://");
        let builder = if plain {
            builder().tls_certs_only([])
        } else {
            builder()
        };
        Http::with(builder, url, deadline)
    }

    /// Like [`Http::url`], with a builder that knows certificates (from [`builder`]).
    pub fn with(
        builder: reqwest::ClientBuilder,
        url: &str,
        deadline: Duration,
    ) -> Result<Http, Error> {
        let url = url.trim_end_matches('/');
        let (scheme, rest) = url
            .split_once("://")
            .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
            .ok_or_else(|| Error::Config("a URL begins with http:// or https://".to_owned()))?;
        let host_end = rest.find('/').unwrap_or(rest.len());
        let (user, host) = match rest[..host_end].rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, &rest[..host_end]),
        };
        if host.is_empty() {
            return Err(Error::Config("the URL has no host".to_owned()));
        }
        let base = format!("{scheme}://{host}{}", &rest[host_end..]);
        let mut http = Http::build(builder, &base, deadline)?;
        if let Some(user) = user {
            if !user.contains(':') {
                return Err(Error::Config(
                    "user information in the URL must be `USER:PASSWORD`".to_owned(),
                ));
            }
            http.authorization = Some(Authorization::basic(user));
        }
        Ok(http)
    }

    fn build(
        builder: reqwest::ClientBuilder,
        base: &str,
        deadline: Duration,
    ) -> Result<Http, Error> {
        Ok(Http {
            client: builder
                .build()
                .map_err(|error| Error::Config(chain(&error)))?,
            base: base.to_owned(),
            authorization: None,
            gate: Gate::new(deadline),
            deadline,
            max_body_bytes: MAX_BODY_BYTES,
        })
    }

    /// Sends this with every request.
    pub fn authorize(mut self, authorization: Authorization) -> Http {
        self.authorization = Some(authorization);
        self
    }

    /// Reads at most this many bytes of an answer.
    pub fn max_body_bytes(mut self, bytes: usize) -> Http {
        self.max_body_bytes = bytes;
        self
    }

    /// The server's URL, without credentials.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Gets a path, whatever the status.
    pub async fn get(&self, path: &str) -> Result<Reply, Error> {
        self.gate
            .pass(async {
                let mut response = self.send(path).await?;
                let status = response.status().as_u16();
                let location = response
                    .headers()
                    .get("location")
                    .and_then(|value| value.to_str().ok())
                    .map(str::to_owned);
                let mut body = Vec::new();
                while let Some(chunk) = response.chunk().await.map_err(failed)? {
                    if body.len() + chunk.len() > self.max_body_bytes {
                        return Err(Error::TooLarge {
                            limit: self.max_body_bytes,
                        });
                    }
                    body.extend_from_slice(&chunk);
                }
                Ok(Reply {
                    status,
                    location,
                    body,
                })
            })
            .await
    }

    /// Gets JSON; `None` for 404.
    pub async fn json(&self, path: &str) -> Result<Option<Value>, Error> {
        self.typed(path).await
    }

    /// Gets JSON of a known shape; `None` for 404.
    pub async fn typed<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
    ) -> Result<Option<T>, Error> {
        let reply = self.get(path).await?;
        match reply.status {
            200 => serde_json::from_slice(&reply.body)
                .map(Some)
                .map_err(|error| Error::Garbage(error.to_string())),
            404 => Ok(None),
            status => Err(Error::status(status, &reply.body)),
        }
    }

    /// Opens an answer that does not end: only its beginning has a deadline.
    pub async fn lines(&self, path: &str) -> Result<Lines, Error> {
        let response = tokio::time::timeout(self.deadline, self.send(path))
            .await
            .map_err(|_| Error::Timeout(self.deadline))??;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            return Err(Error::status(status, b""));
        }
        Ok(Lines {
            response,
            buffer: Vec::new(),
            searched: 0,
        })
    }

    async fn send(&self, path: &str) -> Result<reqwest::Response, Error> {
        let mut request = self.client.get(format!("{}{path}", self.base));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization.value()?);
        }
        request.send().await.map_err(failed)
    }
}

/// A builder with the settings all our clients share: no proxy, no redirects.
pub fn builder() -> reqwest::ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // An error means that the program has chosen another provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(8)
}

impl Authorization {
    /// HTTP Basic from `USER:PASSWORD`, as it stands in a URL (percent signs decoded).
    fn basic(user: &str) -> Authorization {
        Authorization::Header(format!("Basic {}", base64(&percent_decode(user))))
    }

    fn value(&self) -> Result<String, Error> {
        match self {
            Authorization::Header(value) => Ok(value.clone()),
            Authorization::TokenFile(path) => std::fs::read_to_string(path)
                .map(|token| format!("Bearer {}", token.trim()))
                .map_err(|error| {
                    Error::Config(format!(
                        "cannot read token file `{}`: {error}",
                        path.display()
                    ))
                }),
        }
    }
}

impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authorization(hidden)")
    }
}

/// The lines of an endless answer.
#[derive(Debug)]
pub struct Lines {
    response: reqwest::Response,
    buffer: Vec<u8>,
    /// No line end before this position.
    searched: usize,
}

impl Lines {
    /// The next line without its end, or `None` when the server closed.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            if let Some(at) = self.buffer[self.searched..]
                .iter()
                .position(|&b| b == b'\n')
            {
                let mut line: Vec<u8> = self.buffer.drain(..=self.searched + at).collect();
                line.pop();
                self.searched = 0;
                return Ok(Some(line));
            }
            self.searched = self.buffer.len();
            if self.buffer.len() > MAX_LINE_BYTES {
                return Err(Error::TooLarge {
                    limit: MAX_LINE_BYTES,
                });
            }
            match self.response.chunk().await.map_err(failed)? {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None => return Ok(None),
            }
        }
    }
}

fn failed(error: reqwest::Error) -> Error {
    // The URL may hold ids but never credentials: those were taken out in `with`.
    let error = error.without_url();
    if error.is_connect() {
        connection(&error)
    } else {
        Error::Garbage(chain(&error))
    }
}

/// Why there is no connection.
pub(crate) fn connection(error: &(dyn std::error::Error + 'static)) -> Error {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return Error::Absent;
        }
        cause = error.source();
    }
    Error::Connect(chain(error))
}

/// The innermost cause, which is the one that says something.
fn chain(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let byte = tail
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    out
}

/// Percent-encodes everything but letters, digits and `-_.~`, for a query or a path element.
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_url_and_stay_hidden() {
        let http = Http::url("http://me:s%40cret@host:5050/", Duration::from_secs(1)).unwrap();
        assert_eq!(http.base(), "http://host:5050");
        let shown = format!("{http:?}");
        assert!(!shown.contains("cret") && !shown.contains("bWU6"));
        let value = http.authorization.unwrap().value().unwrap();
        assert_eq!(value, "Basic bWU6c0BjcmV0");
    }

    #[test]
    fn urls_that_cannot_work_are_refused() {
        for url in ["", "host:80", "ftp://host", "http://", "http://user@host"] {
            assert!(Http::url(url, Duration::from_secs(1)).is_err(), "{url}");
        }
    }

    #[test]
    fn queries_are_percent_encoded() {
        assert_eq!(percent_encode("{\"a\":[1]}~"), "%7B%22a%22%3A%5B1%5D%7D~");
        assert_eq!(percent_decode("a%2fb%zz%"), b"a/b%zz%");
    }
}
