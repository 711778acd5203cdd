//! gRPC over a Unix socket: single calls with a deadline, and streams.

use std::path::Path;
use std::time::Duration;

use prost::Message;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{MetadataKey, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status, Streaming};
use tonic_prost::ProstCodec;

use crate::Error;
use crate::gate::Gate;

/// Largest message read; the list of a thousand containers with their specifications fits.
const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// A client for one socket.
#[derive(Debug)]
pub(crate) struct Client {
    channel: Channel,
    gate: Gate,
}

impl Client {
    /// A client that connects when it is first used. Needs the runtime's context.
    pub(crate) fn unix(path: &Path, deadline: Duration) -> Result<Client, Error> {
        let endpoint = Endpoint::from_shared(format!("unix://{}", path.display()))
            .map_err(|error| Error::Config(format!("`{}`: {error}", path.display())))?;
        Ok(Client {
            channel: endpoint.connect_timeout(deadline).connect_lazy(),
            gate: Gate::new(deadline),
        })
    }

    /// Calls a method; `None` when the server knows no such thing.
    ///
    /// `namespace` is containerd's, which it wants as metadata with every call of its own API.
    pub(crate) async fn call<Q, A>(
        &self,
        path: &str,
        question: Q,
        namespace: Option<&str>,
    ) -> Result<Option<A>, Error>
    where
        Q: Message + Send + Sync + 'static,
        A: Message + Default + Send + Sync + 'static,
    {
        let answered = self
            .gate
            .pass(async {
                let mut grpc = self.ready().await?;
                let request = request(question, namespace)?;
                let codec = ProstCodec::<Q, A>::default();
                match grpc.unary(request, method(path)?, codec).await {
                    Ok(answer) => Ok(Some(answer.into_inner())),
                    Err(status) if status.code() == Code::NotFound => Ok(None),
                    Err(status) => Err(failed(&status)),
                }
            })
            .await?;
        Ok(answered)
    }

    /// Opens a stream. Many servers answer with nothing at all before the first message, so this
    /// may take for ever and has no deadline.
    pub(crate) async fn stream<Q, A>(&self, path: &str, question: Q) -> Result<Streaming<A>, Error>
    where
        Q: Message + Send + Sync + 'static,
        A: Message + Default + Send + Sync + 'static,
    {
        let mut grpc = self.ready().await?;
        let request = request(question, None)?;
        let codec = ProstCodec::<Q, A>::default();
        let answer = grpc.server_streaming(request, method(path)?, codec).await;
        answer
            .map(tonic::Response::into_inner)
            .map_err(|status| failed(&status))
    }

    async fn ready(&self) -> Result<Grpc<Channel>, Error> {
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(MAX_MESSAGE_BYTES);
        grpc.ready()
            .await
            .map_err(|error| crate::http::connection(&error))?;
        Ok(grpc)
    }
}

/// The next message of a stream, `None` at its end.
pub(crate) async fn next<A>(stream: &mut Streaming<A>) -> Result<Option<A>, Error> {
    stream.message().await.map_err(|status| failed(&status))
}

/// Whether the server has no such method.
pub(crate) fn is_unimplemented(error: &Error) -> bool {
    matches!(error, Error::Status { status, .. } if *status == Code::Unimplemented as u16)
}

fn method(path: &str) -> Result<PathAndQuery, Error> {
    path.parse()
        .map_err(|_| Error::Config(format!("`{path}` is no method")))
}

fn request<Q>(question: Q, namespace: Option<&str>) -> Result<Request<Q>, Error> {
    let mut request = Request::new(question);
    if let Some(namespace) = namespace {
        let value = MetadataValue::try_from(namespace)
            .map_err(|_| Error::Garbage("a namespace with odd characters".to_owned()))?;
        let key = MetadataKey::from_static("containerd-namespace");
        request.metadata_mut().insert(key, value);
    }
    Ok(request)
}

fn failed(status: &Status) -> Error {
    match status.code() {
        Code::Unavailable => crate::http::connection(status),
        Code::OutOfRange | Code::ResourceExhausted => Error::TooLarge {
            limit: MAX_MESSAGE_BYTES,
        },
        code => Error::Status {
            status: code as u16,
            message: status.message().chars().take(200).collect(),
        },
    }
}
