//! Why a look-up gave nothing.

use std::time::Duration;

/// What can go wrong between us and an engine. Never holds credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody listens, or we may not connect.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The socket is there, and nobody listens.
    #[error("nobody listens")]
    Absent,
    /// No answer in time.
    #[error("no answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// Several requests in a row ran out of time; this one was not sent.
    #[error("still hanging, not asked again yet")]
    Hanging,
    /// More bytes than an honest answer has.
    #[error("answer larger than {limit} bytes")]
    TooLarge {
        /// The limit that was passed.
        limit: usize,
    },
    /// The engine answered with an error.
    #[error("status {status}: {message}")]
    Status {
        /// HTTP status, or gRPC code.
        status: u16,
        /// Beginning of the engine's own words.
        message: String,
    },
    /// The answer is not what the API promises.
    #[error("unreadable answer: {0}")]
    Garbage(String),
    /// The configuration cannot work.
    #[error("{0}")]
    Config(String),
}

impl Error {
    /// Whether asking again soon may help.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Error::Timeout(_))
    }

    /// The first characters of an engine's message, for one line of text.
    pub(crate) fn status(status: u16, body: &[u8]) -> Error {
        let text = String::from_utf8_lossy(&body[..body.len().min(400)]);
        let message = serde_json::from_slice::<serde_json::Value>(body)
            .ok()
            .and_then(|value| Some(value.get("message")?.as_str()?.to_owned()))
            .unwrap_or_else(|| text.trim().to_owned());
        Error::Status {
            status,
            message: message.chars().take(200).collect(),
        }
    }
}
