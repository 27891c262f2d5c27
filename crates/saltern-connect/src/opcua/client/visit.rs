//! A session and what drives it; whoever drops it says goodbye to the server.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use opcua_client::SessionPollResult;
use opcua_types::StatusCode;
use tokio::time::timeout;

use super::{Door, Open};
use crate::error::ConnectError;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

type Events = Pin<Box<dyn Stream<Item = Result<SessionPollResult, StatusCode>> + Send>>;

/// A session at work. Nothing of it goes on unless its events are polled.
pub(super) struct Visit {
    pub(super) session: Open,
    events: Option<Events>,
    /// Whether the server knows of the session.
    entered: bool,
}

impl Visit {
    pub(super) fn new(
        session: Open,
        events: impl Stream<Item = Result<SessionPollResult, StatusCode>> + Send + 'static,
    ) -> Visit {
        Visit {
            session,
            events: Some(Box::pin(events)),
            entered: false,
        }
    }

    /// Does the work as long as the session is open.
    pub(super) async fn while_open(
        &mut self,
        door: &Door,
        work: impl Future<Output = Result<Infallible, ConnectError>>,
    ) -> Result<Infallible, ConnectError> {
        let Some(events) = &mut self.events else {
            return Err(ConnectError::Stopped);
        };
        tokio::pin!(work);
        loop {
            tokio::select! {
                event = events.next() => match event {
                    Some(Ok(SessionPollResult::Reconnected(_))) => self.entered = true,
                    Some(Ok(SessionPollResult::ConnectionLost(status))) => {
                        self.events = None;
                        return Err(door.lost(status));
                    }
                    Some(Ok(SessionPollResult::ReconnectFailed(status)) | Err(status)) => {
                        self.events = None;
                        return Err(door.refused(status));
                    }
                    Some(Ok(_)) => {}
                    None => {
                        self.events = None;
                        return Err(door.lost(StatusCode::BadConnectionClosed));
                    }
                },
                ended = &mut work => return ended,
            }
        }
    }
}

impl Drop for Visit {
    /// Closes the session behind our back: a server has few of them. One that does not answer is left to forget it.
    fn drop(&mut self) {
        let Some(mut events) = self.events.take().filter(|_| self.entered) else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let session = self.session.clone();
        runtime.spawn(async move {
            let polled = async { while let Some(Ok(_)) = events.next().await {} };
            let goodbye = async {
                // The server may have forgotten us already.
                let _ = session.disconnect().await;
            };
            let both = async {
                tokio::select! {
                    () = polled => {}
                    () = goodbye => {}
                }
            };
            let _ = timeout(GOODBYE, both).await;
        });
    }
}
